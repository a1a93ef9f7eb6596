// Runs searches on one thread and on several, and prints what came of it; then there is nothing left to do.
import { random, ShapeError, tensor, ValueError } from "inkgrad";
import {
  calibration,
  imbalance,
  logisticRegression,
  preprocessing,
  selection,
} from "inkgrad/learn";

const threads = process.getBuiltinModule("node:worker_threads");
let started = 0;
const { Worker } = threads;
threads.Worker = class extends Worker {
  constructor(...args: ConstructorParameters<typeof Worker>) {
    super(...args);
    if (args[1]?.name === "inkgrad cross-validation") started++;
  }
};

const noise = random.normal(random.key(1), [90, 3], { dtype: "f64" }).toArray();
const y = noise.map((_, i) => ["a", "b", "c"][i % 3]);
const x = noise.map((row, i) => row.map((value, k) => value + (k === i % 3 ? 1 : 0)));
const key = random.key(2);

const scoring = ["accuracy", "logLoss", "rocAuc"] as const;
const search = (workers: number) =>
  selection.gridSearch(
    ({ C, method }) =>
      calibration.calibrated(
        imbalance.resampled(logisticRegression({ C }), imbalance.smote({ key, counts: { a: 24 } })),
        { method, folds: 2, key },
      ),
    { C: [0.1, 1, 10], method: ["sigmoid", "temperature"] },
    { scoring, folds: 3, key, trainScores: true, workers },
  );

/** All numbers, with every digit; not the seconds, which differ. */
const found = async (workers: number): Promise<string> => {
  const fitted = await search(workers).fit(x, y);
  const { candidates, params, score } = fitted.search;
  return JSON.stringify([
    params,
    score,
    candidates.map(({ scores, trainScores, rank }) => [
      rank,
      ...scoring.flatMap((name) => [[...scores[name].folds], [...trainScores![name].folds]]),
    ]),
    fitted.predictProba(x).toArray(),
  ]);
};

const predictedBy = async (workers: number, rows: Parameters<typeof selection.crossValidate>[1]) =>
  JSON.stringify(
    await selection
      .crossValPredict(logisticRegression(), rows, y, { method: "predictProba", workers })
      .then((p) => p.toArray()),
  );

const errorOf = async (workers: number): Promise<string> => {
  const model = selection.gridSearch(
    ({ C }) => logisticRegression({ C }),
    { C: [1, -1, -2] },
    { folds: 3, workers },
  );
  return model.fit(x, y).then(
    () => "none",
    (error: Error) =>
      `${error instanceof ValueError && !(error instanceof ShapeError)}: ${error.message}`,
  );
};

const one = await found(1);
const startedByOne = started;
const same = (await found(3)) === one;
const startedByThree = started;
const table = tensor(x, { dtype: "f32" });
const scaled = (await preprocessing.standardScaler().fit(x)).transform(x);
const samePredicted =
  (await predictedBy(1, table)) === (await predictedBy(2, table)) &&
  (await predictedBy(1, scaled)) === (await predictedBy(2, scaled));
const before = started;
const unknown = { ...logisticRegression(), kind: "my own" };
await selection.crossValidate(unknown, x, y, { workers: 2 });
await selection.crossValidate(logisticRegression(), x, y, { workers: 2, scoring: () => 1 });
const startedForFunctions = started - before;
const [error, sameError] = [await errorOf(1), await errorOf(3)];

console.log(
  JSON.stringify({
    startedByOne,
    startedByThree,
    same,
    samePredicted,
    startedForFunctions,
    error,
    sameError: error === sameError,
  }),
);
