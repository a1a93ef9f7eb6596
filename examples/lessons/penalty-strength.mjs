// How strong should the penalty be? A sweep over λ.
//
// With many features and few rows the likelihood is greatest for large weights that explain accidents.
// A penalty asks a price for weights: L2 (ridge) λ/2 times the sum of their squares, L1 (lasso) λ times
// the sum of their sizes. The stronger it is, the shorter the vector of weights, and the higher the loss
// on the rows that were learned from; but on new rows the loss falls first, and rises when nothing may be
// said any more. So λ is chosen on rows that were not learned from. L2 makes all weights smaller, L1 makes
// more and more of them exactly 0. (C is 1 / λ, and the intercept has no price.)
import { random } from "inkgrad";
import { toy, trainTestSplit } from "inkgrad/data";
import { logisticRegression, metrics } from "inkgrad/learn";
import { lineChart } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("A sweep over the strength of the penalty: norms of the weights, and loss on new rows.");
  const data = toy.classification({
    ...{ n: small ? 600 : 3000, features: 40, informative: 5, redundant: 0, flipY: 0.1 },
    ...{ clustersPerClass: 1, classSep: 0.6, dtype: "f64", key: random.key(7) },
  });
  const { train, test } = trainTestSplit(data, { size: small ? 500 : 2880, key: random.key(8) });

  const strengths = small
    ? [0.001, 0.1, 1, 3, 10, 30, 100, 1000]
    : Array.from({ length: 19 }, (_, k) => Number((10 ** (k / 3 - 3)).toPrecision(2)));
  const sweeps = {};
  for (const penalty of ["l2", "l1"]) {
    sweeps[penalty] = [];
    for (const strength of strengths) {
      const fitted = await logisticRegression({ penalty, C: 1 / strength, tol: 1e-8 }).fit(
        train.x,
        train.y,
      );
      const weights = fitted.coefficients.toArray()[0];
      sweeps[penalty].push({
        strength,
        weights,
        length: Math.hypot(...weights),
        sum: weights.reduce((sum, w) => sum + Math.abs(w), 0),
        used: weights.filter((w) => w !== 0).length,
        trainLoss: metrics.logLoss(train.y, fitted.predictProba(train.x)),
        testLoss: metrics.logLoss(test.y, fitted.predictProba(test.x)),
        accuracy: metrics.accuracy(test.y, fitted.predict(test.x)),
      });
    }
  }
  const best = {};
  for (const [penalty, sweep] of Object.entries(sweeps)) {
    print(`\n${penalty.toUpperCase()}, ${train.x.shape[0]} rows learned from:`);
    print(
      table(
        ["λ", "‖w‖₂", "‖w‖₁", "not 0", "loss, learned", "loss, new", "accuracy, new"],
        sweep.map((s) => [
          ...[s.strength, s.length, s.sum, s.used],
          ...[s.trainLoss, s.testLoss, s.accuracy],
        ]),
      ),
    );
    best[penalty] = sweep.reduce((least, s) => (s.testLoss < least.testLoss ? s : least));
    print(`Best on new rows: λ = ${best[penalty].strength}.`);
  }

  const series = (f) =>
    Object.entries(sweeps).map(([penalty, sweep]) => ({
      name: penalty.toUpperCase(),
      points: sweep.map((s) => ({ x: s.strength, y: f(s) })),
    }));
  const axis = { x: "λ", xScale: "log" };
  await plot(
    "norms",
    lineChart({
      ...{ description: "the stronger the penalty, the shorter the vector of weights", ...axis },
      ...{ y: "length of the weights", series: series((s) => s.length) },
    }),
  );
  await plot(
    "loss",
    lineChart({
      description: "the loss on rows learned from rises; on new rows it falls first, then rises",
      ...{ ...axis, y: "log loss" },
      series: [
        ...series((s) => s.testLoss).map((s) => ({ ...s, name: `${s.name}, new` })),
        ...series((s) => s.trainLoss).map((s) => ({ ...s, name: `${s.name}, learned` })),
      ],
    }),
  );
  await plot(
    "path",
    lineChart({
      ...{ description: "the weights under an L1 penalty: one after the other becomes 0", ...axis },
      ...{ y: "weight", names: false, dots: false },
      series: sweeps.l1[0].weights.map((_, k) => ({
        name: `w${k}`,
        points: sweeps.l1.map((s) => ({ x: s.strength, y: s.weights[k] })),
      })),
    }),
  );
  return { sweeps, best };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
