import type { Backend, LoadOptions } from "../backend/backend.js";
import type { GraphNode } from "../graph/node.js";
import { type Prepared, programOf, simplified } from "./execute.js";
import { pairDonated } from "./in-place.js";

/**
 * Makes a program of a traced function: `outputs` from `inputs`, of which the `donated` ones are
 * given up to the results. Whatever else has a value is part of the program.
 */
export function compiled(
  outputs: readonly GraphNode[],
  inputs: readonly GraphNode[],
  donated: readonly number[],
  backend: Backend,
  options: LoadOptions,
): Prepared {
  const plan = simplified(outputs, inputs);
  const constants = plan.inputs.slice(inputs.length).map((node) => node.stored!);
  // The program is kept; the graph, and the values in it, need not be.
  const pairs = pairDonated(plan.outputs, inputs, donated);
  const executable = backend.load(programOf(plan, { numbers: [], donated: pairs }), options);
  return { executable, constants };
}
