import { requireClassifier } from "../input/classifier.js";
import type {
  Classifier,
  Features,
  FitOptions,
  FittedClassifier,
  Label,
  Labels,
} from "../types.js";
import { resample } from "./resample.js";
import type { Sampler } from "./samplers.js";

/**
 * A classifier that learns from resampled rows. Only `fit` resamples: what it gives is what the estimator
 * itself fitted, which knows of no sampler, so that rows to predict, to validate on or to test with are never
 * resampled, in a cross-validation neither.
 *
 * @source imbalanced-learn's pipeline
 */
export const resampled = (estimator: Classifier, sampler: Sampler): Classifier => ({
  kind: "resampled",
  options: { estimator, sampler },
  async fit<L extends Label>(
    x: Features,
    y: Labels<L>,
    { sampleWeight }: FitOptions = {},
  ): Promise<FittedClassifier<L>> {
    requireClassifier(estimator, "resampled.fit");
    const drawn = resample(sampler, x, y, sampleWeight);
    return estimator.fit<L>(
      drawn.x,
      drawn.y,
      drawn.weights === null ? {} : { sampleWeight: drawn.weights },
    );
  },
});
