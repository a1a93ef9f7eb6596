import type { Backend } from "@src/backend/backend.js";
import { reference } from "@src/backend/reference/reference.js";
import type { TypedArray } from "@src/base/dtype.js";
import { execute } from "@src/compile/execute.js";
import type { GraphNode } from "@src/graph/node.js";
import { elementsOf } from "@src/graph/stored.js";
import type { Node } from "@src/ops/op.js";
import { decode } from "./elements.js";

/** Evaluates nodes on a backend: the raw elements. What is known is handed over as input. */
export async function runRaw(backend: Backend, nodes: readonly Node[]): Promise<TypedArray[]> {
  const results = await execute(nodes as readonly GraphNode[], backend);
  return results.map(elementsOf);
}

/** Evaluates nodes on a backend: the elements as numbers. */
export async function run(backend: Backend, nodes: readonly Node[]): Promise<number[][]> {
  const results = await runRaw(backend, nodes);
  return results.map((array, i) => decode(array, nodes[i].dtype));
}

/** Evaluates nodes on the reference backend. */
export function runReference(nodes: readonly Node[]): number[][] {
  const results = execute(nodes as readonly GraphNode[], reference);
  return (results as TypedArray[]).map((array, i) => decode(array, nodes[i].dtype));
}
