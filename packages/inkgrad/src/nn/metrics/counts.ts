/** Figures of what was counted for a class, as numbers: nothing here knows where the counts are from. */

/** For a class: how many are rightly predicted, predicted, and there. Sums of weights, if there are any. */
export interface Counts {
  readonly right: number;
  readonly predicted: number;
  readonly actual: number;
}

const share = (part: number, whole: number, otherwise: number): number =>
  whole === 0 ? otherwise : part / whole;

/** right / predicted; `otherwise` if nothing is predicted. */
export const precisionOf = ({ right, predicted }: Counts, otherwise = 0): number =>
  share(right, predicted, otherwise);

/** right / actual; `otherwise` if nothing is there. */
export const recallOf = ({ right, actual }: Counts, otherwise = 0): number =>
  share(right, actual, otherwise);

/**
 * (1 + β²) p r / (β² p + r), the weighted harmonic mean of precision and recall; recall for β = ∞, 0 if both
 * are 0, `otherwise` if the class is neither predicted nor there.
 */
export function fBetaOf(counts: Counts, beta: number, otherwise = 0): number {
  const [p, r] = [precisionOf(counts, otherwise), recallOf(counts, otherwise)];
  if (beta === Infinity) return r;
  // Rounded as scikit-learn does: (1 + β²) right / (β² actual + predicted) differs in the last digit.
  const squared = beta * beta;
  return share((1 + squared) * p * r, squared * p + r, 0);
}

/**
 * The figures of several classes as one number: of all counts together ("micro"), their mean ("macro"),
 * or the mean in which each counts as often as it occurs ("weighted"); one each for "none".
 */
export function averageOf(
  classes: readonly Counts[],
  figure: (counts: Counts) => number,
  average: "macro" | "micro" | "weighted",
): number;
export function averageOf(
  classes: readonly Counts[],
  figure: (counts: Counts) => number,
  average: "macro" | "micro" | "weighted" | "none",
): number | number[];
export function averageOf(
  classes: readonly Counts[],
  figure: (counts: Counts) => number,
  average: "macro" | "micro" | "weighted" | "none",
): number | number[] {
  const total = (name: keyof Counts): number =>
    classes.reduce((sum, counts) => sum + counts[name], 0);
  const together = (): number =>
    figure({
      right: total("right"),
      predicted: total("predicted"),
      actual: total("actual"),
    });
  if (average === "micro") return together();
  const figures = classes.map(figure);
  if (average === "none") return figures;
  const weight = (i: number): number => (average === "macro" ? 1 : classes[i].actual);
  const all = average === "macro" ? classes.length : total("actual");
  if (all === 0) return together();
  return figures.reduce((sum, x, i) => sum + x * weight(i), 0) / all;
}
