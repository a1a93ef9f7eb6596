import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { random, ShapeError, tensor, ValueError } from "inkgrad";
import { csv, kFold, repeatedKFold } from "inkgrad/data";
import {
  calibration,
  type Classifier,
  logisticRegression,
  type Regressor,
  selection,
  sparseRows,
} from "inkgrad/learn";
import { tensorOf } from "@src/data/tensor-of.js";
import { takeRows } from "@src/learn/input/rows.js";
import { share, unshare } from "@src/learn/selection/data.js";
import { nearestCentroid } from "../../support/nearest-centroid.js";

const { crossValidate, crossValPredict, gridSearch, randomSearch } = selection;
const { learningCurve, validationCurve, regularizationPath } = selection;
const { choice, integer, logUniform, uniform } = selection;

const golden = JSON.parse(
  readFileSync(new URL("../../golden/learn/selection.json", import.meta.url), "utf8"),
);

function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => expect(Math.abs(found[i] - value)).toBeLessThanOrEqual(1e-9));
}

describe.each(golden.cases as any[])("with $classes classes, as scikit-learn", (c) => {
  it("crossValidate: every figure of every fold, of the rows learned from too", async () => {
    const scoring = Object.keys(c.test) as selection.ScorerName[];
    const options = { folds: c.folds, scoring, trainScores: true };
    const found = await crossValidate(nearestCentroid(), c.X, c.y, options);
    for (const name of scoring) {
      expectClose(found.scores[name].folds, c.test[name]);
      expectClose(found.trainScores![name].folds, c.train[name]);
    }
    expect(found.fitSeconds).toHaveLength(c.folds.length);
  });

  it("crossValPredict: labels, probabilities, decisions in the order of the rows", async () => {
    const { folds } = c;
    const model = nearestCentroid();
    expect(await crossValPredict(model, c.X, c.y as number[], { folds })).toEqual(c.predicted);
    const p = await crossValPredict(model, c.X, c.y, { folds, method: "predictProba" });
    expectClose(p.toArray().flat(), c.probabilities.flat());
    const z = await crossValPredict(model, c.X, c.y, { folds, method: "decisionFunction" });
    expectClose((z.toArray() as number[]).flat(), c.decisions.flat());
  });

  it("gridSearch: means, deviations, ranks, the best", async () => {
    const model = gridSearch(nearestCentroid, c.grid as { sharpness: number[] }, {
      folds: c.folds,
      scoring: "logLoss",
    });
    const { search } = await model.fit(c.X, c.y);
    const scores = search.candidates.map((candidate) => candidate.scores.logLoss);
    expectClose(
      scores.map(({ mean }) => mean),
      c.means,
    );
    expectClose(
      scores.map(({ deviation }) => deviation),
      c.deviations,
    );
    expect(search.candidates.map(({ rank }) => rank)).toEqual(c.ranks);
    expect(search.params).toEqual(c.best);
  });
});

const noise = random.normal(random.key(4), [60, 2], { dtype: "f64" }).toArray();
const y = noise.map((_, i) => (i % 3 === 0 ? "yes" : "no"));
const x = noise.map((row, i) => row.map((value) => value + (y[i] === "yes" ? 1.5 : 0)));

/** Says the mean of what it saw, and remembers how many rows that were. */
const meanRegressor = (seen: number[] = []): Regressor => ({
  kind: "meanRegressor",
  options: {},
  async fit(_, targets) {
    const list = Array.from(targets as ArrayLike<number>);
    seen.push(list.length);
    const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
    return {
      state: { kind: "meanRegressor" },
      features: 1,
      featureNames: null,
      predict: (rows) => {
        const n = (rows as { shape: number[] }).shape[0];
        return tensorOf(new Float64Array(n).fill(mean), [n], "f64") as never;
      },
    };
  },
});

