import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Metric } from "./metric.js";

type Counts = { readonly right: Tensor; readonly all: Tensor };

/** The share of examples [n] whose greatest logit [n, classes] is that of their class. */
export const accuracy = (): Metric<Counts> => ({
  name: "accuracy",
  init: () => ({ right: tensor(0), all: tensor(0) }),
  update(state, predictions, targets, weights) {
    const right = predictions.argmax(-1).equal(targets).cast("f32") as Tensor;
    const counted = weights === undefined ? right : right.mul(weights);
    const all = weights === undefined ? targets.shape[0] : weights.sum();
    return { right: state.right.add(counted.sum()), all: state.all.add(all as never) };
  },
  result: ({ right, all }) => Number(right.item()) / Number(all.item()),
});
