import { describe, expect, it, vi } from "vitest";
import { tensor } from "inkgrad";
import {
  bernoulli,
  gradientAscent,
  linearRegression,
  logisticRegression,
  logLikelihood,
  maximizeLikelihood,
  metrics,
  mlpClassifier,
  multiLabel,
  perceptron,
  ridge,
  sparseRows,
} from "inkgrad/learn";
import { fittedFromBytes, fittedToBytes } from "@src/learn/saving/file.js";
import { normals } from "./linear-data.js";

const next = normals(5);
const x = Array.from({ length: 80 }, () => Array.from({ length: 3 }, () => 2 * next() + 1));
const exactly = x.map(([a, b, c]) => 3 * a - b + 0.5 * c + 4);
const noisy = exactly.map((value) => value + next());
const silent = { onWarning: () => undefined };
const again = <F extends { readonly state: object }>(fitted: F): F =>
  fittedFromBytes(fittedToBytes(fitted as never)).fitted as unknown as F;

const sparse = (rows: number[][]) =>
  sparseRows({
    columns: rows[0].length,
    starts: Array.from({ length: rows.length + 1 }, (_, i) => i * rows[0].length),
    indices: rows.flatMap((row) => row.map((_, j) => j)),
    values: rows.flat(),
  });

describe("linear regression", () => {
  it.each(["auto", "qr", "cholesky", "newton", "lbfgs"] as const)(
    "finds the plane there is (%s)",
    async (solver) => {
      const fitted = await linearRegression({ solver, tol: 1e-10 }).fit(x, exactly);
      const [a, b, c] = fitted.coefficients.toArray();
      [a - 3, b + 1, c - 0.5, fitted.intercept - 4].forEach((off) => expect(off).toBeCloseTo(0, 8));
      fitted
        .predict(x)
        .toArray()
        .forEach((value, i) => expect(value).toBeCloseTo(exactly[i], 7));
      expect(fitted.history.at(-1)!.cost).toBeCloseTo(0, 12);
      expect(fitted.history[0].cost).toBeCloseTo(
        exactly.reduce((s, v) => s + (v * v) / 160, 0),
        8,
      );
      expect(again(fitted).predict(x).toArray()).toEqual(fitted.predict(x).toArray());
    },
  );

  it("comes to the same by gradient descent", async () => {
    const want = await linearRegression().fit(x, noisy);
    const got = await linearRegression({
      solver: "gradientDescent",
      tol: 1e-7,
      maxIterations: 5000,
      descent: { learningRate: 0.05 },
    }).fit(x, noisy);
    expect(got.converged).toBe(true);
    got.coefficients
      .toArray()
      .forEach((w, j) => expect(w).toBeCloseTo(want.coefficients.toArray()[j], 4));
    expect(got.history[1].cost).toBeLessThan(got.history[0].cost);
  });

  it("counts weights as repeated rows, and takes sparse rows", async () => {
    const counts = x.map((_, i) => i % 3);
    const rows = counts.flatMap((n, i) => Array.from({ length: n }, () => i));
    for (const solver of ["qr", "cholesky"] as const) {
      const model = linearRegression({ solver });
      const want = await model.fit(
        rows.map((i) => x[i]),
        rows.map((i) => noisy[i]),
      );
      for (const data of [x, sparse(x)]) {
        const got = await model.fit(data, noisy, { sampleWeight: counts });
        expect(got.intercept).toBeCloseTo(want.intercept, 9);
        got.coefficients
          .toArray()
          .forEach((w, j) => expect(w).toBeCloseTo(want.coefficients.toArray()[j], 9));
      }
    }
  });

  it("takes the shortest solution where columns depend on each other, or are more than the rows", async () => {
    const twice = x.map(([a, b]) => [a, b, a]);
    const fitted = await linearRegression().fit(
      twice,
      x.map(([a, b]) => 2 * a - b),
    );
    const [first, , third] = fitted.coefficients.toArray();
    expect(first).toBeCloseTo(1, 8);
    expect(third).toBeCloseTo(1, 8);
    await expect(linearRegression({ solver: "cholesky" }).fit(twice, noisy)).rejects.toThrow(
      "depend on each other",
    );
    const few = await linearRegression({ fitIntercept: false }).fit([[3, 4]], [25]);
    expect(few.coefficients.toArray()[0]).toBeCloseTo(3, 10);
    expect(few.coefficients.toArray()[1]).toBeCloseTo(4, 10);
  });

  it("refuses targets that are no numbers, and no rows", async () => {
    await expect(
      linearRegression().fit(
        x,
        exactly.map(() => NaN),
      ),
    ).rejects.toThrow("y of row 0 is NaN");
    await expect(linearRegression().fit([], [])).rejects.toThrow("no rows");
    await expect(linearRegression({ solver: "svd" as never }).fit(x, exactly)).rejects.toThrow(
      'got "svd"',
    );
  });
});

