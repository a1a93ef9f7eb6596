import { ValueError } from "../../base/errors.js";
import { bernoulli } from "../../tensor/random/bernoulli.js";
import { where } from "../../tensor/functions/where.js";
import type { Layer } from "../layer.js";
import type { SameShape } from "../types/rules.js";

/**
 * While training, each number is 0 with probability `rate`, and the others are divided by 1 − rate,
 * so that sums stay what they are on average. Otherwise it changes nothing.
 *
 * @source Srivastava et al., JMLR 15 (2014); scaled while training, as everywhere today
 */
export function dropout(rate: number): Layer<SameShape> {
  if (!(rate >= 0 && rate < 1))
    throw new ValueError(`dropout: the rate must be at least 0 and below 1, got ${String(rate)}`);
  return {
    kind: "dropout",
    options: rate,
    apply(_params, x, { training, key }) {
      if (!training || key === undefined || rate === 0) return x;
      const kept = bernoulli(key, x.shape, { p: 1 - rate });
      return where(kept, x.mul(1 / (1 - rate)), 0);
    },
  };
}
