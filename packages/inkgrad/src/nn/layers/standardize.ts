import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Layer } from "../layer.js";
import type { SameShape } from "../types/rules.js";

export interface StandardizeOptions {
  /** Taken away: one number, or one for each place along the last axis. */
  readonly mean: number | readonly number[];
  /** Divided by, likewise. */
  readonly std: number | readonly number[];
}

/**
 * (x − mean) / std in f32, with numbers that are not learned: those of the training examples, one, or
 * one for each channel or column. As a part of the model it is saved with it.
 *
 * @throws ValueError  unless all are finite and std is above 0
 * @throws ShapeError  if there are as many as do not fit the last axis
 */
export function standardize({ mean, std }: StandardizeOptions): Layer<SameShape> {
  requireNumbers(mean, "mean", (x) => Number.isFinite(x), "finite numbers");
  requireNumbers(std, "std", (x) => x > 0 && x < Infinity, "numbers above 0");
  const operand = (value: number | readonly number[], x: Tensor): number | Tensor => {
    if (typeof value === "number") return value;
    const example = x.shape.slice(1);
    if (value.length !== example[example.length - 1])
      throw new ShapeError(
        `standardize: ${value.length} numbers do not fit the last axis of ${show(example)}`,
      );
    return tensor([...value], { dtype: x.dtype as "f32" });
  };
  return {
    kind: "standardize",
    options: { mean, std },
    apply(_params, x) {
      const wide = x.dtype === "f64" ? x : (x.cast("f32") as Tensor);
      return wide.sub(operand(mean, wide)).div(operand(std, wide));
    },
  };
}

function requireNumbers(
  value: unknown,
  what: string,
  fits: (x: number) => boolean,
  wanted: string,
): void {
  const list = [value].flat();
  if (list.length === 0 || !list.every((x) => typeof x === "number" && fits(x)))
    throw new ValueError(`standardize: ${what} must be ${wanted}, got ${JSON.stringify(value)}`);
}
