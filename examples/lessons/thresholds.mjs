// From a probability to a decision: thresholds from 0.1 to 0.9.
//
// A classifier gives a probability, and somebody must say from which on it counts as "yes". One half is
// right only if both mistakes are equally bad. A low threshold finds nearly all that is there (recall) and
// raises many false alarms; a high one is nearly always right when it says yes (precision) and misses a
// lot. Nothing is learned anew: the same probabilities, cut elsewhere. If a miss costs as much as five
// false alarms, the best threshold is near 1 / (1 + 5), as long as the probabilities are right. Choose it on
// rows that neither the model has learned from nor the final judgement is made on.
import { random } from "inkgrad";
import { toy, trainTestSplit } from "inkgrad/data";
import { imbalance, logisticRegression, metrics } from "inkgrad/learn";
import { lineChart } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

export const cost = { fp: 1, fn: 5 };

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("The same probabilities, cut at thresholds from 0.1 to 0.9.");
  const data = toy.classification({
    ...{ n: small ? 1500 : 6000, features: 10, informative: 4, redundant: 2, flipY: 0.05 },
    ...{ weights: [0.7, 0.3], classSep: 1.2, dtype: "f64", key: random.key(12) },
  });
  const third = Math.round(data.x.shape[0] / 3);
  const { train: rest, test } = trainTestSplit(data, { size: third, key: random.key(13) });
  const { train, test: validation } = trainTestSplit(rest, { size: third, key: random.key(14) });
  const fitted = await logisticRegression().fit(train.x, train.y);

  const judge = (threshold, { x, y }) => {
    const predicted = imbalance.withThreshold(fitted, { threshold }).predict(x);
    const [[tn, fp], [fn, tp]] = metrics.confusionMatrix(y, predicted, { labels: [0, 1] }).matrix;
    return {
      ...{ threshold, tp, fp, fn, tn, cost: cost.fp * fp + cost.fn * fn },
      precision: metrics.precision(y, predicted, { zeroDivision: 1 }),
      recall: metrics.recall(y, predicted),
      f1: metrics.f1(y, predicted),
      accuracy: metrics.accuracy(y, predicted),
    };
  };
  const thresholds = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];
  const rows = thresholds.map((threshold) => judge(threshold, validation));
  print(`\nOn ${third} validation rows; a miss costs ${cost.fn}, a false alarm ${cost.fp}:`);
  print(
    table(
      ["threshold", "precision", "recall", "F1", "accuracy", "false alarms", "misses", "cost"],
      rows.map((r) => [r.threshold, r.precision, r.recall, r.f1, r.accuracy, r.fp, r.fn, r.cost]),
    ),
  );

  const probabilities = fitted.predictProba(validation.x);
  const goals = {
    "greatest F1": "f1",
    "greatest accuracy": "accuracy",
    "least cost": { cost },
    "recall at a precision of 0.9": { recallAtPrecision: 0.9 },
  };
  const tuned = Object.entries(goals).map(([goal, objective]) => {
    const { threshold } = imbalance.tuneThreshold(validation.y, probabilities, objective);
    return { goal, ...judge(threshold, test) };
  });
  print(`\nThresholds found on the validation rows, judged on ${third} test rows:`);
  print(
    table(
      ["chosen for", "threshold", "precision", "recall", "F1", "accuracy", "cost"],
      [{ goal: "nothing", ...judge(0.5, test) }, ...tuned].map((r) => [
        ...[r.goal, r.threshold, r.precision, r.recall, r.f1, r.accuracy, r.cost],
      ]),
    ),
  );

  const { curve } = imbalance.tuneThreshold(validation.y, probabilities, { cost });
  const list = Array.from(curve.thresholds);
  const series = (name, values) => ({
    name,
    points: list.map((x, i) => ({ x, y: values[i] })),
  });
  await plot(
    "precision-recall",
    lineChart({
      description:
        "the higher the threshold, the lower the recall, and mostly the higher the precision",
      ...{ x: "threshold", xDomain: [0, 1], percent: true, dots: false },
      series: [series("precision", curve.precision), series("recall", curve.recall)],
    }),
  );
  await plot(
    "cost",
    lineChart({
      description: "the cost is least at a threshold far below one half",
      ...{ x: "threshold", y: "cost", xDomain: [0, 1], dots: false },
      series: [series("cost", curve.values)],
    }),
  );
  return { rows, half: judge(0.5, test), tuned };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
