import { InkgradError } from "../../base/errors.js";
import { full } from "../../tensor/functions/create.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import type { LearningRate, UpdateOptions } from "./optimizer.js";

/** The learning rate of a step, as a scalar of f64. */
export function rateOf(own: LearningRate, options: UpdateOptions | undefined): Tensor {
  const rate = options?.learningRate ?? own;
  if (isTensor(rate)) return rate.cast("f64");
  if (typeof rate === "number") return full([], rate, { dtype: "f64" });
  throw new InkgradError(
    "update: the learning rate is a schedule; give this step's with { learningRate: schedule(step, total) }",
  );
}
