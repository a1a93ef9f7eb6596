import type { Backend, Executable } from "../backend/backend.js";
import type { Program } from "../backend/program.js";
import type { GraphNode } from "../graph/node.js";
import { schedule, type Schedule } from "../graph/schedule.js";
import type { Stored } from "../graph/stored.js";
import { fuse } from "./fuse.js";
import { signature } from "./signature.js";

/** Programs kept for graphs of the same form, per backend; the least recently used one goes. */
const capacity = 1024;
const caches = new WeakMap<Backend, Map<string, Executable>>();

/** Computes `outputs` from values that are known, on a backend. */
export function execute(
  outputs: readonly GraphNode[],
  backend: Backend,
): Stored[] | Promise<Stored[]> {
  const plan = schedule(outputs);
  const executable = backend.capabilities.interprets
    ? backend.load(programOf(plan))
    : cached(plan, backend);
  return executable.run(
    plan.inputs.map((node) => node.stored!),
    numbersOf(plan),
  );
}

/** A schedule with the kernels that do the same, made when they are asked for. */
export const programOf = (plan: Schedule): Program => ({ ...plan, kernels: () => fuse(plan) });

/** The numbers of the `full` nodes, in order: what may differ between runs of one program. */
export const numbersOf = ({ steps }: Schedule): number[] =>
  steps.flatMap(({ node }) =>
    node.op === "full" ? [(node.attrs as { value: number }).value] : [],
  );

function cached(plan: Schedule, backend: Backend): Executable {
  const cache = caches.get(backend) ?? new Map<string, Executable>();
  caches.set(backend, cache);
  const key = signature(plan);
  const known = cache.get(key);
  if (known !== undefined) {
    // A Map keeps the order of insertion: what is put in again is the youngest.
    cache.delete(key);
    cache.set(key, known);
    return known;
  }
  const made = backend.load(programOf(plan));
  cache.set(key, made);
  if (cache.size > capacity) {
    const oldest = cache.keys().next().value!;
    cache.get(oldest)!.dispose?.();
    cache.delete(oldest);
  }
  return made;
}
