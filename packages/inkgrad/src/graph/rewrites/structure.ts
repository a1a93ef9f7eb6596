import { sameShape, sizeOf } from "../../base/shape.js";
import type { Node } from "../../ops/op.js";
import { fill, loweredBy, rule } from "./rule.js";

/** Nodes that are there for differentiation only, and work that can be done on fewer elements. */
export const structure = {
  /** x itself. The graph is not differentiated any more, so nothing has to end here. */
  identityIsInput: rule(["identity"], ({ src: [x] }) => x),

  /** The value of `custom` is its first input; its gradient rule has done its work. */
  customIsValue: rule(["custom"], ({ src: [value] }) => value),

  /** A tensor without elements needs no computing. */
  emptyIsFull: rule([...loweredBy("map"), ...loweredBy("view")], (node, site) =>
    sizeOf(node.shape) === 0 ? fill(site, node, 0) : null,
  ),

  /** f(expand(x)) = expand(f(x)): computed once for each element before it is repeated. */
  computeBeforeExpand: rule(loweredBy("map"), (node, { b, as, uniform, make }) => {
    const stretched = node.src.map((x) => as(x, "expand")?.src[0]);
    const shape = stretched.find((x) => x !== undefined)?.shape;
    if (shape === undefined || sizeOf(shape) >= sizeOf(node.shape)) return null;
    const src: Node[] = [];
    for (const [i, x] of node.src.entries()) {
      const small = stretched[i];
      const value = uniform(x);
      if (small !== undefined && sameShape(small.shape, shape)) src.push(small);
      else if (value !== null) src.push(b.full({ shape, value, dtype: x.dtype }));
      else return null;
    }
    return b.expand(make(node.op, src, node.attrs), { shape: node.shape });
  }),
};
