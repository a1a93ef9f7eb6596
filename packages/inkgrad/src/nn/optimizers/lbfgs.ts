/** The last moves and changes of gradient, from which the inverse Hessian is known approximately. */
export interface Memory {
  /** Adds a move and the change of the gradient along it, unless they contradict a minimum. */
  add(move: Float64Array, change: Float64Array): void;
  /** −H g, by the two loops. */
  direction(gradient: Float64Array): Float64Array;
  clear(): void;
  readonly size: number;
}

/** @source Nocedal & Wright, Numerical Optimization, 2nd ed., algorithm 7.4 */
export function memoryOf(most: number): Memory {
  let pairs: { move: Float64Array; change: Float64Array; inverse: number }[] = [];
  return {
    get size() {
      return pairs.length;
    },
    clear() {
      pairs = [];
    },
    add(move, change) {
      const product = dot(move, change);
      // Curvature too small to divide by would spoil all later directions.
      if (!(product > Number.EPSILON * dot(change, change))) return;
      pairs.push({ move, change, inverse: 1 / product });
      if (pairs.length > most) pairs.shift();
    },
    direction(gradient) {
      const d = gradient.map((g) => -g);
      const shares: number[] = [];
      for (let i = pairs.length - 1; i >= 0; i--) {
        const { move, change, inverse } = pairs[i];
        shares[i] = inverse * dot(move, d);
        addTo(d, change, -shares[i]);
      }
      if (pairs.length > 0) {
        const { change, inverse } = pairs[pairs.length - 1];
        const scale = 1 / (inverse * dot(change, change));
        for (let i = 0; i < d.length; i++) d[i] *= scale;
      }
      pairs.forEach(({ move, change, inverse }, i) => {
        addTo(d, move, shares[i] - inverse * dot(change, d));
      });
      return d;
    },
  };
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** y ← y + factor · x. */
export function addTo(y: Float64Array, x: Float64Array, factor: number): void {
  for (let i = 0; i < y.length; i++) y[i] += factor * x[i];
}
