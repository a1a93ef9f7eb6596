/** What solvers walk down: a function of a list of numbers. They know nothing else of it. */
export interface Objective {
  /** How many parameters there are. */
  readonly size: number;
  /** What 1 can be off by in the values. */
  readonly unit: number;
  readonly dtype: "f32" | "f64";
  /** The smooth part and its gradient. */
  look(x: Float64Array): { readonly value: number; readonly gradient: Float64Array };
  /** λⱼ of the other part, Σ λⱼ|xⱼ|; null: there is none. */
  readonly l1: Float64Array | null;
  /**
   * The smooth part's second derivative [size, size].
   *
   * @param stride  2: an estimate from every second row, and so on (default 1)
   */
  hessian?(x: Float64Array, stride?: number): Float64Array;
  /** The smooth part by rows of data. */
  readonly parts?: Parts;
}

/**
 * The smooth part row by row, for solvers that look at few at a time: the mean of the rows' losses, each a
 * function of its margins, and ½ Σ l2ⱼ xⱼ².
 */
export interface Parts {
  readonly count: number;
  /** Margins of a row. */
  readonly outputs: number;
  readonly l2: Float64Array;
  /** The loss of a row; its derivative by the margins goes to out[at …]. */
  residual(x: Float64Array, row: number, out: Float64Array, at: number): number;
  /** to += factor · the gradient that belongs to this derivative by the row's margins. */
  spread(row: number, residual: Float64Array, at: number, factor: number, to: Float64Array): void;
  /** The greatest curvature of a row's loss, by its parameters. */
  curvature(row: number): number;
}

/** Σ λⱼ|xⱼ|. */
export function l1Of(l1: Float64Array | null, x: Float64Array): number {
  if (l1 === null) return 0;
  let sum = 0;
  for (let i = 0; i < x.length; i++) sum += l1[i] * Math.abs(x[i]);
  return sum;
}
