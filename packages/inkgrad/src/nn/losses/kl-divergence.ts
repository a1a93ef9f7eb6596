import { xlogy } from "../../tensor/functions/xlogy.js";
import { targetsLike } from "./checks.js";
import { type Loss, lossOfParts } from "./loss.js";
import { type FromLogits, logProbabilities } from "./probabilities.js";

/**
 * Σ yₖ (log yₖ − log pₖ) for logits [n, ..., classes] and probabilities y of the same shape: 0 where
 * both distributions are the same. Axes between are averaged.
 *
 * @throws ShapeError  unless the shapes are equal
 */
export function klDivergence({ fromLogits = true }: FromLogits = {}): Loss {
  return lossOfParts(
    "klDivergence",
    { fromLogits },
    {
      fromLogits,
      losses: (predictions, targets) => {
        const y = targetsLike(predictions, targets, "klDivergence", 2);
        const own = xlogy(y as never, y as never);
        return own.sub(y.mul(logProbabilities(predictions, fromLogits))).sum(-1);
      },
    },
  );
}
