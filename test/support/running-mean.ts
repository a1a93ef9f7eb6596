import { zeros, type Tensor } from "inkgrad";
import type { Layer } from "inkgrad/nn";

/** Takes off the mean of each feature; keeps a running one, for use after training. */
export const runningMean = (): Layer => ({
  kind: "runningMean",
  options: null,
  initState: ([features]) => ({ mean: zeros([features]) }),
  apply(_params, x, { training, state, keep }) {
    const { mean } = state as { mean: Tensor };
    if (!training) return x.sub(mean);
    const now = x.mean(0) as Tensor;
    keep({ mean: mean.mul(0.9).add(now.mul(0.1)) });
    return x.sub(now);
  },
});
