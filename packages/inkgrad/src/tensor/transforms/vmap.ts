import { ShapeError } from "../../base/errors.js";
import { normalizeAxis, show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { type GraphNode, placeholderNode } from "../../graph/node.js";
import { batchGraph } from "../../grad/batch.js";
import type { Node } from "../../ops/op.js";
import { moveAxis } from "../../ops/recipes.js";
import { Tensor } from "../tensor.js";
import type { AnyFunction } from "../types/transforms.js";
import type { InAxes, Vmap, VmapOptions } from "../types/vmap.js";
import { release, requireFunction, resultOf, tensorsOf } from "./leaves.js";
import { closing, traceOver } from "./trace.js";

/**
 * A function of one example as a function of a whole batch: `f` is traced once, on tensors without
 * the batch axis, and each operation is replaced by its batched form. No loop remains.
 *
 * @param options.inAxes   where each argument's batch axis lies; null for one that all examples
 *                         share, which may be anything (default 0)
 * @param options.outAxes  where the results' batch axis goes (default 0)
 * @throws ShapeError  if the batch sizes of two arguments differ
 * @throws TraceError  if `f` asks for a value
 */
export const vmap = ((f: AnyFunction, options: VmapOptions<InAxes, number> = {}) =>
  (...args: unknown[]) => {
    requireFunction(f, "vmap");
    const { inAxes = 0, outAxes = 0 } = options;
    const axisOf = (i: number): number | null =>
      Array.isArray(inAxes) ? (inAxes as (number | null)[])[i] : (inAxes as number | null);
    const trees = args.map((arg, i) =>
      axisOf(i) === null ? null : tensorsOf(arg, `vmap: expected argument ${i}`),
    );
    const batches = trees.flatMap((tree, i) =>
      tree === null ? [] : tree.leaves.map((x) => inFront(x, axisOf(i)!)),
    );
    const size = commonSize(batches);
    const trace = traceOver(trees.flatMap((tree) => tree?.leaves ?? []));
    const outputs = closing(trace, () => {
      const places = new Map<Node, Node>();
      let next = 0;
      const call = args.map((arg, i) =>
        trees[i] === null
          ? arg
          : trees[i].unflatten(
              trees[i].leaves.map(() => {
                const batch = batches[next++];
                const place = placeholderNode(batch.shape.slice(1), batch.dtype, trace);
                places.set(place, batch);
                return new Tensor(place);
              }),
            ),
      );
      const result = resultOf(f(...call), "vmap");
      const whole = batchGraph(
        result.leaves.map((x) => x.node),
        places,
        size,
      );
      const moved = whole.map((y) =>
        moveAxis(b, y, 0, normalizeAxis(outAxes, y.shape.length, "vmap")),
      );
      return { nodes: moved as GraphNode[], unflatten: result.unflatten };
    });
    return outputs.unflatten(release(outputs.nodes));
  }) as Vmap;

/** The batch axis moved to the front. */
function inFront({ node }: Tensor, axis: number): Node {
  if (node.shape.length === 0)
    throw new ShapeError(
      "vmap: a scalar has no batch axis; give it inAxes null to share it between the examples",
    );
  return moveAxis(b, node, normalizeAxis(axis, node.shape.length, "vmap"), 0);
}

function commonSize(batches: readonly Node[]): number {
  if (batches.length === 0)
    throw new ShapeError(
      "vmap: at least one argument must have a batch axis, all have inAxes null",
    );
  const size = batches[0].shape[0];
  for (const { shape } of batches)
    if (shape[0] !== size)
      throw new ShapeError(
        `vmap: the batch sizes of the arguments differ, ${size} and ${shape[0]} ` +
          `(batch axis first: ${show(batches[0].shape)} and ${show(shape)})`,
      );
  return size;
}
