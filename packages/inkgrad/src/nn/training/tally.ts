import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Variables } from "../layer.js";
import type { Metric } from "../metrics/metric.js";

/** The loss and the metrics so far, within the program. */
export type Tally = {
  /** Σ wᵢ lᵢ and Σ wᵢ. */
  readonly loss: Tensor;
  readonly weight: Tensor;
  readonly metrics: readonly Variables[];
};

/** Figures by their names. */
export type Figures = { readonly [name: string]: number };

export const startTally = (metrics: readonly Metric[]): Tally => ({
  loss: tensor(0, { dtype: "f64" }),
  weight: tensor(0, { dtype: "f64" }),
  metrics: metrics.map((metric) => metric.init()),
});

/** Losses of examples [n], and how much each counts: with the weights of classes, unlike in metrics. */
export interface Losses {
  readonly losses: Tensor;
  readonly lossWeights: Tensor | undefined;
}

/** The tally after a batch. */
export function addToTally(
  tally: Tally,
  metrics: readonly Metric[],
  { losses, lossWeights }: Losses,
  predictions: Tensor,
  { y, weights }: { y: Tensor; weights?: Tensor },
): Tally {
  const sum = (x: Tensor): Tensor => x.cast("f64").sum();
  const all = lossWeights === undefined ? losses.shape[0] : sum(lossWeights);
  return {
    loss: tally.loss.add(sum(lossWeights === undefined ? losses : losses.mul(lossWeights))),
    weight: tally.weight.add(all as never),
    metrics: metrics.map((metric, i) => metric.update(tally.metrics[i], predictions, y, weights)),
  };
}

/** The figures of a tally: "loss", and the metrics' names. */
export const figuresOf = (tally: Tally, metrics: readonly Metric[]): Figures => ({
  loss: (tally.loss.item() as number) / (tally.weight.item() as number),
  ...Object.fromEntries(metrics.map((metric, i) => [metric.name, metric.result(tally.metrics[i])])),
});
