/** The library as built, and the number of threads that the task asks for. */
import * as inkgrad from "../../packages/inkgrad/dist/index.js";
import { absent, task } from "../harness/child.mjs";

inkgrad.setThreads(task.threads ?? 1);
if (task.wide && !inkgrad.setWideVectors(true)) absent("there are no wide vectors here");
if (task.deterministic) inkgrad.setDeterministic(true);

/** How many threads there are in fact. */
export const threads = task.threads ?? 1;

export const { compile } = inkgrad;
