/**
 * How far each parameter is from where it must be at a minimum beside Σ λ|x|: the gradient, where x is not 0; what
 * of it exceeds λ, where x is 0.
 */
export function optimalityGap(
  x: Float64Array,
  gradient: Float64Array,
  l1: Float64Array | null,
): number {
  let most = 0;
  for (let i = 0; i < x.length; i++) {
    const strength = l1 === null ? 0 : l1[i];
    const gap =
      x[i] === 0 || strength === 0
        ? Math.abs(gradient[i]) - strength
        : Math.abs(gradient[i] + strength * Math.sign(x[i]));
    if (gap > most || Number.isNaN(gap)) most = gap;
  }
  return most;
}

/** The number that makes ½(x − z)² + t|x| least. */
export const softThreshold = (z: number, t: number): number => (z > t ? z - t : z < -t ? z + t : 0);