describe("ridge", () => {
  it("of one centred column is Σxy / (Σx² + α)", async () => {
    const column = [[-2], [-1], [0], [1], [2]];
    const y = [1, 3, 5, 9, 12];
    for (const solver of ["qr", "cholesky", "lbfgs"] as const) {
      const fitted = await ridge({ alpha: 5, solver, tol: 1e-12 }).fit(column, y);
      expect(fitted.coefficients.item()).toBeCloseTo(28 / 15, 9);
      expect(fitted.intercept).toBeCloseTo(6, 9);
    }
  });

  it("agrees with scikit-learn's", async () => {
    // Ridge(alpha=2).fit([[1, 2], [3, 4], [5, 5.5], [7, 9]], [1, 2, 2.5, 4])
    const fitted = await ridge({ alpha: 2 }).fit(
      [
        [1, 2],
        [3, 4],
        [5, 5.5],
        [7, 9],
      ],
      [1, 2, 2.5, 4],
    );
    [0.16575192096597133, 0.2601536772777169].forEach((want, j) =>
      expect(fitted.coefficients.toArray()[j]).toBeCloseTo(want, 12),
    );
    expect(fitted.intercept).toBeCloseTo(0.37870472008781575, 12);
    await expect(ridge({ alpha: -1 }).fit(x, noisy)).rejects.toThrow("alpha");
  });
});

describe("the perceptron", () => {
  const sides = x.map(([a, b]) => (a + 2 * b > 3 ? "over" : "under"));
  const apart = x.map((row, i) => row.map((v) => v + (sides[i] === "over" ? 0.5 : -0.5)));

  it("makes no mistake in the end where classes can be separated", async () => {
    const fitted = await perceptron().fit(apart, sides);
    expect(fitted.converged).toBe(true);
    expect(fitted.mistakes[0].at(-1)).toBe(0);
    expect(fitted.mistakes[0][0]).toBeGreaterThan(0);
    expect(fitted.predict(apart)).toEqual(sides);
    expect(again(fitted).predict(apart)).toEqual(sides);
    expect("predictProba" in fitted).toBe(false);
  });

  it("warns where they cannot, as exclusive or", async () => {
    const onWarning = vi.fn();
    const xor = [
      [0, 0],
      [0, 1],
      [1, 0],
      [1, 1],
    ];
    const fitted = await perceptron({ maxIterations: 50 }).fit(xor, [0, 1, 1, 0], { onWarning });
    expect(fitted.converged).toBe(false);
    expect(onWarning.mock.calls[0][0].message).toMatch("cannot be separated");
  });

  it("tells three classes apart, one against the rest", async () => {
    const centres = [
      [0, 6],
      [6, -3],
      [-6, -3],
    ];
    const y = x.map((_, i) => i % 3);
    const data = x.map(([a, b], i) => [a / 2 + centres[y[i]][0], b / 2 + centres[y[i]][1]]);
    const fitted = await perceptron().fit(data, y);
    expect(fitted.coefficients.shape).toEqual([3, 2]);
    expect(fitted.predict(data)).toEqual(y);
    await expect(
      perceptron().fit(
        x,
        x.map(() => 1),
      ),
    ).rejects.toThrow("one class only");
  });
});

