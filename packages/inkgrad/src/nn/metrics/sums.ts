import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Metric, MetricValue } from "./metric.js";

/** Metrics that are sums over the examples. */

/** Σ wᵢ xᵢ and Σ wᵢ. */
export type Mean = { readonly sum: Tensor; readonly weight: Tensor };

/** The mean of a number for each example, [n]. */
export function meanMetric(
  name: string,
  perExample: (predictions: Tensor, targets: Tensor) => Tensor,
): Metric<Mean> {
  return {
    name,
    init: () => ({ sum: zero(), weight: zero() }),
    update(state, predictions, targets, weights) {
      const each = perExample(predictions, targets).cast("f64");
      const counted = weights === undefined ? each : each.mul(weights);
      const weight = weights === undefined ? each.shape[0] : weights.cast("f64").sum();
      return { sum: state.sum.add(counted.sum()), weight: state.weight.add(weight as Tensor) };
    },
    result: ({ sum, weight }) => Number(sum.item()) / Number(weight.item()),
  };
}

/** Sums of one or more tensors, and what is made of them. */
export function sumsMetric<Name extends string>(
  name: string,
  shapes: { readonly [K in Name]: readonly number[] },
  ofBatch: (
    predictions: Tensor,
    targets: Tensor,
    weights: Tensor | undefined,
  ) => { readonly [K in Name]: Tensor },
  result: (sums: { readonly [K in Name]: number[] }) => MetricValue,
): Metric<{ readonly [K in Name]: Tensor }> {
  const names = Object.keys(shapes) as Name[];
  const map = <T>(value: (name: Name) => T): { [K in Name]: T } =>
    Object.fromEntries(names.map((name) => [name, value(name)])) as { [K in Name]: T };
  return {
    name,
    init: () => map((name) => zero(shapes[name])),
    update(state, predictions, targets, weights) {
      const batch = ofBatch(predictions, targets, weights);
      return map((name) => state[name].add(batch[name]));
    },
    result: (state) =>
      result(map((name) => state[name].reshape([state[name].size]).toArray() as never as number[])),
  };
}

const zero = (shape: readonly number[] = []): Tensor => {
  const size = shape.reduce((product, n) => product * n, 1);
  return tensor(new Float64Array(size), { dtype: "f64", shape });
};
