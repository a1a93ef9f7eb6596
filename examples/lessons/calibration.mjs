// Probabilities that mean what they say: Platt's sigmoid and isotonic regression.
//
// Of the rows to which a classifier gives 0.8, 80 % should be positive. One that has learned its few training
// rows by heart says 0.99 where 0.8 would be right. Its ranking may be good all the same, and so its
// scores can be mapped to honest probabilities by a curve that is learned from rows it has not seen. Platt's
// curve is a sigmoid with two parameters: good with little data, and wrong where the truth has another
// shape. Isotonic regression finds any curve that never falls: it needs about a thousand rows. A
// temperature is one number. The expected calibration error is the mean distance between what was said and
// what happened, over ten bins.
import { random } from "inkgrad";
import { toy, trainTestSplit } from "inkgrad/data";
import { calibration, logisticRegression, metrics } from "inkgrad/learn";
import { lineChart } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const methods = ["sigmoid", "isotonic", "temperature"];

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("A classifier that is too sure of itself, and three ways to calibrate it.");
  const [fresh, test] = small ? [1500, 3000] : [3000, 20_000];
  // One row in three has a random label: nothing is surer than about 83 %, a plateau that no sigmoid has.
  const data = toy.classification({
    ...{ n: 150 + fresh + test, features: 40, informative: 5, redundant: 0, clustersPerClass: 1 },
    ...{ flipY: 0.33, classSep: 2, dtype: "f64", key: random.key(18) },
  });
  const { train: seen, test: judged } = trainTestSplit(data, { size: test });
  const { train, test: held } = trainTestSplit(seen, { size: fresh });
  // 150 rows, 40 features, hardly a penalty: it learns by heart.
  const raw = await logisticRegression({ C: 100 }).fit(train.x, train.y);

  const figures = (name, rows, probabilities) => ({
    ...{ name, rows },
    error: metrics.expectedCalibrationError(judged.y, probabilities),
    brier: metrics.brier(judged.y, probabilities),
    logLoss: metrics.logLoss(judged.y, probabilities),
    auc: metrics.rocAuc(judged.y, probabilities),
    curve: metrics.calibrationCurve(judged.y, probabilities, { bins: 10 }),
  });
  const results = [figures("as it is", 0, raw.predictProba(judged.x))];
  for (const rows of [50, fresh]) {
    const part = trainTestSplit([held.x, held.y], { size: rows }).test;
    for (const method of methods) {
      // Given a fitted classifier, the rows are for the curve alone.
      const fitted = await calibration.calibrated(raw, { method }).fit(...part);
      results.push(figures(method, rows, fitted.predictProba(judged.x)));
    }
  }
  print(`\nOn ${test} rows that decided nothing:`);
  print(
    table(
      ["calibration", "from rows", "calibration error", "Brier", "log loss", "AUC"],
      results.map((r) => [r.name, r.rows, r.error, r.brier, r.logLoss, r.auc]),
    ),
  );
  print(
    "With 1,500 rows or more the isotonic curve finds the plateau, and is nearest to what happens.",
  );
  print("But it can end at exactly 0 and 1, and a single row against that costs it the log loss.");
  const { predicted, observed } = results[0].curve;
  print("\nWhat it said, and how often it was so, before calibration:");
  print(
    table(
      ["said", "was so"],
      Array.from(predicted, (p, i) => [p, observed[i]]),
    ),
  );

  const shown = results.filter(({ rows }) => rows !== 50);
  await plot(
    "reliability",
    lineChart({
      description:
        "uncalibrated probabilities are too near to 0 and 1; calibrated, they lie on the diagonal",
      ...{ x: "mean probability", y: "share of positives", xDomain: [0, 1], yDomain: [0, 1] },
      series: [
        {
          name: "right",
          dashed: true,
          points: [
            { x: 0, y: 0 },
            { x: 1, y: 1 },
          ],
        },
        ...shown.map(({ name, curve }) => ({
          name,
          points: Array.from(curve.predicted, (x, i) => ({ x, y: curve.observed[i] })),
        })),
      ],
    }),
  );
  return { results };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