describe("several labels", () => {
  const y = x.map(([a, b, c]) => [a > 1 ? 1 : 0, b + c > 2 ? 1 : 0]);

  it("are as many logistic regressions, independent of each other", async () => {
    const fitted = await multiLabel({ C: 10 }).fit(x, y);
    const p = fitted.predictProba(x).toArray();
    for (const k of [0, 1]) {
      const one = await logisticRegression({ C: 10 }).fit(
        x,
        y.map((row) => row[k]),
      );
      one
        .predictProba(x)
        .toArray()
        .forEach((row, i) => expect(p[i][k]).toBeCloseTo(row[1], 12));
    }
    const predicted = fitted.predict(x);
    expect([predicted.dtype, predicted.shape]).toEqual(["i32", [80, 2]]);
    expect(predicted.toArray()).toEqual(p.map((row) => row.map((value) => (value > 0.5 ? 1 : 0))));
    const right = predicted
      .toArray()
      .flat()
      .filter((v, i) => v === y.flat()[i]).length;
    expect(right / 160).toBeGreaterThan(0.9);
    expect(again(fitted).predict(x).toArray()).toEqual(predicted.toArray());
    expect((await multiLabel({ C: 10 }).fit(x, tensor(y))).predictProba(x).toArray()).toEqual(p);
  });

  it("are judged by all labels at once, by rows, and label by label", async () => {
    const predicted = (await multiLabel({ C: 0.01 }).fit(x, y)).predict(x);
    const said = predicted.toArray();
    const wrong = said.map((row, i) => row.map((v, k) => Number(v !== y[i][k])));
    const sum = (list: number[]) => list.reduce((a, b) => a + b, 0);
    expect(sum(wrong.flat())).toBeGreaterThan(0);
    expect(metrics.hammingLoss(y, predicted)).toBeCloseTo(sum(wrong.flat()) / 160, 14);
    const whole = wrong.filter((row) => sum(row) === 0).length;
    expect(metrics.subsetAccuracy(y, predicted)).toBe(whole / 80);
    const f1 = [0, 1].map((k) => {
      const hits = y.filter((row, i) => row[k] === 1 && said[i][k] === 1).length;
      return (2 * hits) / sum([...y, ...said].map((row) => row[k]));
    });
    const found = metrics.f1(y, predicted, { average: null });
    f1.forEach((value, k) => expect(found[k]).toBeCloseTo(value, 14));
  });

  it("must be 0 and 1, and both must occur", async () => {
    await expect(
      multiLabel().fit(
        x,
        y.map(() => [1, 0]),
      ),
    ).rejects.toThrow("label 0 is 1 in all rows");
    await expect(
      multiLabel().fit(
        x,
        y.map(([a]) => [a, 2]),
      ),
    ).rejects.toThrow("row 0, label 1 is 2");
    await expect(multiLabel().fit(x, [1, 0] as never)).rejects.toThrow("rows of 0 and 1");
    await expect(multiLabel().fit(x, [[1, 0], [1]])).rejects.toThrow("as many labels");
  });
});

describe("mlpClassifier", () => {
  it("learns what no linear model can: exclusive or", async () => {
    const corners = x.map(([a, b]) => [a - 1, b - 1]);
    const y = corners.map(([a, b]) => (a * b > 0 ? "same" : "other"));
    const model = mlpClassifier({ hidden: [16], learningRate: 0.03, epochs: 300, seed: 1 });
    const fitted = await model.fit(corners, y, silent);
    const right = (labels: string[]) =>
      labels.filter((label, i) => label === y[i]).length / y.length;
    expect(right(fitted.predict(corners))).toBeGreaterThan(0.95);
    const line = await logisticRegression().fit(corners, y);
    expect(right(line.predict(corners))).toBeLessThan(0.8);
    expect(fitted.losses[0]).toBeGreaterThan(fitted.losses.at(-1)!);
    const p = fitted.predictProba(corners).toArray();
    p.forEach(([a, b]) => expect(a + b).toBeCloseTo(1, 12));
    const z = fitted.decisionFunction(corners).toArray() as number[];
    expect(fitted.predict(corners)).toEqual(z.map((value) => (value > 0 ? "same" : "other")));
    expect(again(fitted).predictProba(corners).toArray()).toEqual(p);
  });

  it("without hidden layers is softmax regression", async () => {
    const y = x.map(([a, b]) => (a > 2 ? 2 : b > 1 ? 1 : 0));
    const fitted = await mlpClassifier({
      hidden: [],
      l2: 0.01,
      learningRate: 0.05,
      epochs: 2000,
      patience: 50,
      batchSize: 80,
    }).fit(x, y, silent);
    // ½ l2 ‖W‖² beside the mean of 80 losses is C = 1 / (80 · l2).
    const want = await logisticRegression({ C: 1 / (80 * 0.01), multiClass: "multinomial" }).fit(
      x,
      y,
    );
    const [a, b] = [fitted, want].map((one) => one.predictProba(x).toArray().flat());
    expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(0.03);
  });

  it("warns when the epochs do not suffice, and refuses what is no size", async () => {
    const onWarning = vi.fn();
    const y = x.map(([a]) => (a > 1 ? 1 : 0));
    const fitted = await mlpClassifier({ hidden: [4], epochs: 2 }).fit(x, y, { onWarning });
    expect(fitted.converged).toBe(false);
    expect(onWarning.mock.calls[0][0].name).toBe("ConvergenceWarning");
    await expect(mlpClassifier({ hidden: [0] }).fit(x, y)).rejects.toThrow("numbers of units");
    await expect(
      mlpClassifier().fit(
        x,
        x.map(() => 1),
      ),
    ).rejects.toThrow("one class only");
  });
});

