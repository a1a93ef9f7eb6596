import { ValueError } from "../../base/errors.js";
import { coreCount, moduleBeside, openPool } from "../../data/system-threads.js";
import { storedElements, tensorOf } from "../../data/tensor-of.js";
import type { DType, TypedArray } from "../../base/dtype.js";
import { isTensor } from "../../tensor/tensor.js";
import { make } from "../kinds.js";
import { specOf } from "../saving/kinds.js";
import { type Data, share, type SharedData } from "./data.js";
import {
  type Failure,
  failureOf,
  type Job,
  namedError,
  type Outcome,
  type Plan,
  runJob,
} from "./jobs.js";

/** Jobs on all cores: estimators are a kind and plain options, which are sent to worker threads. */

export interface WorkersOption {
  /**
   * How many threads fit side by side. Default: as many as there are cores, once the first fit has shown that it
   * is worth starting them; 1: one fit after another, on the caller's thread. Where there are no
   * worker threads (in a page), or functions among the options or scores, that is so always. Results
   * are the same to the last bit.
   */
  readonly workers?: number;
}

/** What a worker begins with. */
export interface Begin {
  readonly data: SharedData;
  readonly plan: Plan;
}

export interface Request {
  readonly spec: unknown;
  readonly fold: number;
}

export type Answer = { readonly outcome: Outcome } | { readonly failure: Failure };

/** Less than this is done before workers have started and warmed up. */
const worthSeconds = 1;

/**
 * The outcomes of all jobs, in their order.
 *
 * @throws  what the first job to fail threw, naming fold and parameters
 */
export async function runJobs(
  data: Data,
  plan: Plan,
  jobs: readonly Job[],
  { workers }: WorkersOption,
): Promise<Outcome[]> {
  if (workers !== undefined && !(Number.isInteger(workers) && workers >= 1))
    throw new ValueError(`${plan.op}: workers must be a whole number ≥ 1, got ${String(workers)}`);
  const outcomes: Outcome[] = [];
  const count = Math.min(workers ?? coreCount(), jobs.length);
  const module = count > 1 ? moduleBeside(import.meta.url, workerFile) : null;
  const specs = module === null ? null : specsOf(jobs, plan);
  const begun = performance.now();
  const inTurn = async (job: Job): Promise<void> => {
    try {
      outcomes.push(await runJob(data, plan, job));
    } catch (error) {
      throw withCause(namedError(plan, job, failureOf(error)), error);
    }
  };
  if (module !== null && specs !== null) {
    if (workers === undefined) await inTurn(jobs[0]);
    const ahead = ((performance.now() - begun) / 1000) * (jobs.length - 1);
    if (workers !== undefined || ahead > worthSeconds)
      return [
        ...outcomes,
        ...(await sideBySide(module, data, plan, jobs, specs, count, outcomes.length)),
      ];
  }
  for (const job of jobs.slice(outcomes.length)) await inTurn(job);
  return outcomes;
}

/** Not to be found by bundlers, which would make a file of it that nothing asks for in a page. */
const workerFile = "./cross-validation-worker.js";

function withCause(error: Error, cause: unknown): Error {
  error.cause = cause;
  return error;
}

async function sideBySide(
  module: URL,
  data: Data,
  plan: Plan,
  jobs: readonly Job[],
  specs: readonly unknown[],
  count: number,
  first: number,
): Promise<Outcome[]> {
  const options: Begin = { data: share(data), plan };
  const pool = openPool<Request, Answer>(
    { module, export: "serve", options },
    {
      count,
      name: "inkgrad cross-validation",
      gives: "a function that runs jobs",
      closed: "the workers have ended",
      dropped: "the workers were ended",
    },
  );
  const outcomes: Outcome[] = [];
  let failed: { readonly at: number; readonly error: Error } | undefined;
  let next = first;
  const fail = (at: number, failure: Failure): void => {
    // The first in order, whoever is first in time: as it would be one after another.
    if (failed === undefined || at < failed.at)
      failed = { at, error: namedError(plan, jobs[at], failure) };
  };
  const work = async (): Promise<void> => {
    while (next < jobs.length && failed === undefined) {
      const at = next++;
      try {
        const answer = await pool.run({ spec: specs[at], fold: jobs[at].fold });
        if ("failure" in answer) fail(at, answer.failure);
        else outcomes[at - first] = answer.outcome;
      } catch (error) {
        fail(at, failureOf(error));
      }
    }
  };
  await Promise.all(Array.from({ length: count }, work));
  await pool.close();
  if (failed !== undefined) throw failed.error;
  return outcomes;
}

/** The estimators as plain data; null if one cannot be sent or made again, or a score is a function. */
function specsOf(jobs: readonly Job[], { scorers }: Plan): unknown[] | null {
  if (scorers.some(([, scorer]) => typeof scorer === "function")) return null;
  try {
    return jobs.map(({ estimator }) => {
      const spec = specOf(estimator);
      make(spec);
      return packed(spec);
    });
  } catch {
    return null;
  }
}

interface SentTensor {
  readonly $tensor: { readonly data: TypedArray; readonly shape: number[]; readonly dtype: DType };
}

/** Tensors (keys, for example) as their elements. @throws  for functions and objects of classes */
function packed(x: unknown): unknown {
  if (isTensor(x))
    return { $tensor: { data: storedElements(x).slice(), shape: [...x.shape], dtype: x.dtype } };
  if (typeof x === "function" || typeof x === "symbol") throw new ValueError("cannot be sent");
  if (Array.isArray(x)) return x.map(packed);
  if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return x;
  const prototype: unknown = Object.getPrototypeOf(x);
  if (prototype !== Object.prototype && prototype !== null) throw new ValueError("cannot be sent");
  return Object.fromEntries(Object.entries(x).map(([name, item]) => [name, packed(item)]));
}

/** What `packed` has packed. */
export function unpacked(x: unknown): unknown {
  if (Array.isArray(x)) return x.map(unpacked);
  if (typeof x !== "object" || x === null || ArrayBuffer.isView(x)) return x;
  if ("$tensor" in x) {
    const { data, shape, dtype } = (x as SentTensor).$tensor;
    return tensorOf(data, shape, dtype);
  }
  return Object.fromEntries(Object.entries(x).map(([name, item]) => [name, unpacked(item)]));
}
