import type { Kinds } from "../saving/kinds.js";
import type { Classifier } from "../types.js";
import { resampled } from "./resampled.js";
import type { Sampler } from "./samplers.js";
import {
  restoreWithThreshold,
  type TunedThresholdOptions,
  withThreshold,
} from "./with-threshold.js";

export const imbalanceKinds: Kinds = {
  resampled: {
    make: ({ estimator, sampler }: { estimator: Classifier; sampler: Sampler }) =>
      resampled(estimator, sampler),
  },
  withThreshold: {
    make: ({ estimator, ...options }: TunedThresholdOptions & { estimator: Classifier }) =>
      withThreshold(estimator, options),
    restore: restoreWithThreshold,
  },
};
