import { afterEach, describe, expect, it, vi } from "vitest";
import { inverse, tensor } from "inkgrad";
import { csv } from "inkgrad/data";
import {
  type FitWarning,
  logisticRegression,
  logOddsToOdds,
  logOddsToProbability,
  oddsToLogOdds,
  oddsToProbability,
  probabilityToLogOdds,
  probabilityToOdds,
  sparseRows,
} from "inkgrad/learn";
import { fittedFromBytes, fittedToBytes } from "@src/learn/saving/file.js";
import { make } from "@src/learn/kinds.js";
import { specOf } from "@src/learn/saving/kinds.js";
import { normals } from "./linear-data.js";

/** Rows of normal numbers, and classes that depend on them with noise. */
function sample(rows: number, columns: number, classes = 2, seed = 1) {
  const next = normals(seed);
  const w = Array.from({ length: columns * classes }, next);
  const x = Array.from({ length: rows }, () => Array.from({ length: columns }, next));
  const y = x.map((row) => {
    const z = Array.from(
      { length: classes },
      (_, k) => next() + row.reduce((sum, v, j) => sum + v * w[j * classes + k], 0),
    );
    return z.indexOf(Math.max(...z));
  });
  return { x, y };
}

const sparseOf = (x: number[][]) => {
  const cells = x.map((row) => row.flatMap((v, j) => (v === 0 ? [] : [[j, v]])));
  const starts = [0];
  for (const row of cells) starts.push(starts[starts.length - 1] + row.length);
  return sparseRows({
    columns: x[0].length,
    starts,
    indices: cells.flat().map(([j]) => j),
    values: cells.flat().map(([, v]) => v),
  });
};

const flat = (fitted: {
  coefficients: { toArray(): unknown };
  intercepts: { toArray(): unknown };
}) => [fitted.coefficients.toArray(), fitted.intercepts.toArray()].flat(2) as number[];

