import { logSigmoid } from "../../tensor/functions/activation.js";
import { clip } from "../../tensor/functions/elementwise.js";
import { logSoftmax } from "../../tensor/functions/reduce.js";
import type { Tensor } from "../../tensor/tensor.js";

/** Logarithms of what is predicted, finite whatever finite numbers come. */

export interface FromLogits {
  /**
   * Are the predictions logits (default), or probabilities? Those are held 1e-7 (f64: 1e-15) away from
   * 0 and 1, where the gradient is 0: logits are better.
   */
  readonly fromLogits?: boolean;
}

/** Probabilities that have a logarithm. */
function clipped(probabilities: Tensor): Tensor {
  const edge = probabilities.dtype === "f64" ? 1e-15 : 1e-7;
  return clip(probabilities as never, edge, 1 - edge);
}

/** log p and log(1 − p) of each number. */
export function logsOfBoth(predictions: Tensor, fromLogits: boolean): [Tensor, Tensor] {
  if (fromLogits)
    return [logSigmoid(predictions as never), logSigmoid(predictions.neg() as never)] as never;
  const p = clipped(predictions);
  return [p.log(), p.neg().log1p()];
}

/** log p of each class. Probabilities are first divided by their sum, as Keras does. */
export function logProbabilities(predictions: Tensor, fromLogits: boolean): Tensor {
  if (fromLogits) return logSoftmax(predictions as never);
  const total = predictions.sum(-1, { keepDims: true });
  return clipped(predictions.div(total)).log();
}