describe("crossValidate", () => {
  it("stratifies classes, and scores regressors by R²", async () => {
    const { folds, scores } = await crossValidate(nearestCentroid(), x, y);
    for (const { test } of folds)
      expect([...test].filter((row) => y[row] === "yes")).toHaveLength(4);
    expect(scores.score.mean).toBeGreaterThan(0.7);
    const targets = noise.map(([value]) => value);
    const mean = await crossValidate(meanRegressor(), x, targets, {
      scoring: ["r2", "meanSquaredError"],
    });
    expect(mean.scores.r2.mean).toBeLessThanOrEqual(0);
    expect(mean.scores.meanSquaredError.mean).toBeLessThan(0);
    await expect(crossValidate(meanRegressor(), x, targets, { scoring: "f1" })).rejects.toThrow(
      'the score "f1" is for classifiers',
    );
  });

  it("takes functions and names of one's own as scores", async () => {
    const found = await crossValidate(nearestCentroid(), x, y, {
      scoring: { right: "accuracy", rows: (_, __, labels) => labels.length },
    });
    expect([...found.scores.rows.folds]).toEqual([12, 12, 12, 12, 12]);
    expect(Object.keys(found.scores)).toEqual(["right", "rows"]);
  });

  it("keeps groups on one side, and gives weights to fit", async () => {
    const groups = x.map((_, i) => Math.floor(i / 7));
    const weights: number[] = [];
    const spying: Classifier = {
      ...nearestCentroid(),
      fit(rows, labels, options) {
        weights.push((options!.sampleWeight as Float64Array).length);
        return nearestCentroid().fit(rows, labels, options);
      },
    };
    const found = await crossValidate(spying, x, y, {
      groups,
      folds: 3,
      sampleWeight: x.map((_, i) => 1 + (i % 2)),
    });
    for (const { train, test } of found.folds) {
      const inTest = new Set([...test].map((row) => groups[row]));
      expect([...train].some((row) => inTest.has(groups[row]))).toBe(false);
    }
    expect(weights).toEqual(found.folds.map(({ train }) => train.length));
  });

  it("gives the same for tensors, rows, tables and sparse rows", async () => {
    const table = csv.decode(`a,b\n${x.map((row) => row.join(",")).join("\n")}`);
    const sparse = sparseRows({
      columns: 2,
      starts: x.map((_, i) => 2 * i).concat(2 * x.length),
      indices: x.flatMap(() => [0, 1]),
      values: x.flat(),
    });
    const expected = (await crossValidate(nearestCentroid(), x, y)).scores.score.folds;
    for (const other of [tensor(x, { dtype: "f64" }), table, sparse]) {
      const found = await crossValidate(nearestCentroid(), other, y);
      expect(found.scores.score.folds).toEqual(expected);
    }
  });

  it("names the fold of an error, which keeps its class", async () => {
    const failing: Classifier = {
      ...nearestCentroid(),
      async fit() {
        throw new ShapeError("too narrow");
      },
    };
    const failed = crossValidate(failing, x, y);
    await expect(failed).rejects.toThrow(/^crossValidate: fold 0: too narrow$/);
    await expect(failed).rejects.toBeInstanceOf(ShapeError);
    const broken = { ...failing, fit: () => Promise.reject(new TypeError("oh")) };
    await expect(crossValidate(broken, x, y)).rejects.toThrow("fold 0: TypeError: oh");
  });

  it("refuses malformed input", async () => {
    const run = (options: object, labels: unknown = y) =>
      crossValidate(nearestCentroid(), x, labels as string[], options);
    await expect(run({ scoring: "acuracy" })).rejects.toThrow('there is no score "acuracy"');
    await expect(run({ scoring: [] })).rejects.toThrow("nothing to score by");
    await expect(run({ folds: 1 })).rejects.toThrow(ValueError);
    await expect(run({ folds: [] })).rejects.toThrow("folds must be a number, or a list");
    await expect(run({ folds: [{ train: [0], test: [60] }] })).rejects.toThrow("names row 60");
    await expect(run({ folds: [{ train: [0], test: [] }] })).rejects.toThrow("no rows in test");
    await expect(run({ groups: [1, 2] })).rejects.toThrow(ShapeError);
    await expect(run({}, ["yes"])).rejects.toThrow("X has 60 rows and y has 1");
    const lacking = y.map((label, i) => (i === 41 ? null : label));
    await expect(run({}, lacking)).rejects.toThrow("y of row 41 is null");
    const holed = x.map((row, i) => (i === 0 ? [NaN, 1] : row));
    await expect(crossValidate(nearestCentroid(), holed, y)).rejects.toThrow(
      /fold \d: .* row 0, column 0 is NaN.*rows are counted within the fold's part/,
    );
    await expect(run({ workers: 0 })).rejects.toThrow("workers must be");
    await expect(crossValidate({} as never, x, y)).rejects.toThrow("expected an estimator");
    await expect(
      crossValPredict(nearestCentroid(), x, y, {
        folds: repeatedKFold(60, { key: random.key(1), repeats: 2 }),
      }),
    ).rejects.toThrow("row 0 is in 2 folds");
  });
});

