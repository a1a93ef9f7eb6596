import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Dataset } from "../dataset.js";
import { draws } from "./draws.js";
import { lowRank } from "./low-rank.js";
import {
  keyOr,
  ordered,
  requireBetween,
  requireCount,
  requireSpread,
  requireType,
  type ToyOptions,
} from "./make.js";
import { ValueError } from "../../base/errors.js";

export interface RegressionOptions<Features extends number = number> extends ToyOptions {
  /** How many rows (default 100). */
  readonly n?: number;
  /** How many columns (default 100). */
  readonly features?: Features;
  /** How many of them y depends on (default 10, or all if there are fewer). */
  readonly informative?: number;
  /** How many numbers are to be told (default 1). */
  readonly targets?: number;
  /** What y is where x is 0 (default 0). */
  readonly bias?: number;
  /** Standard deviation of what is added to y (default 0). */
  readonly noise?: number;
  /** About how many directions x varies in (default: all alike). */
  readonly effectiveRank?: number;
  /** With `effectiveRank`: the share of the other directions, 0 … 1 (default 0.5). */
  readonly tailStrength?: number;
}

/** The data, and what it was made with. */
export type Regression<Features extends number = number> = Dataset<
  Tensor<[number, Features], "f32" | "f64">,
  Tensor<number[], "f32" | "f64">
> & {
  /** What each column counts: [features], of several targets [features, targets]. */
  readonly coef: Tensor<number[], "f64">;
  readonly bias: number;
};

/**
 * A linear relation: x normal, y = x · coef + bias + noise, with coefficients from 0 to 100 for the
 * informative columns and 0 for all others. `shuffle` is about rows and columns.
 *
 * @returns x [n, features], y [n] (or [n, targets]), coef in f64
 * @throws ShapeError  for counts that are not whole, or too small
 * @throws ValueError  for noise below 0, a bias that is not finite, or a tail outside 0 … 1
 * @source scikit-learn `make_regression`
 */
export function regression<Features extends number = 100>(
  options: RegressionOptions<Features> = {},
): Regression<Features> {
  const op = "regression";
  const { n = 100, targets = 1, bias = 0, noise = 0, shuffle = true, dtype = "f32" } = options;
  const { features = 100, informative = 10, effectiveRank, tailStrength = 0.5 } = options;
  requireCount(n, "n", op);
  requireCount(features, "features", op);
  requireCount(informative, "informative", op, 0);
  requireCount(targets, "targets", op);
  requireSpread(noise, "noise", op);
  requireBetween(tailStrength, 0, 1, "tailStrength", op);
  requireType(dtype, op);
  if (!Number.isFinite(bias)) throw new ValueError(`${op}: bias must be finite, got ${bias}`);
  const key = keyOr(options.key);
  let x: Float64Array;
  if (effectiveRank === undefined) {
    const { normal } = draws(key, "points");
    x = Float64Array.from({ length: n * features }, normal);
  } else {
    requireCount(effectiveRank, "effectiveRank", op);
    x = lowRank(n, features, effectiveRank, tailStrength, draws(key, "points").normal);
  }
  const { uniform } = draws(key, "mix");
  const places = shuffle
    ? draws(key, "columns").order(features)
    : Int32Array.from({ length: features }, (_, k) => k);
  const coef = new Float64Array(features * targets);
  for (const k of places.slice(0, informative))
    for (let t = 0; t < targets; t++) coef[k * targets + t] = 100 * uniform();
  let y: Float64Array = new Float64Array(n * targets);
  const { normal } = draws(key, "noise");
  for (let i = 0; i < n; i++)
    for (let t = 0; t < targets; t++) {
      let sum = bias;
      for (let k = 0; k < features; k++) sum += x[i * features + k] * coef[k * targets + t];
      y[i * targets + t] = noise === 0 ? sum : sum + noise * normal();
    }
  if (shuffle) {
    const order = draws(key, "rows").order(n);
    [x, y] = [ordered(x, features, order), ordered(y, targets, order)];
  }
  const shape = (rows: number): number[] => (targets === 1 ? [rows] : [rows, targets]);
  return {
    name: op,
    x: tensor(x, { dtype, shape: [n, features] }) as never,
    y: tensor(y, { dtype, shape: shape(n) }),
    coef: tensor(coef, { dtype: "f64", shape: shape(features) }),
    bias,
  };
}
