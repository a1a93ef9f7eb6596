import { ShapeError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import { oneHot } from "../../tensor/functions/one-hot.js";
import { logSoftmax } from "../../tensor/functions/reduce.js";
import { type Loss, loss } from "./loss.js";

/**
 * −log of the probability that logits [n, ..., classes] give to class numbers [n, ...], finite for
 * every finite logit.
 *
 * @throws ShapeError  unless the targets have the predictions' shape without the last axis
 */
export const sparseCategoricalCrossEntropy = (): Loss =>
  loss("sparseCategoricalCrossEntropy", (logits, classes) => {
    const wanted = logits.shape.slice(0, -1);
    if (logits.rank < 2 || !sameShape(classes.shape, wanted))
      throw new ShapeError(
        `sparseCategoricalCrossEntropy: for logits ${show(logits.shape)} the targets must be class ` +
          `numbers ${show(wanted)}, got ${show(classes.shape)}; one-hot targets go with ` +
          "categoricalCrossEntropy",
      );
    const depth = logits.shape[logits.rank - 1];
    const chosen = logSoftmax(logits)
      .mul(oneHot(classes as never, depth, { dtype: logits.dtype as "f32" }))
      .sum(-1);
    const others = wanted.slice(1).map((_, i) => i + 1);
    return (others.length === 0 ? chosen : chosen.mean(others)).neg();
  });
