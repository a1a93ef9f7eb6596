// Runs the lessons about losses and networks at reduced size and checks what they claim.
import { networkClaims } from "../support/lesson-claims/networks.js";
import { checkLessons } from "../support/lessons.js";

checkLessons("lessons about losses and networks", networkClaims);
