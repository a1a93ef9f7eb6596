import { backward } from "@src/grad/backward.js";
import { batchGraph } from "@src/grad/batch.js";
import { builder as b } from "@src/graph/builder.js";
import { type GraphNode, placeholderNode } from "@src/graph/node.js";
import { type Tensor, tensor } from "inkgrad";
import { wrap } from "@src/tensor/operand.js";

/** Derivatives and batches of functions of tensors, straight from the graph. */

export const flat = (x: { toArray: () => unknown }): number[] =>
  [x.toArray()].flat(Infinity as 1) as number[];

/** The gradients of Σ cotangent · f(inputs), by reverse mode, and by central differences. */
export function gradients(
  f: (...x: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
): { exact: number[][]; numeric: number[][] } {
  const trace = { open: true, outer: [] };
  const traced = inputs.map((x) => {
    const node = b.identity(x.node) as GraphNode;
    node.trace = trace;
    return wrap(node);
  });
  const out = f(...traced);
  const weights = tensor(
    Array.from({ length: out.size }, (_, i) => Math.sin(i + 1)),
    { shape: [...out.shape], dtype: "f64" },
  );
  const cotangent = b.cast(weights.node, { dtype: out.dtype });
  const flows = backward(
    [{ node: out.node, cotangent }],
    traced.map((x) => x.node),
  );
  const exact = flows.map((flow, i) => (flow === null ? flat(inputs[i].mul(0)) : flat(wrap(flow))));
  trace.open = false;

  const total = (args: readonly Tensor[]): number =>
    flat(
      f(...args)
        .mul(weights)
        .sum(),
    )[0];
  const step = 1e-5;
  const numeric = inputs.map((x, i) =>
    flat(x).map((_, at) => {
      const moved = (by: number): number => {
        const values = flat(x);
        values[at] += by;
        return total(
          inputs.map((y, j) =>
            j === i ? tensor(values, { shape: [...x.shape], dtype: "f64" }) : y,
          ),
        );
      };
      return (moved(step) - moved(-step)) / (2 * step);
    }),
  );
  return { exact, numeric };
}

/** f over batches, the axis in front of those arguments that `batched` names. */
export function batch(
  f: (...x: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  batched: readonly boolean[],
): Tensor {
  const trace = { open: true, outer: [] };
  const size = inputs[batched.indexOf(true)].shape[0];
  const places = new Map<GraphNode, GraphNode>();
  const args = inputs.map((x, i) => {
    if (!batched[i]) return x;
    const place = placeholderNode(x.shape.slice(1), x.dtype, trace);
    places.set(place, x.node);
    return wrap(place);
  });
  const [out] = batchGraph([f(...args).node], places, size);
  trace.open = false;
  return wrap(out);
}