describe("searches", () => {
  it("try all combinations, also of several grids, and fit the best on all rows", async () => {
    const tried: object[] = [];
    const model = gridSearch(
      (params: { sharpness: number; other?: string }) => {
        tried.push(params);
        return nearestCentroid(params);
      },
      [{ sharpness: [0.1, 1], other: ["a", "b"] }, { sharpness: [7] }] as never,
      { scoring: ["accuracy", "logLoss"], refit: "logLoss" },
    );
    const fitted = await model.fit(x, y);
    expect(tried).toEqual([
      { sharpness: 0.1, other: "a" },
      { sharpness: 0.1, other: "b" },
      { sharpness: 1, other: "a" },
      { sharpness: 1, other: "b" },
      { sharpness: 7 },
    ]);
    const { search } = fitted;
    const best = Math.max(...search.candidates.map(({ scores }) => scores.logLoss.mean));
    expect(search.score).toBe(best);
    const all = await nearestCentroid(search.params).fit(x, y);
    expect(fitted.predictProba(x).toArray()).toEqual(all.predictProba(x).toArray());
  });

  it("are searched anew in every fold of a cross-validation", async () => {
    const model = gridSearch(nearestCentroid, { sharpness: [0.2, 2] }, { scoring: "logLoss" });
    const { scores } = await crossValidate(model, x, y, { folds: 3 });
    expect(scores.score.mean).toBeGreaterThan(0.7);
  });

  it("at random draw by key, and the first ones do not depend on how many", async () => {
    const drawn = async (count: number, seed: number) => {
      const distributions = {
        sharpness: logUniform(0.01, 10),
        other: ["a", "b"],
        n: integer(1, 3),
      };
      const model = randomSearch(nearestCentroid, distributions, { key: random.key(seed), count });
      return (await model.fit(x, y)).search.candidates.map(({ params }) => params);
    };
    const [five, eight] = [await drawn(5, 1), await drawn(8, 1)];
    expect(eight.slice(0, 5)).toEqual(five);
    expect(await drawn(5, 2)).not.toEqual(five);
    expect(new Set(eight.map(({ sharpness }) => sharpness)).size).toBe(8);
  });

  it("draw within the range", () => {
    const place = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(place, (at) => {
        expect(uniform(-2, 3).at(at)).toSatisfy((v: number) => v >= -2 && v <= 3);
        expect(logUniform(1e-4, 1e3).at(at)).toSatisfy((v: number) => v >= 1e-4 && v <= 1e3);
        expect([2, 3, 4]).toContain(integer(2, 4).at(at));
        expect(["p", "q"]).toContain(choice(["p", "q"]).at(at));
      }),
    );
    expect(logUniform(1, 100).at(0.5)).toBeCloseTo(10, 9);
    expect(() => logUniform(0, 1)).toThrow(ValueError);
    expect(() => integer(0.5, 1)).toThrow(ValueError);
    expect(() => uniform(2, 1)).toThrow(ValueError);
    expect(() => choice([])).toThrow(ValueError);
  });

  it("name fold and parameters of an error", async () => {
    const model = gridSearch(({ C }) => logisticRegression({ C }), { C: [1, -1] }, { folds: 3 });
    await expect(model.fit(x, y)).rejects.toThrow(/^gridSearch: fold 0 with { C: -1 }: .*C/);
    await expect(model.fit(x, y)).rejects.toBeInstanceOf(ValueError);
    const empty = gridSearch(nearestCentroid, { sharpness: [] });
    await expect(empty.fit(x, y)).rejects.toThrow("sharpness must be a list");
    const other = gridSearch(nearestCentroid, { sharpness: [1] }, { refit: "f1" });
    await expect(other.fit(x, y)).rejects.toThrow("refit must be one of");
    const keyless = randomSearch(nearestCentroid, { sharpness: [1] }, {} as never);
    await expect(keyless.fit(x, y)).rejects.toThrow("needs a key");
  });
});

