import "../../tensor/methods.js";
import { setThreads } from "../../backend/registry.js";
import { make } from "../kinds.js";
import type { Spec } from "../saving/kinds.js";
import { unshare } from "./data.js";
import { failureOf, type Learner, runJob } from "./jobs.js";
import { type Answer, type Begin, type Request, unpacked } from "./parallel.js";

/** Runs in a worker thread: it has its own copy of the library, and the rows are shared. */
export function serve({ data, plan }: Begin): (request: Request) => Promise<Answer> {
  // The cores are taken by the other workers.
  setThreads(1);
  const own = unshare(data);
  return async ({ spec, fold }) => {
    try {
      const estimator = make(unpacked(spec) as Spec) as Learner;
      return { outcome: await runJob(own, plan, { estimator, fold }) };
    } catch (error) {
      return { failure: failureOf(error) };
    }
  };
}
