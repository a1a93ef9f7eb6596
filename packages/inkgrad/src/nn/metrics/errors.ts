import type { Loss } from "../losses/loss.js";
import * as losses from "../losses/regression.js";
import type { Metric } from "./metric.js";
import { type Mean, meanMetric } from "./sums.js";

/** The mean of a loss, as a figure beside the loss that is learned. */
export const ofLoss = (loss: Loss, name = loss.kind): Metric<Mean> =>
  meanMetric(name, (predictions, targets) => loss.perExample(predictions, targets));

export const meanSquaredError = (): Metric<Mean> => ofLoss(losses.meanSquaredError());
export const meanAbsoluteError = (): Metric<Mean> => ofLoss(losses.meanAbsoluteError());
