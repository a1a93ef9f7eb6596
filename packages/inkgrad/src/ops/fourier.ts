import { ShapeError } from "../base/errors.js";
import { show } from "../base/shape.js";
import { kernel } from "./lowering.js";
import type { Op } from "./op.js";
import { floats, keeps, leading } from "./rules.js";

/**
 * Discrete Fourier transform along the last axis but one; complex numbers are pairs in the last:
 * x [..., n, 2]. Forward: Σ xⱼ e^(−2πi jk/n); `inverse` has e^(+2πi jk/n) and divides by nothing,
 * so that each is the other's gradient.
 */
export const fft: Op<1, { readonly inverse: boolean }> = {
  arity: 1,
  shape([x], _attrs, name) {
    if (x.shape.length < 2 || x.shape.at(-1) !== 2)
      throw new ShapeError(`${name}: expected [..., n, 2] (real, imaginary), got ${show(x.shape)}`);
    return [...x.shape];
  },
  dtype: keeps(floats),
  vjp: (b, { attrs: { inverse }, cotangent }) => [b.fft(cotangent, { inverse: !inverse })],
  lower: kernel("fft"),
  batch: leading,
  check: {
    cases: [
      [1, 2],
      [2, 2],
      [8, 2],
      [3, 5, 2],
      [12, 2],
      [0, 2],
      [2, 7, 2],
    ].flatMap((shape) =>
      [false, true].map((inverse) => ({ src: [{ shape }], attrs: { inverse } })),
    ),
  },
};
