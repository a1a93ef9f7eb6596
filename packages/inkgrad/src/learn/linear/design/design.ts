import type { Loss } from "../losses/loss.js";

/** What a linear model is fitted to: one target for each row, and how much rows count (null: 1 each). */
export interface Seen {
  readonly loss: Loss;
  /** Margins for each row: 1, or one for each class. */
  readonly outputs: number;
  /** [rows] */
  readonly targets: Float64Array;
  readonly weights: Float64Array | null;
}

/** Weights W [features, outputs], row by row, and intercepts [outputs]. */
export interface Weights {
  readonly W: Float64Array;
  readonly b: Float64Array;
}

export interface Sums extends Weights {
  /** The sum of all rows' losses; W and b hold its gradient. */
  readonly value: number;
}

/** The matrix X, and all that linear models do with it. */
export interface Design {
  readonly rows: number;
  readonly columns: number;
  /** What 1 can be off by in products with X. */
  readonly unit: number;
  readonly dtype: "f32" | "f64";
  /** Loss and gradient over all rows, for what is seen there. */
  lossOf(seen: Seen): (weights: Weights) => Sums;
  /** X·W + b [rows, outputs]. */
  margins(weights: Weights): Float64Array;
  /** [X 1]ᵀ diag(d) [X 1], [columns + 1, columns + 1]. */
  gram(d: Float64Array): Float64Array;
  /** The rows 0, stride, 2 · stride, … */
  every(stride: number): Design;
  /** The standard deviation of each column (dividing by the rows). */
  deviations(): Float64Array;
  /** out[at + k] = Σⱼ x[row, j] W[j, k] + b[k]. */
  marginsOfRow(row: number, weights: Weights, out: Float64Array, at: number): void;
  /** W[j, k] += factor · x[row, j] r[at + k]. */
  addRow(row: number, r: Float64Array, at: number, factor: number, W: Float64Array): void;
  /** Σⱼ x[row, j]². */
  squaredLength(row: number): number;
}
