/** The library as built, and the number of threads that the task asks for. */
import * as inkgrad from "../../packages/inkgrad/dist/index.js";
import { task } from "../harness/child.mjs";

// A build without `compile` or `setThreads` can be measured too.
await inkgrad.setThreads?.(task.threads ?? 1);

/** How many threads there are in fact. */
export const threads = inkgrad.setThreads ? (task.threads ?? 1) : 1;

export const compile = inkgrad.compile ?? ((f) => f);