const farthest = (a: number[], b: number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

afterEach(() => {
  vi.restoreAllMocks();
});

describe("logistic regression", () => {
  const { x, y } = sample(300, 4);

  it("knows nothing to predict with before it is fitted", () => {
    const model = logisticRegression();
    expect(Object.keys(model).sort()).toEqual(["fit", "fitStream", "kind", "learner", "options"]);
    // @ts-expect-error predicting before fitting does not compile
    expect(model.predict).toBeUndefined();
  });

  it("gives labels back as they were given, and probabilities that sum to 1", async () => {
    const labels = y.map((k) => (k === 1 ? "yes" : "no"));
    const fitted = await logisticRegression().fit(x, labels);
    expect(fitted.classes).toEqual(["no", "yes"]);
    const p = fitted.predictProba(x).toArray();
    for (const [a, b] of p) expect(a + b).toBeCloseTo(1, 14);
    const z = fitted.decisionFunction(x).toArray() as number[];
    expect(fitted.predict(x)).toEqual(z.map((value) => (value > 0 ? "yes" : "no")));
    z.forEach((value, i) => expect(p[i][1]).toBeCloseTo(logOddsToProbability(value), 14));
    const right = fitted.predict(x).filter((label, i) => label === labels[i]).length;
    expect(right / x.length).toBeGreaterThan(0.7);
    const logs = fitted.predictLogProba(x).toArray();
    expect(logs[0][0]).toBeCloseTo(Math.log(p[0][0]), 12);
  });

  it("is the same from rows, tensors of f64, tables and sparse rows, and near in f32", async () => {
    const names = ["a", "b", "c", "d"];
    const table = csv.decode([names.join(), ...x.map((row) => row.join())].join("\n"));
    const model = logisticRegression({ solver: "lbfgs", tol: 1e-9 });
    const want = flat(await model.fit(x, y));
    for (const other of [tensor(x, { dtype: "f64" }), table, sparseOf(x)])
      expect(farthest(flat(await model.fit(other, y)), want)).toBeLessThan(1e-6);
    const quick = logisticRegression({ solver: "lbfgs", tol: 1e-5 });
    expect(farthest(flat(await quick.fit(tensor(x), y)), want)).toBeLessThan(1e-3);
    const named = await model.fit(table, y);
    expect(named.featureNames).toEqual(names);
    expect(() => named.predict([[1, 2, 3]])).toThrow("fitted on 4 columns, and X has 3");
  });

  it.each(["auto", "ovr"] as const)(
    "takes sparse rows with more classes (%s)",
    async (multiClass) => {
      const many = sample(200, 5, 3, 7);
      const holes = many.x.map((row, i) => row.map((v, j) => ((i + j) % 3 === 0 ? 0 : v)));
      for (const options of [
        { solver: "newton" },
        { solver: "saga", penalty: "l1", C: 0.3, tol: 1e-6 },
      ] as const) {
        const model = logisticRegression({ multiClass, ...options });
        const [dense, sparse] = [
          await model.fit(holes, many.y),
          await model.fit(sparseOf(holes), many.y),
        ];
        expect(farthest(flat(dense), flat(sparse))).toBeLessThan(1e-4);
        expect(sparse.predict(sparseOf(holes))).toEqual(dense.predict(holes));
      }
    },
  );

  it("counts weights as repeated rows, and class weights as weights of their rows", async () => {
    const counts = x.map((_, i) => i % 3);
    const repeated = x.flatMap((row, i) => Array.from({ length: counts[i] }, () => row));
    const labels = y.flatMap((k, i) => Array.from({ length: counts[i] }, () => k));
    const model = logisticRegression({ tol: 1e-9 });
    const want = flat(await model.fit(repeated, labels));
    expect(farthest(flat(await model.fit(x, y, { sampleWeight: counts })), want)).toBeLessThan(
      1e-7,
    );
    const byClass = await logisticRegression({ tol: 1e-9, classWeight: { 1: 3 } }).fit(x, y);
    const byRow = await model.fit(x, y, { sampleWeight: y.map((k) => (k === 1 ? 3 : 1)) });
    expect(farthest(flat(byClass), flat(byRow))).toBeLessThan(1e-7);
    await expect(logisticRegression({ classWeight: { 7: 1 } }).fit(x, y)).rejects.toThrow(
      'names the class "7"; there are 0, 1',
    );
  });

  it("begins where an earlier fit ended, if told to", async () => {
    const model = logisticRegression({ solver: "lbfgs", tol: 1e-8 });
    const first = await model.fit(x, y);
    const again = await model.fit(x, y, { start: first });
    expect(first.iterations[0]).toBeGreaterThan(3);
    expect(again.iterations[0]).toBe(0);
    const other = await model.fit(
      x.map((row) => row.slice(1)),
      y,
    );
    await expect(model.fit(x, y, { start: other })).rejects.toThrow("on 4 features");
  });

  it("warns when the iterations do not suffice, and says what to do", async () => {
    const heard: FitWarning[] = [];
    const model = logisticRegression({ solver: "lbfgs", maxIterations: 1, tol: 1e-10 });
    const fitted = await model.fit(x, y, { onWarning: (warning) => heard.push(warning) });
    expect(fitted.converged).toBe(false);
    expect(heard).toEqual(fitted.warnings);
    expect(heard[0].name).toBe("ConvergenceWarning");
    expect(heard[0].message).toMatch(/maxIterations/);
    const print = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    await model.fit(x, y);
    expect(print.mock.calls[0][0]).toMatch(/^ConvergenceWarning: .*standardScaler/);
    // In a search the same is to be said once, not for every fold.
    await model.fit(x, y);
    expect(print).toHaveBeenCalledTimes(1);
  });

  it("gives constant columns the coefficient 0, and goes on without them", async () => {
    const wider = x.map((row) => [row[0], 7, ...row.slice(1), 0]);
    const model = logisticRegression({ tol: 1e-9 });
    const [want, got] = [await model.fit(x, y), await model.fit(wider, y)];
    const [line] = got.coefficients.toArray();
    expect([line[1], line[5]]).toEqual([0, 0]);
    const [plain] = want.coefficients.toArray();
    expect(farthest([line[0], ...line.slice(2, 5)], plain)).toBeLessThan(1e-7);
    const [sparse] = (await model.fit(sparseOf(wider), y)).coefficients.toArray();
    expect(farthest(sparse, line)).toBeLessThan(1e-7);
    expect([sparse[1], sparse[5]]).toEqual([0, 0]);
    // One value besides zeros is not one value throughout.
    const half = wider.map((row, i) => row.map((v, j) => (j === 1 && i % 2 === 0 ? 0 : v)));
    const [some] = (await model.fit(sparseOf(half), y)).coefficients.toArray();
    const [same] = (await model.fit(half, y)).coefficients.toArray();
    expect(Math.abs(some[1])).toBeGreaterThan(1e-3);
    expect(farthest(some, same)).toBeLessThan(1e-7);
    // Without an intercept a constant column is one, and is learned from.
    const bare = await logisticRegression({ fitIntercept: false }).fit(wider, y);
    expect(bare.coefficients.toArray()[0][1]).not.toBe(0);
    expect(bare.intercepts.toArray()).toEqual([0]);
  });

  it("is the same for one tensor fitted again and again, in whatever way", async () => {
    const wider = x.map((row) => [row[0], 7, ...row.slice(1)]);
    const one = tensor(wider, { dtype: "f64" });
    for (let i = 0; i < 2; i++)
      for (const options of [{}, { fitIntercept: false }, { penalty: "l1", C: 0.1 }] as const) {
        const model = logisticRegression({ ...options, tol: 1e-9 });
        const [want, got] = [await model.fit(wider, y), await model.fit(one, y)];
        expect(farthest(flat(got), flat(want))).toBeLessThan(1e-8);
      }
    const holes = tensor(
      wider.map((row, i) => (i === 3 ? [NaN, ...row.slice(1)] : row)),
      { dtype: "f64" },
    );
    for (let i = 0; i < 2; i++)
      await expect(logisticRegression().fit(holes, y)).rejects.toThrow("row 3, column 0 is NaN");
  });

  it("takes more features than rows with a penalty", async () => {
    const wide = sample(20, 60, 2, 3);
    const fitted = await logisticRegression({ tol: 1e-8 }).fit(wide.x, wide.y);
    expect(fitted.converged).toBe(true);
    expect(fitted.predict(wide.x)).toEqual(wide.y);
  });

  it("warns of classes that can be separated where there is no penalty", async () => {
    const onWarning = vi.fn();
    const line = [[-2], [-1], [1], [2]];
    const fitted = await logisticRegression({ penalty: "none" }).fit(line, [0, 0, 1, 1], {
      onWarning,
    });
    expect(fitted.warnings.map(({ name }) => name)).toContain("SeparationWarning");
    expect(fitted.coefficients.toArray()[0][0]).toBeGreaterThan(5);
    expect(fitted.standardErrors).toBeNull();
    expect(fitted.noInference).toMatch("can be separated");
    expect(fitted.predict(line)).toEqual([0, 0, 1, 1]);
  });

  it("refuses one class, wrong options and data that are none", async () => {
    const fit = (options: object, labels: unknown = y, data: number[][] = x) =>
      logisticRegression(options).fit(data, labels as number[]);
    await expect(
      fit(
        {},
        y.map(() => 1),
      ),
    ).rejects.toThrow("y has one class only, 1");
    await expect(
      fit(
        {},
        y.map((k) => k + 0.5),
      ),
    ).rejects.toThrow("use linearRegression or ridge");
    await expect(fit({}, y.slice(1))).rejects.toThrow("X has 300 rows and y has 299 labels");
    await expect(fit({ C: 0 })).rejects.toThrow("C must be a number > 0");
    await expect(fit({ penalty: "l3" })).rejects.toThrow('got "l3"');
    await expect(fit({ solver: "best" })).rejects.toThrow("lbfgs, bfgs, newton");
    await expect(fit({ solver: "lbfgs", penalty: "l1" })).rejects.toThrow(
      "coordinateDescent, fista, saga",
    );
    await expect(fit({ multiClass: "both" })).rejects.toThrow('"ovr"');
    await expect(fit({ penalty: "elasticNet", l1Ratio: 2 })).rejects.toThrow("l1Ratio");
    await expect(fit({ maxIterations: 0 })).rejects.toThrow("maxIterations");
    await expect(fit({ tol: NaN })).rejects.toThrow("tol");
    const broken = x.map((row) => [...row]);
    broken[5][2] = NaN;
    await expect(fit({}, y, broken)).rejects.toThrow("row 5, column 2 is NaN");
    const huge = x.map((row) => row.map((v) => v * 1e200));
    for (const options of [{}, { penalty: "l1" }])
      await expect(fit(options, y, huge)).rejects.toThrow("scale the columns");
  });

  it("is the same after saving, with all that belongs to it", async () => {
    const three = sample(150, 3, 3, 9);
    for (const multiClass of ["multinomial", "ovr"] as const) {
      const labels = three.y.map((k) => "abc"[k]);
      const fitted = await logisticRegression({ multiClass, penalty: "none" }).fit(three.x, labels);
      const { fitted: read } = fittedFromBytes(fittedToBytes(fitted));
      const same = read as typeof fitted;
      expect(same.state).toEqual(fitted.state);
      expect(same.predict(three.x)).toEqual(fitted.predict(three.x));
      expect(same.history).toEqual(fitted.history);
      expect(same.coefficientTable()).toEqual(fitted.coefficientTable());
    }
  });

  it("can be made again from kind and options, in a worker", async () => {
    const model = logisticRegression({ penalty: "l1", C: 0.2 });
    const again = make(structuredClone(specOf(model))) as typeof model;
    expect(flat(await again.fit(x, y))).toEqual(flat(await model.fit(x, y)));
  });

  it("says which solver it took, and why", async () => {
    const solverOf = async (options: object) =>
      (await logisticRegression(options).fit(x, y)).solver;
    expect(await solverOf({})).toBe("newton");
    expect(await solverOf({ penalty: "l1" })).toBe("coordinateDescent");
    expect(await solverOf({ solver: "saga" })).toBe("saga");
    const wide = sample(30, 80);
    const fitted = await logisticRegression().fit(wide.x, wide.y);
    expect(fitted.solver).toBe("lbfgs");
    expect(fitted.solverReason).toMatch("81 parameters");
  });
});

describe("what coefficients mean", () => {
  it("is in the odds: ratios, and importance by the spread of columns", async () => {
    const { x, y } = sample(200, 3);
    const scaled = x.map(([a, b, c]) => [a, 10 * b, c]);
    const model = logisticRegression({ penalty: "none", tol: 1e-9 });
    const fitted = await model.fit(scaled, y);
    const [w] = fitted.coefficients.toArray();
    expect(fitted.oddsRatios().toArray()[0]).toEqual(w.map((value) => Math.exp(value)));
    const at = (row: number[]) => fitted.predictProba([row]).toArray()[0][1];
    const [p, q] = [at([0, 0, 0]), at([1, 0, 0])];
    expect(probabilityToOdds(q) / probabilityToOdds(p)).toBeCloseTo(Math.exp(w[0]), 10);
    const plain = await model.fit(x, y);
    const [a, b] = [fitted, plain].map((one) => one.standardisedImportance().toArray()[0]);
    expect(farthest(a, b)).toBeLessThan(1e-5);
  });

  it("has standard errors as for a table of two by two, 1/a + 1/b + 1/c + 1/d", async () => {
    // 30 of 50 without the feature, 45 of 60 with it.
    const cells = [
      [0, 0, 20],
      [0, 1, 30],
      [1, 0, 15],
      [1, 1, 45],
    ];
    const x = cells.map(([v]) => [v]);
    const y = cells.map(([, k]) => k);
    const sampleWeight = cells.map(([, , n]) => n);
    const fitted = await logisticRegression({ penalty: "none", tol: 1e-12 }).fit(x, y, {
      sampleWeight,
    });
    const [row, intercept] = fitted.coefficientTable();
    expect(row.coefficient).toBeCloseTo(Math.log((45 * 20) / (15 * 30)), 9);
    const error = Math.sqrt(1 / 20 + 1 / 30 + 1 / 15 + 1 / 45);
    expect(row.standardError).toBeCloseTo(error, 9);
    expect(row.z).toBeCloseTo(row.coefficient / error, 8);
    expect(row.lower).toBeCloseTo(row.coefficient - 1.959963984540054 * error, 8);
    expect(row.upper! - row.coefficient).toBeCloseTo(row.coefficient - row.lower!, 12);
    // SciPy: 2 * norm.sf(np.log(2) / np.sqrt(31 / 180))
    expect(row.pValue).toBeCloseTo(0.09487037800827275, 10);
    expect(intercept.feature).toBe("(intercept)");
    expect(intercept.standardError).toBeCloseTo(Math.sqrt(1 / 20 + 1 / 30), 9);
    expect(fitted.standardErrors!.toArray()[0][0]).toBeCloseTo(error, 9);
    const wide = fitted.coefficientTable(0.99)[0];
    expect(wide.upper! - wide.coefficient).toBeCloseTo(2.5758293035489 * error, 8);
    expect(() => fitted.coefficientTable(95)).toThrow("between 0 and 1");
  });

  it("has the standard errors of the information matrix, (Xᵀ diag(p (1 − p)) X)⁻¹", async () => {
    const { x, y } = sample(200, 3);
    const fitted = await logisticRegression({ penalty: "none", tol: 1e-10 }).fit(x, y);
    const p = fitted.predictProba(x).toArray();
    const X = tensor(
      x.map((row) => [...row, 1]),
      { dtype: "f64" },
    );
    const w = tensor(
      p.map(([a, b]) => [a * b]),
      { dtype: "f64" },
    );
    const covariance = inverse(X.transpose().matmul(X.mul(w))).toArray() as number[][];
    fitted.coefficientTable().forEach(({ standardError, coefficient, z }, k) => {
      expect(standardError! / Math.sqrt(covariance[k][k])).toBeCloseTo(1, 8);
      expect(z).toBeCloseTo(coefficient / standardError!, 12);
    });
  });

  it("says why there are no standard errors", async () => {
    const { x, y } = sample(200, 3, 3);
    const two = y.map((k) => (k === 2 ? 1 : k));
    const reason = async (options: object, data = x, labels = two) =>
      (await logisticRegression(options).fit(data, labels, { onWarning: () => undefined }))
        .noInference;
    expect(await reason({})).toMatch("penalty");
    expect(await reason({ penalty: "none" }, x, y)).toMatch("differences between classes");
    expect(await reason({ penalty: "none", multiClass: "ovr" }, x, y)).toBeNull();
    expect(
      await reason(
        { penalty: "none" },
        x.map((row) => [...row, row[0] + row[1]]),
      ),
    ).toMatch("depend on each other");
    expect(
      await reason(
        { penalty: "none" },
        x.map((row) => [...row, 1]),
      ),
    ).toMatch("constant");
  });

  it("goes from probability to odds to log-odds and back", () => {
    expect(probabilityToOdds(0.75)).toBe(3);
    expect(oddsToProbability(3)).toBe(0.75);
    expect(oddsToProbability(Infinity)).toBe(1);
    expect(probabilityToLogOdds(0.5)).toBe(0);
    expect(oddsToLogOdds(3)).toBeCloseTo(probabilityToLogOdds(0.75), 14);
    expect(logOddsToOdds(oddsToLogOdds(3))).toBeCloseTo(3, 14);
    for (const p of [1e-300, 1e-9, 0.3, 0.999])
      expect(logOddsToProbability(probabilityToLogOdds(p)) / p).toBeCloseTo(1, 12);
    expect(logOddsToProbability(-1000)).toBe(0);
    expect(logOddsToProbability(1000)).toBe(1);
  });
});
