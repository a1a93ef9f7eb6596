/** Classes of which one is rare, and mistakes of which one is dear. */

export { balancedWeights, classWeights } from "./class-weights.js";
export type { ClassWeights } from "./class-weights.js";
export { resampled } from "./resampled.js";
export { randomOverSampler, randomUnderSampler, smote } from "./samplers.js";
export type { Sampler, SamplerOptions, SmoteOptions } from "./samplers.js";
export { tuneThreshold } from "./tune-threshold.js";
export type { ThresholdCurve, ThresholdObjective, TunedThreshold } from "./tune-threshold.js";
export { withThreshold } from "./with-threshold.js";
export type {
  FittedWithThreshold,
  GivenThreshold,
  ThresholdClassifier,
  TunedThresholdOptions,
} from "./with-threshold.js";
