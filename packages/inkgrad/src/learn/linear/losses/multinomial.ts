import { logSumExp } from "../../../tensor/functions/reduce.js";
import { oneHot } from "../../../tensor/functions/one-hot.js";
import type { Loss } from "./loss.js";

/** −log softmax(z)[y] = log Σ e^zₖ − z_y, and softmax(z) − the one of y. */
export const multinomial: Loss = {
  name: "multinomial",
  forward(z, y) {
    const [, outputs] = z.shape;
    const seen = oneHot(y.cast("i32"), outputs, { dtype: z.dtype as "f32" });
    const total = logSumExp(z, 1, { keepDims: true });
    // (z − total) is log softmax: of the class that was seen it is the loss, and small where that is sure.
    const logs = z.sub(total as never);
    const loss = logs.mul(seen as never).sum(1);
    return { loss: loss.neg(), residual: logs.exp().sub(seen as never) };
  },
  row(z, at, outputs, y) {
    const total = logTotal(z, at, outputs);
    const seen = z[at + y];
    // The probability may have underflowed; the margin, and so the loss, has not.
    const loss = total - seen;
    for (let k = at; k < at + outputs; k++) z[k] = Math.exp(z[k] - total);
    z[at + y] -= 1;
    return loss;
  },
  curvature(z, at, outputs, k, l) {
    const total = logTotal(z, at, outputs);
    const p = Math.exp(z[at + k] - total);
    return k === l ? p * (1 - p) : -p * Math.exp(z[at + l] - total);
  },
};

/** log Σ e^z. */
function logTotal(z: Float64Array, at: number, outputs: number): number {
  let most = -Infinity;
  for (let k = at; k < at + outputs; k++) most = Math.max(most, z[k]);
  let sum = 0;
  for (let k = at; k < at + outputs; k++) sum += Math.exp(z[k] - most);
  return most + Math.log(sum);
}
