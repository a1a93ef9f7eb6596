// Runs the lessons about models and decisions at reduced size and checks what they claim.
import { decisionClaims } from "../support/lesson-claims/decisions.js";
import { checkLessons } from "../support/lessons.js";

checkLessons("lessons about models and decisions", decisionClaims);
