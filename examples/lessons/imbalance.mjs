// When one class is rare: nothing, class weights, resampling, and the threshold.
//
// Where 5 % of the rows are positive, whoever always says no is right in 95 % of cases, and a classifier
// with the threshold ½ does nearly that. Four remedies are in use. Class weights let a rare row count
// more. Resampling changes the training rows: repeat rare ones (over-sampling), leave out frequent ones
// (under-sampling), or make new rare rows between neighbours (SMOTE). Or leave the model alone and lower
// the threshold. All of them find more of the rare class. But look at the ranking (AUC): nobody knows more
// than before. And look at the mean probability: after weights or resampling the model takes the rare class
// for several times as frequent as it is. The threshold does the same work, chosen for whatever matters
// (the mean of both recalls, F1, a cost), and leaves the probabilities right.
import { random } from "inkgrad";
import { toy, trainTestSplit } from "inkgrad/data";
import { imbalance, logisticRegression, metrics } from "inkgrad/learn";
import { lineChart } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const { randomOverSampler, randomUnderSampler, resampled, smote, withThreshold } = imbalance;

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("One row in twenty is positive, and four ways to deal with that.");
  const data = toy.classification({
    ...{
      n: small ? 3000 : 12_000,
      features: 8,
      informative: 4,
      redundant: 2,
      flipY: 0,
      clustersPerClass: 1,
    },
    ...{ weights: [0.95, 0.05], classSep: 0.8, dtype: "f64", key: random.key(15) },
  });
  const { train, test } = trainTestSplit(data, {
    ...{ fraction: 0.5, stratified: true, key: random.key(16) },
  });
  const share = test.y.cast("f64").mean().item();

  const model = logisticRegression();
  const key = random.key(17);
  const ways = {
    nothing: model,
    "class weights": logisticRegression({ classWeight: "balanced" }),
    "over-sampling": resampled(model, randomOverSampler({ key })),
    "under-sampling": resampled(model, randomUnderSampler({ key })),
    SMOTE: resampled(model, smote({ key })),
    "threshold, balanced": withThreshold(model, { objective: "balancedAccuracy", key }),
    "threshold, F1": withThreshold(model, { objective: "f1", key }),
  };
  const results = [];
  const rocs = {};
  for (const [name, way] of Object.entries(ways)) {
    const fitted = await way.fit(train.x, train.y);
    const predicted = fitted.predict(test.x);
    const probabilities = fitted.predictProba(test.x);
    results.push({
      name,
      threshold: fitted.threshold ?? 0.5,
      accuracy: metrics.accuracy(test.y, predicted),
      balanced: metrics.balancedAccuracy(test.y, predicted),
      precision: metrics.precision(test.y, predicted, { zeroDivision: 0 }),
      recall: metrics.recall(test.y, predicted),
      f1: metrics.f1(test.y, predicted, { zeroDivision: 0 }),
      auc: metrics.rocAuc(test.y, probabilities),
      meanProbability: probabilities
        .slice([[], [1, 2]])
        .mean()
        .item(),
      brier: metrics.brier(test.y, probabilities),
    });
    rocs[name] = metrics.rocCurve(test.y, probabilities);
  }
  print(`\n${test.x.shape[0]} test rows, of which ${(100 * share).toFixed(1)} % are positive:`);
  print(
    table(
      ["way", "accuracy", "balanced acc.", "precision", "recall", "F1"],
      results.map((r) => [r.name, r.accuracy, r.balanced, r.precision, r.recall, r.f1]),
    ),
  );
  print("\nWhat the probabilities are worth: ranking, mean (it should be the share), Brier score:");
  print(
    table(
      ["way", "threshold", "AUC", "mean probability", "Brier"],
      results.map((r) => [r.name, r.threshold, r.auc, r.meanProbability, r.brier]),
    ),
  );

  await plot(
    "roc",
    lineChart({
      description: "the ROC curves of all ways lie over each other: none ranks better",
      ...{ x: "false positive rate", y: "true positive rate", percent: true, dots: false },
      series: Object.entries(rocs).map(([name, { falsePositiveRate, truePositiveRate }]) => ({
        name,
        points: Array.from(falsePositiveRate, (x, i) => ({ x, y: truePositiveRate[i] })),
      })),
    }),
  );
  return { share, results };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
