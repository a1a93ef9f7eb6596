import { sigmoid } from "../../../tensor/functions/activation.js";
import { maximum } from "../../../tensor/functions/elementwise.js";
import { log1pExp, logistic } from "../odds.js";
import type { Loss } from "./loss.js";

/**
 * −log of the probability of what was seen, for classes 0 and 1: log(1 + e^−m) with m = (2y − 1)z, and
 * −(2y − 1) σ(−m). Nothing overflows, and nothing small is lost in a difference.
 */
export const binomial: Loss = {
  name: "binomial",
  forward(z, y) {
    const side = y
      .mul(2)
      .sub(1)
      .reshape(z.shape as never);
    const m = z.mul(side);
    const loss = maximum(m.neg(), 0).add(m.abs().neg().exp().log1p());
    return { loss: loss.reshape([-1]), residual: side.neg().mul(sigmoid(m.neg())) };
  },
  row(z, at, _outputs, y) {
    const side = 2 * y - 1;
    const m = side * z[at];
    z[at] = -side * logistic(-m);
    return log1pExp(-m);
  },
  curvature: (z, at) => logistic(z[at]) * logistic(-z[at]),
};
