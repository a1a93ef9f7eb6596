import type { Backend, Executable } from "../backend/backend.js";
import type { Program } from "../backend/program.js";
import type { GraphNode } from "../graph/node.js";
import { rewrite } from "../graph/rewrite.js";
import { schedule, type Schedule } from "../graph/schedule.js";
import type { Stored } from "../graph/stored.js";
import { fuse, type FuseOptions } from "./fuse.js";
import { Recent } from "./recent.js";
import { signature } from "./signature.js";

/** Programs kept for graphs of the same form, per backend. */
const capacity = 1024;
const caches = new WeakMap<Backend, Recent<Prepared>>();

/** Computes `outputs` from values that are known, on a backend. */
export function execute(
  outputs: readonly GraphNode[],
  backend: Backend,
): Stored[] | Promise<Stored[]> {
  const plan = schedule(outputs);
  const inputs = plan.inputs.map((node) => node.stored!);
  const numbers = fullsOf(plan).map(numberOf);
  if (backend.capabilities.interprets) return backend.load(programOf(plan)).run(inputs, numbers);
  const { executable, constants } = cached(plan, backend);
  return executable.run([...inputs, ...constants], numbers);
}

/** A program made ready, and values it needs that are always the same. */
export interface Prepared {
  readonly executable: Executable;
  readonly constants: readonly Stored[];
}

/**
 * A schedule with the kernels that do the same, made when they are asked for.
 *
 * @param options.numbers  by default the numbers of all `full` nodes are given to each run
 */
export const programOf = (plan: Schedule, options: FuseOptions = {}): Program => ({
  ...plan,
  kernels: () => fuse(plan, { numbers: fullsOf(plan), ...options }),
});

const fullsOf = ({ steps }: Schedule): GraphNode[] =>
  steps.map(({ node }) => node).filter((node) => node.op === "full");
const numberOf = (node: GraphNode): number => (node.attrs as { value: number }).value;

/** The numbers of the `full` nodes, in order: what may differ between runs of one program. */
export const numbersOf = (plan: Schedule): number[] => fullsOf(plan).map(numberOf);

/**
 * The schedule of a simpler graph with the same results.
 *
 * @param inputs   values that differ between runs: nothing is computed from them beforehand
 * @param numbers  `full` nodes whose numbers do
 */
export function simplified(
  outputs: readonly GraphNode[],
  inputs: readonly GraphNode[],
  numbers: readonly GraphNode[] = [],
): Schedule {
  const simple = rewrite(outputs, { inputs: [...inputs, ...numbers] });
  return schedule(simple, inputs);
}

function cached(plan: Schedule, backend: Backend): Prepared {
  const cache = caches.get(backend) ?? new Recent<Prepared>(capacity, release);
  caches.set(backend, cache);
  return cache.get(signature(plan), () => {
    const numbers = fullsOf(plan);
    const simple = simplified(plan.outputs, plan.inputs, numbers);
    return {
      executable: backend.load(programOf(simple, { numbers })),
      constants: simple.inputs.slice(plan.inputs.length).map((node) => node.stored!),
    };
  });
}

const release = ({ executable }: Prepared): void => executable.dispose?.();