describe("curves", () => {
  it("by rows: the smaller within the larger, all classes in each", async () => {
    const seen: string[][] = [];
    const spying: Classifier = {
      ...nearestCentroid(),
      fit(rows, labels, options) {
        seen.push(Array.from(labels as ArrayLike<string>));
        return nearestCentroid().fit(rows, labels, options);
      },
    };
    const { sizes, trainScores, testScores } = await learningCurve(spying, x, y, {
      sizes: [6, 0.5, 1],
      folds: 4,
    });
    expect([...sizes]).toEqual([6, 22, 45]);
    expect(seen.map(({ length }) => length)).toEqual([6, 22, 45].flatMap((n) => [n, n, n, n]));
    for (const labels of seen) {
      const yes = labels.filter((label) => label === "yes").length;
      expect(Math.abs(yes - labels.length / 3)).toBeLessThanOrEqual(1);
    }
    expect(seen[4].slice(0, 6)).toEqual(seen[0]);
    expect([trainScores.length, testScores.length]).toEqual([3, 3]);
    await expect(learningCurve(spying, x, y, { sizes: [99] })).rejects.toThrow("up to the 48 of");
    const seenNumbers: number[] = [];
    const targets = noise.map(([value]) => value);
    await learningCurve(meanRegressor(seenNumbers), x, targets, { sizes: [0.5], folds: 3 });
    expect(seenNumbers).toEqual([20, 20, 20]);
  });

  it("by a parameter: train and test scores at each value", async () => {
    const curve = await validationCurve(
      (sharpness: number) => nearestCentroid({ sharpness }),
      [0.01, 1, 50],
      x,
      y,
      { scoring: "logLoss" },
    );
    const [blunt, right, sharp] = curve.testScores.map(({ mean }) => mean);
    expect(right).toBeGreaterThan(blunt);
    expect(right).toBeGreaterThan(sharp);
    expect(curve.values).toEqual([0.01, 1, 50]);
    await expect(validationCurve(() => nearestCentroid(), [], x, y)).rejects.toThrow("a list");
  });
});

describe("regularizationPath", () => {
  it("goes from strong to weak, each fit from the one before, to the same as a cold start", async () => {
    const C = [10, 0.01, 1, 0.1];
    const starts: unknown[] = [];
    const path = await regularizationPath(
      ({ C }) => {
        const model = logisticRegression({ C, tol: 1e-8, maxIterations: 1000 });
        return {
          ...model,
          fit(rows: any, labels: any, options: any) {
            starts.push(options.start);
            return model.fit(rows, labels, options);
          },
        };
      },
      x,
      y,
      { C },
    );
    expect([...path.C]).toEqual([0.01, 0.1, 1, 10]);
    expect([...path.lambda]).toEqual([100, 10, 1, 0.1]);
    expect(starts).toEqual([undefined, ...path.fitted.slice(0, 3)]);
    for (let i = 1; i < 4; i++) expect(path.norms[i]).toBeGreaterThan(path.norms[i - 1]);
    const cold = await logisticRegression({ C: 10, tol: 1e-8, maxIterations: 1000 }).fit(x, y);
    cold.coefficients.toArray()[0].forEach((w, k) => {
      expect(Math.abs(w - path.coefficients[3][k])).toBeLessThan(1e-5);
    });
    expect([...path.nonzero]).toEqual([2, 2, 2, 2]);
    await expect(regularizationPath(() => null as never, x, y, { C: [0] })).rejects.toThrow("> 0");
  });

  it("of L1 lets features in one after another", async () => {
    const wide = x.map((row, i) => [...row, ...noise[(i + 7) % 60]]);
    const { nonzero } = await regularizationPath(
      ({ C }) => logisticRegression({ C, penalty: "l1" }),
      wide,
      y,
      { C: [0.001, 0.03, 100] },
    );
    expect(nonzero[0]).toBe(0);
    expect(nonzero[1]).toBeLessThan(nonzero[2]);
  });
});

it("calibration and search stand within each other", async () => {
  const model = gridSearch(
    ({ method }) => calibration.calibrated(logisticRegression(), { method, folds: 3 }),
    { method: ["sigmoid", "isotonic"] },
    { scoring: "logLoss", folds: 3 },
  );
  const { search, members } = await model.fit(x, y);
  expect(members).toHaveLength(3);
  expect(search.candidates).toHaveLength(2);
});

it("data are the same after they were shared with a worker", () => {
  const folds = kFold(4, { folds: 2 });
  const table = csv.decode("a,t\n1,x\n2,y\n,z\n4,w");
  const plain = [["a", 1], ["b", null], ["c", 2], ["d", 3]] as const; // prettier-ignore
  const sparse = sparseRows({
    columns: 2,
    starts: [0, 1, 1, 2, 3],
    indices: [1, 0, 1],
    values: [5, 6, 7],
  });
  for (const given of [table, plain, sparse, tensor([[1], [2], [3], [4]])]) {
    const data = {
      x: given as never,
      y: ["p", "q", "p", "q"],
      weights: Float64Array.of(1, 2, 3, 4),
      folds,
    };
    const again = unshare(structuredClone(share(data)));
    const rowsOf = (rows: any) => (typeof rows.toArray === "function" ? rows.toArray() : rows);
    expect(rowsOf(takeRows(again.x, [3, 1, 1]))).toEqual(rowsOf(takeRows(data.x, [3, 1, 1])));
    expect([again.y, again.weights, again.folds.length]).toEqual([data.y, data.weights, 2]);
  }
});
