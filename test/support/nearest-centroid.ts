import { tensorOf } from "@src/data/tensor-of.js";
import { encoded, weightsOf } from "@src/learn/input/labels.js";
import { denseOf } from "@src/learn/input/matrix.js";
import type { State } from "@src/learn/saving/state.js";
import type { Classifier, FittedClassifier, FitOptions, Labels, Matrix } from "inkgrad/learn";
import { fromProbabilities } from "@src/learn/input/classifier.js";

/**
 * A small classifier for tests of what stands around classifiers, the same as in scripts/golden/calibration.py.
 * Scores: `sharpness` times minus the squared distance to the mean of each class, for two classes their
 * difference; probabilities: their softmax.
 */
export const nearestCentroid = (options: { sharpness?: number } = {}): Classifier => ({
  kind: "nearestCentroid",
  options: { ...options },
  async fit(x, y: Labels<any>, { sampleWeight }: FitOptions = {}) {
    const { rows, columns, values } = denseOf(x as Matrix, "nearestCentroid.fit");
    const { classes, numbers } = encoded(y, rows, "nearestCentroid.fit");
    const weights = weightsOf(sampleWeight, rows, "nearestCentroid.fit");
    const means = new Float64Array(classes.length * columns);
    const totals = new Float64Array(classes.length);
    for (let i = 0; i < rows; i++) {
      const weight = weights?.[i] ?? 1;
      totals[numbers[i]] += weight;
      for (let k = 0; k < columns; k++)
        means[numbers[i] * columns + k] += weight * values[i * columns + k];
    }
    means.forEach((sum, i) => (means[i] = sum / totals[Math.floor(i / columns)]));
    const { sharpness = 1 } = options;
    return restoreNearestCentroid({ kind: "nearestCentroid", classes, means, sharpness }) as never;
  },
});

export function restoreNearestCentroid(state: State): FittedClassifier {
  const { means, classes, sharpness } = state as unknown as {
    means: Float64Array;
    classes: (string | number)[];
    sharpness: number;
  };
  const features = means.length / classes.length;
  const count = classes.length;
  const distances = (x: Matrix): Float64Array<ArrayBuffer> => {
    const like = { features, featureNames: null };
    const { rows, values } = denseOf(x, "nearestCentroid", { like });
    const out = new Float64Array(rows * count);
    for (let i = 0; i < rows; i++)
      for (let c = 0; c < count; c++)
        for (let k = 0; k < features; k++)
          out[i * count + c] -= (values[i * features + k] - means[c * features + k]) ** 2;
    return out.map((d) => sharpness * d);
  };
  const probabilities = (x: unknown) => {
    const scores = distances(x as Matrix).map(Math.exp);
    for (let at = 0; at < scores.length; at += count) {
      const row = scores.subarray(at, at + count);
      const sum = row.reduce((a, b) => a + b, 0);
      row.forEach((value, k) => (row[k] = value / sum));
    }
    return scores;
  };
  return {
    ...fromProbabilities({ state, features, featureNames: null }, classes, probabilities),
    decisionFunction(x) {
      const scores = distances(x as Matrix);
      const rows = scores.length / count;
      if (count !== 2) return tensorOf(scores, [rows, count], "f64");
      const difference = Float64Array.from(
        { length: rows },
        (_, i) => scores[2 * i + 1] - scores[2 * i],
      );
      return tensorOf(difference, [rows], "f64");
    },
  };
}
