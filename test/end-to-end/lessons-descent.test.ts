// Runs the lessons about likelihood and descent at reduced size and checks what they claim.
import { descentClaims } from "../support/lesson-claims/descent.js";
import { checkLessons } from "../support/lessons.js";

checkLessons("lessons about likelihood and descent", descentClaims);
