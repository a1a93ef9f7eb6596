import { onesLike } from "../../../tensor/functions/create.js";
import { maximum } from "../../../tensor/functions/elementwise.js";
import { where } from "../../../tensor/functions/where.js";
import { log1pExp, logistic } from "../odds.js";
import type { Loss } from "./loss.js";

/**
 * −log of the probability of what was seen, for classes 0 and 1: log(1 + e^−m) with m = (2y − 1)z, and
 * −(2y − 1) σ(−m). Nothing overflows, and nothing small is lost in a difference.
 */
export const binomial: Loss = {
  name: "binomial",
  forward(z, y) {
    const side = y.mul(2).sub(1).reshape(z.shape);
    const m = z.mul(side);
    // One exponential serves the loss and its derivative.
    const decay = m.abs().neg().exp();
    const larger = onesLike(decay).div(decay.add(1));
    const loss = maximum(m.neg(), 0).add(decay.log1p());
    const opposite = where(m.less(0), larger, decay.mul(larger));
    return { loss: loss.reshape([-1]), residual: side.neg().mul(opposite) };
  },
  row(z, at, _outputs, y) {
    const side = 2 * y - 1;
    const m = side * z[at];
    z[at] = -side * logistic(-m);
    return log1pExp(-m);
  },
  curvature: (z, at) => logistic(z[at]) * logistic(-z[at]),
};
