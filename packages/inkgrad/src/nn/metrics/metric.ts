import type { Tensor } from "../../tensor/tensor.js";
import type { Variables } from "../layer.js";

/** A number, or a table of them: one a class, a confusion matrix. */
export type MetricValue = number | readonly MetricValue[];

/**
 * A figure about predictions, put together batch by batch within the program. Sums are of f64: counts
 * stay exact up to 2⁵³.
 */
export interface Metric<State extends Variables = Variables> {
  /** Its key in the history: "accuracy". */
  readonly name: string;
  init(): State;
  /**
   * The state after another batch.
   *
   * @param predictions  [n, ...], as the model gives them (logits)
   * @param weights      [n], if examples have any
   */
  update(state: State, predictions: Tensor, targets: Tensor, weights?: Tensor): State;
  /** The figure. Those that are no single number are left out of the history. */
  result(state: State): MetricValue;
  /** The same figure of a model that gives probabilities, where it is made for logits. */
  readonly ofProbabilities?: () => Metric;
}

/**
 * A figure that needs all predictions at once. It is computed of validation examples and in `evaluate`:
 * while a model learns, its predictions come from ever other parameters.
 */
export interface WholeMetric {
  readonly name: string;
  /**
   * @param predictions  [n, ...] of all examples
   * @param weights      [n], if examples have any
   */
  whole(predictions: Tensor, targets: Tensor, weights?: Tensor): Promise<MetricValue>;
  /** The same figure of a model that gives probabilities, where it is made for logits. */
  readonly ofProbabilities?: () => WholeMetric;
}

export const isWhole = (metric: Metric | WholeMetric): metric is WholeMetric => "whole" in metric;
export const isCounted = (metric: Metric | WholeMetric): metric is Metric => !isWhole(metric);
