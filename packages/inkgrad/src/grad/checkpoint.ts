import { isFloat } from "../base/dtype.js";
import { builder as b } from "../graph/builder.js";
import type { GraphNode } from "../graph/node.js";
import { topological } from "../graph/schedule.js";
import { substitute } from "../graph/substitute.js";
import type { Node } from "../ops/op.js";
import { backward } from "./backward.js";
import { customRule } from "./custom-rule.js";

/**
 * A result whose backward pass computes the segment again instead of keeping its intermediate
 * values: time for memory.
 *
 * @param output  the segment's result
 * @param start   nodes numbered below it were there before the segment: what it starts from
 * @source Chen et al., "Training deep nets with sublinear memory cost", arXiv:1604.06174
 */
export function checkpointNode(output: Node, start: number): Node {
  const before = (node: GraphNode): boolean => node.id < start;
  const order = topological([output], before);
  const inputs = order.filter((node) => before(node) && node.op !== "constant");
  // The rule reads what it is given, not `inputs`: a batched or rebuilt copy has others.
  const rule = customRule((_b, given, _out, cotangent) => {
    // `after` makes the second computation wait for the cotangent, and so keeps it from being
    // taken for the first.
    const again = given.map((node) => b.after(node, cotangent));
    const places = new Map<Node, Node>(inputs.map((node, i) => [node, again[i]]));
    const [recomputed] = substitute([output], places);
    const floats = again.filter((node) => isFloat(node.dtype));
    const flows = backward([{ node: recomputed, cotangent }], floats);
    return again.map((node) => (isFloat(node.dtype) ? flows[floats.indexOf(node)] : null));
  });
  return b.custom([output, ...inputs], { rule });
}
