import { dot, type Memory } from "../../../nn/optimizers/lbfgs.js";

/**
 * The whole inverse Hessian as it is known so far: what BFGS remembers, [size, size].
 *
 * @source Nocedal & Wright, Numerical Optimization, 2nd ed., 6.17 and 6.20 (the first scale)
 */
export function inverseHessian(size: number): Memory {
  let h: Float64Array | null = null;
  let count = 0;
  const times = (v: Float64Array): Float64Array => {
    const out = new Float64Array(size);
    for (let i = 0; i < size; i++) out[i] = dot(h!.subarray(i * size, (i + 1) * size), v);
    return out;
  };
  return {
    get size() {
      return count;
    },
    clear() {
      h = null;
      count = 0;
    },
    add(move, change) {
      const product = dot(move, change);
      if (!(product > Number.EPSILON * dot(change, change))) return;
      if (h === null) {
        h = new Float64Array(size * size);
        const scale = product / dot(change, change);
        for (let i = 0; i < size; i++) h[i * size + i] = scale;
      }
      const hy = times(change);
      const factor = (1 + dot(change, hy) / product) / product;
      for (let i = 0; i < size; i++)
        for (let j = 0; j < size; j++)
          h[i * size + j] +=
            factor * move[i] * move[j] - (hy[i] * move[j] + move[i] * hy[j]) / product;
      count++;
    },
    direction: (gradient) => times(gradient).map((d) => -d),
  };
}
