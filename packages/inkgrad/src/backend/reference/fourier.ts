import { turned } from "../../base/elementary.js";
import { attrsOf, type Kernel, output } from "./kernel.js";

/** Cooley and Tukey's algorithm for any length: by the definition along each prime factor. */
export const fft: Kernel = (node, [x]) => {
  const n = node.shape.at(-2)!;
  const sign = attrsOf<{ inverse: boolean }>(node).inverse ? 1 : -1;
  const roots = rootsOfUnity(n, sign);
  const out = output(node);
  for (let row = 0; row < out.length; row += 2 * n) {
    transform(x, row, 1, out, row, n, roots, 1);
  }
  return out;
};

/** e^(±2πi k/n) as pairs, each from its own angle: errors do not add up. */
function rootsOfUnity(n: number, sign: number): Float64Array {
  const roots = new Float64Array(2 * n);
  for (let k = 0; k < n; k++) {
    const [cos, sin] = turned(k, n);
    roots[2 * k] = cos;
    roots[2 * k + 1] = sign * sin;
  }
  return roots;
}

const smallestFactor = (n: number): number => {
  for (let p = 2; p * p <= n; p++) if (n % p === 0) return p;
  return n;
};

/**
 * Transforms the n numbers x[from], x[from + 2·step], … into out[to], out[to + 2], …
 * The roots are those of n·every; n's own are every `every`-th of them.
 */
function transform(
  x: Float64Array,
  from: number,
  step: number,
  out: Float64Array,
  to: number,
  n: number,
  roots: Float64Array,
  every: number,
): void {
  if (n <= 1) {
    if (n === 1) [out[to], out[to + 1]] = [x[from], x[from + 1]];
    return;
  }
  const p = smallestFactor(n);
  const m = n / p;
  for (let r = 0; r < p; r++)
    transform(x, from + 2 * r * step, step * p, out, to + 2 * r * m, m, roots, every * p);
  const [real, imaginary] = [new Float64Array(p), new Float64Array(p)];
  for (let k = 0; k < m; k++) {
    for (let r = 0; r < p; r++) {
      real[r] = out[to + 2 * (r * m + k)]!;
      imaginary[r] = out[to + 2 * (r * m + k) + 1]!;
    }
    for (let q = 0; q < p; q++) {
      let [re, im] = [0, 0];
      for (let r = 0; r < p; r++) {
        const at = 2 * (((r * (k + q * m)) % n) * every);
        re += real[r] * roots[at] - imaginary[r] * roots[at + 1];
        im += real[r] * roots[at + 1] + imaginary[r] * roots[at];
      }
      out[to + 2 * (k + q * m)] = re;
      out[to + 2 * (k + q * m) + 1] = im;
    }
  }
}
