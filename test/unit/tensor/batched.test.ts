import { expect, test } from "vitest";
import {
  arange,
  clip,
  diag,
  einsum,
  elu,
  gelu,
  grad,
  logAddExp,
  xlogy,
  logSigmoid,
  median,
  oneHot,
  relu,
  sigmoid,
  silu,
  slidingWindows,
  softplus,
  split,
  stack,
  take,
  takeAlongAxis,
  type Tensor,
  tensor,
  topK,
  tril,
  vmap,
} from "inkgrad";

const index = tensor([2, 0], { dtype: "i32" });
const functions: Record<string, (x: Tensor) => Tensor> = {
  sigmoid,
  softplus,
  logSigmoid,
  silu,
  relu,
  elu: (x) => elu(x),
  gelu: (x) => gelu(x, { approximate: true }),
  clip: (x) => clip(x, -1, 1),
  logAddExp: (x) => logAddExp(x, 1),
  xlogy: (x) => xlogy(x, 2),
  tile: (x) => x.tile([2, 2]),
  repeat: (x) => x.repeat(2, 0),
  pad: (x) => x.pad(1, 2),
  outer: (x) => x.outer(x),
  diag: (x) => diag(x.sum(0)),
  tril: (x) => tril(x),
  split: (x) => split(x, [1, 2], 1)[1],
  slidingWindows: (x) => slidingWindows(x, 2),
  einsum: (x) => einsum("ij,kj->ik", x, x),
  take: (x) => take(x, index, 1),
  takeAlongAxis: (x) => takeAlongAxis(x, stack([index, index]), 1),
  topK: (x) => topK(x, 2)[0],
  median: (x) => median(x, 1),
  oneHot: (x) => oneHot(index, 3).mul(x),
};

/** Three examples [2, 3]. */
const batch: Tensor = arange(18).mul(1.7).sin().mul(2).reshape([3, 2, 3]);

test.each(Object.entries(functions))(
  "%s of a batch is that of each example, and so is its gradient",
  (_name, f) => {
    const examples = [0, 1, 2].map((i) => take(batch, tensor([i], { dtype: "i32" }), 0).squeeze(0));
    const gradient = grad((x: Tensor) => f(x).square().sum());
    for (const g of [f, gradient]) {
      const whole = [vmap(g)(batch).toArray()].flat(9);
      const apart = examples.flatMap((x) => [g(x).toArray()].flat(9));
      expect(whole.length).toBe(apart.length);
      whole.forEach((value, i) => expect(value).toBeCloseTo(apart[i] as number, 5));
    }
  },
);
