// Runs the lessons about derivatives and programs at reduced size and checks what they claim.
import { machineryClaims } from "../support/lesson-claims/machinery.js";
import { checkLessons } from "../support/lessons.js";

checkLessons("lessons about derivatives and programs", machineryClaims);
