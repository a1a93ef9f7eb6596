import { ShapeError } from "../base/errors.js";
import { sameShape, show } from "../base/shape.js";
import { kernel } from "./lowering.js";
import type { Op } from "./op.js";
import { transposed } from "./recipes.js";
import { commonType, leading, numbers, requireRank } from "./rules.js";

/**
 * Matrix product over the last two axes: [..., m, k] times [..., k, n] is [..., m, n]. Leading
 * axes must be equal.
 */
export const matmul: Op<2> = {
  arity: 2,
  shape([x, y], _attrs, name) {
    requireRank(x, 2, `${name}: the left side`);
    requireRank(y, 2, `${name}: the right side`);
    const [batch, k] = [x.shape.slice(0, -2), x.shape.at(-1)!];
    if (k !== y.shape.at(-2))
      throw new ShapeError(
        `${name}: inner sizes ${k} and ${y.shape.at(-2)} differ, ` +
          `${show(x.shape)} times ${show(y.shape)}`,
      );
    if (!sameShape(batch, y.shape.slice(0, -2)))
      throw new ShapeError(
        `${name}: batch dimensions ${show(batch)} and ${show(y.shape.slice(0, -2))} differ, ` +
          `${show(x.shape)} times ${show(y.shape)}`,
      );
    return [...batch, x.shape.at(-2)!, y.shape.at(-1)!];
  },
  dtype: (src, _attrs, name) => commonType(src, numbers, name),
  vjp: (b, { src: [x, y], cotangent }) => [
    b.matmul(cotangent, transposed(b, y)),
    b.matmul(transposed(b, x), cotangent),
  ],
  lower: kernel("matmul"),
  batch(b, context) {
    const { src, batched, size } = context;
    const [x, y] = src;
    if (batched[1] || y.shape.length !== 2) return leading(b, context);
    // The rows of all examples make one tall matrix.
    const [m, k] = [x.shape.at(-2)!, x.shape.at(-1)!];
    const product = b.matmul(b.reshape(x, { shape: [size * m, k] }), y);
    return b.reshape(product, { shape: [size, m, y.shape[1]] });
  },
  check: {
    cases: [
      { x: [2, 3], y: [3, 4] },
      { x: [1, 1], y: [1, 1] },
      { x: [5, 1], y: [1, 7] },
      { x: [0, 3], y: [3, 2] },
      { x: [2, 0], y: [0, 3] },
      { x: [2, 3, 4], y: [2, 4, 5] },
      { x: [2, 1, 3, 2], y: [2, 1, 2, 3] },
      { x: [13, 17], y: [17, 11] },
    ].map(({ x, y }) => ({ src: [{ shape: x }, { shape: y }], attrs: {} })),
  },
};
