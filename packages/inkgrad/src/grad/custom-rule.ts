import { builder as b } from "../graph/builder.js";
import { placeholderNode } from "../graph/node.js";
import type { Builder, Node } from "../ops/op.js";
import { widened } from "../ops/recipes.js";
import type { CustomRule } from "../ops/source.js";
import { batchGraph } from "./batch.js";

type Vjp = CustomRule["vjp"];

/** A gradient rule from a function that writes it; its batched form is derived. */
export const customRule = (vjp: Vjp): CustomRule => ({
  vjp,
  batch: (batched, size) => customRule(batchedVjp(vjp, batched, size)),
});

/** Traces the rule for one example and batches the graph it gives. */
const batchedVjp =
  (vjp: Vjp, batched: readonly boolean[], size: number): Vjp =>
  (builder: Builder, inputs, out, cotangent) => {
    const trace = { open: true, outer: [] };
    const stand = (node: Node): Node => placeholderNode(node.shape.slice(1), node.dtype, trace);
    const places = new Map<Node, Node>();
    const single = (node: Node, hasAxis: boolean): Node => {
      if (!hasAxis) return node;
      const place = stand(node);
      places.set(place, node);
      return place;
    };
    const flows = vjp(
      builder,
      inputs.map((x, i) => single(x, batched[i])),
      single(out, true),
      single(cotangent, true),
    );
    trace.open = false;
    return flows.map((flow, i) => {
      if (flow === null) return null;
      const [whole] = batchGraph([flow], places, size);
      // An input that all examples share receives what all of them send.
      return batched[i] ? whole : widened(b, whole, (wide) => b.sum(wide, { axes: [0] }));
    });
  };
