// Probabilities that mean what they say: Platt's sigmoid and isotonic regression.
//
// Of the rows to which a classifier gives 0.8, 80 % should be positive. One that has learned its few training
// rows by heart says 0.99 where 0.8 would be right. Its ranking may be good all the same, and so its
// scores can be mapped to honest probabilities by a curve, learned from rows that it has not seen. Platt's
// curve is a sigmoid with two parameters: good with little data, and no help where the truth has another
// shape. Isotonic regression finds any curve that never falls; from a few dozen rows it finds accidents,
// from thousands the truth. A temperature is one number. What is measured is the calibration error:
// the mean distance between what was said and what happened, over ten bins.
import { random } from "inkgrad";
import { toy, trainTestSplit } from "inkgrad/data";
import { calibration, logisticRegression, metrics } from "inkgrad/learn";
import { lineChart } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

/** In both one row in three has a label drawn at random, so that nothing is surer than about 83 %. */
const cases = {
  // Hardly more rows than features: far too sure everywhere.
  "learned by heart": { n: 150, features: 40, classSep: 2 },
  // Ranks well, and its sigmoid goes to 0 and 1, where the truth has a plateau that no sigmoid has.
  "a plateau": { n: 400, features: 20, classSep: 3 },
};

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Two classifiers that are too sure of themselves, and three ways to calibrate them.");
  const [many, test] = small ? [1500, 3000] : [3000, 20_000];
  const found = {};
  for (const [name, { n, features, classSep }] of Object.entries(cases)) {
    const data = toy.classification({
      ...{ n: n + many + test, features, classSep, flipY: 0.33 },
      ...{ informative: 5, redundant: 0, clustersPerClass: 1, dtype: "f64", key: random.key(18) },
    });
    // Rows to learn from, rows for the curves, and rows that decide nothing.
    const { train: seen, test: judged } = trainTestSplit(data, { size: test });
    const { train, test: held } = trainTestSplit(seen, { size: many });
    const raw = await logisticRegression({ C: 100 }).fit(train.x, train.y);

    const judge = (method, rows, probabilities) => ({
      ...{ method, rows },
      error: metrics.expectedCalibrationError(judged.y, probabilities),
      brier: metrics.brier(judged.y, probabilities),
      logLoss: metrics.logLoss(judged.y, probabilities),
      auc: metrics.rocAuc(judged.y, probabilities),
      curve: metrics.calibrationCurve(judged.y, probabilities, { bins: 10 }),
    });
    found[name] = [judge("none", 0, raw.predictProba(judged.x))];
    for (const rows of [50, many]) {
      const [x, y] = trainTestSplit([held.x, held.y], { size: rows }).test;
      for (const method of ["sigmoid", "isotonic", "temperature"]) {
        // Given what was fitted already, these rows are for the curve alone.
        const fitted = await calibration.calibrated(raw, { method }).fit(x, y);
        found[name].push(judge(method, rows, fitted.predictProba(judged.x)));
      }
    }
    print(`\n${name}: ${n} rows learned from, ${test} rows judged.`);
    print(
      table(
        ["calibration", "from rows", "calibration error", "Brier", "log loss", "AUC"],
        found[name].map((r) => [r.method, r.rows, r.error, r.brier, r.logLoss, r.auc]),
      ),
    );
  }
  print(
    "\nThe order of the rows, and so the AUC, stays; isotonic curves make some rows equal. They may",
  );
  print("end at exactly 0 and 1, and a single row against that costs them the log loss.");
  const [{ curve: before }] = found["learned by heart"];
  print("\nWhat the first one said, and how often it was so, before calibration:");
  const pairs = Array.from(before.predicted, (p, i) => [p, before.observed[i]]);
  print(table(["said", "was so"], pairs));

  for (const [name, results] of Object.entries(found))
    await plot(
      name.replaceAll(" ", "-"),
      lineChart({
        description: `${name}: what was said and what happened, before and after calibration`,
        ...{ x: "mean probability", y: "share of positives", xDomain: [0, 1], yDomain: [0, 1] },
        series: [
          { name: "right", dashed: true, points: [0, 1].map((p) => ({ x: p, y: p })) },
          ...results
            .filter(({ rows, method }) => rows !== 50 && method !== "temperature")
            .map(({ method, curve }) => ({
              name: method === "none" ? "before" : method,
              points: Array.from(curve.predicted, (x, i) => ({ x, y: curve.observed[i] })),
            })),
        ],
      }),
    );
  return { found };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