describe("sparse rows", () => {
  const holes = x.map((row, i) => row.map((v, j) => ((i + j) % 3 === 0 ? 0 : v)));
  const y = holes.map(([a, b]) => (a + b > 1 ? 1 : 0));
  const tags = y.map((v, i) => [v, i % 2]);
  const rows = sparseRows({
    columns: 3,
    starts: holes.reduce(
      (all, row) => [...all, all.at(-1)! + row.filter((v) => v !== 0).length],
      [0],
    ),
    indices: holes.flatMap((row) => [0, 1, 2].filter((j) => row[j] !== 0)),
    values: holes.flat().filter((v) => v !== 0),
  });

  it.each([
    ["ridge", () => ridge({ alpha: 3 }), noisy],
    ["perceptron", () => perceptron({ maxIterations: 20 }), y],
    ["multiLabel", () => multiLabel(), tags],
    ["mlpClassifier", () => mlpClassifier({ hidden: [4], epochs: 5 }), y],
  ] as const)(
    "are learned from and judged as if zeros were written out: %s",
    async (_, make, y) => {
      const fit = async (data: unknown) =>
        (make().fit as any)(data, y, silent) as Promise<{ predict(x: unknown): any }>;
      const [dense, sparse] = [await fit(holes), await fit(rows)];
      const plain = (out: any): number[] => (Array.isArray(out) ? out : out.toArray()).flat();
      const want = plain(dense.predict(holes));
      for (const got of [sparse.predict(rows), sparse.predict(holes), dense.predict(rows)])
        plain(got).forEach((value, i) => expect(value).toBeCloseTo(want[i], 8));
    },
  );
});

describe("likelihood", () => {
  it("of coin tosses is greatest at i / N", () => {
    expect(bernoulli.estimate(7, 10)).toBe(0.7);
    const at = (p: number) => bernoulli.logLikelihood(p, 7, 10);
    expect(at(0.7)).toBeCloseTo(7 * Math.log(0.7) + 3 * Math.log(0.3), 12);
    for (const p of [0.1, 0.69, 0.71, 0.9]) expect(at(p)).toBeLessThan(at(0.7));
    expect(bernoulli.logLikelihood(0, 0, 5)).toBe(0);
    expect(bernoulli.logLikelihood(1, 3, 5)).toBe(-Infinity);
    expect(() => bernoulli.estimate(3, 2)).toThrow("0 ≤ successes ≤ trials");
  });

  it("is climbed by its gradient, and by L-BFGS, to the same place", () => {
    const f = (z: ReturnType<typeof tensor>) => z.mul(7).sub(z.exp().log1p().mul(10));
    const up = gradientAscent(f as never, tensor(0, { dtype: "f64" }), {
      learningRate: 0.2,
      iterations: 200,
    });
    expect(up.x.sigmoid().item()).toBeCloseTo(0.7, 10);
    expect(up.history.length).toBe(201);
    for (let i = 1; i < 20; i++) expect(up.history[i]).toBeGreaterThan(up.history[i - 1]);
    const top = maximizeLikelihood(f as never, tensor(0, { dtype: "f64" }));
    expect(top.value).toBeCloseTo(bernoulli.logLikelihood(0.7, 7, 10), 12);
    expect(() => gradientAscent(f as never, tensor(0), { learningRate: -1 })).toThrow(
      "learningRate",
    );
  });

  it("of a model is minus the rows' cross-entropy, greatest for the one without penalty", async () => {
    const y = x.map(([a, b], i) => (a - b + Math.sin(i) * 2 > 0 ? "b" : "a"));
    const [free, held] = [
      await logisticRegression({ penalty: "none", tol: 1e-9 }).fit(x, y),
      await logisticRegression({ C: 0.1 }).fit(x, y),
    ];
    const p = free.predictProba(x).toArray();
    const entropy =
      -p.reduce((sum, row, i) => sum + Math.log(row[y[i] === "b" ? 1 : 0]), 0) / x.length;
    expect(logLikelihood(free, x, y)).toBeCloseTo(-x.length * entropy, 9);
    expect(logLikelihood(free, x, y)).toBeCloseTo(-x.length * free.history[0].at(-1)!.cost, 9);
    expect(logLikelihood(held, x, y)).toBeLessThan(logLikelihood(free, x, y));
    expect(() =>
      logLikelihood(
        free,
        x,
        y.map(() => "c"),
      ),
    ).toThrow("none of the model's classes");
  });
});
