import { describe, expect, it } from "vitest";
import { tensor } from "inkgrad";
import { optimizers, schedules } from "inkgrad/nn";
import { logisticRegression } from "inkgrad/learn";
import { sparseRows } from "@src/learn/input/sparse-rows.js";
import { denseDesign } from "@src/learn/linear/design/dense.js";
import type { Seen } from "@src/learn/linear/design/design.js";
import { sparseDesign } from "@src/learn/linear/design/sparse.js";
import { linearObjective } from "@src/learn/linear/linear-objective.js";
import { binomial } from "@src/learn/linear/losses/binomial.js";
import type { Loss } from "@src/learn/linear/losses/loss.js";
import { multinomial } from "@src/learn/linear/losses/multinomial.js";
import { squared } from "@src/learn/linear/losses/squared.js";
import { l1Of, type Objective } from "@src/learn/linear/objective.js";
import { solve, type SolverName } from "@src/learn/linear/solve.js";
import { optimalityGap } from "@src/learn/linear/solvers/kkt.js";
import { normals } from "./linear-data.js";

const [rows, columns] = [60, 4];
const next = normals(11);
const values = Float64Array.from({ length: rows * columns }, (_, i) => (i % 3 === 0 ? 0 : next()));
const counts = Float64Array.from({ length: rows }, (_, i) => (i % 4) / 2);

const dense = denseDesign({ format: "dense", rows, columns, values });
const cells = [...values.keys()].filter((i) => values[i] !== 0);
const sparse = sparseDesign(
  sparseRows({
    columns,
    starts: Array.from(
      { length: rows + 1 },
      (_, row) => cells.filter((i) => i < row * columns).length,
    ),
    indices: cells.map((i) => i % columns),
    values: cells.map((i) => values[i]),
  }),
);

const seenOf = (loss: Loss, weights: Float64Array | null = null): Seen => ({
  loss,
  outputs: loss === multinomial ? 3 : 1,
  weights,
  targets: Float64Array.from({ length: rows }, (_, i) =>
    loss === squared
      ? Math.sin(i)
      : (Math.abs(values[4 * i] * 100 + i) % (loss === binomial ? 2 : 3)) | 0,
  ),
});
const problem = (
  loss: Loss,
  { design = dense, weights = null as Float64Array | null, strength = 0.05, ratio = 0 } = {},
): Objective =>
  linearObjective({
    design,
    seen: seenOf(loss, weights),
    penalty: { strength, ratio },
    intercept: true,
  });

const cases = [binomial, multinomial, squared].flatMap((loss) =>
  Object.entries({ dense, sparse }).flatMap(([name, design]) =>
    [null, counts].map(
      (weights) =>
        [
          `${loss.name}, ${name}, ${weights === null ? "all alike" : "weighted"}`,
          problem(loss, { design, weights }),
        ] as const,
    ),
  ),
);
const place = (size: number): Float64Array =>
  Float64Array.from({ length: size }, (_, i) => Math.sin(3 * i + 1));
const moved = (x: Float64Array, i: number, by: number): Float64Array =>
  x.map((value, j) => (i === j ? value + by : value));

describe.each(cases)("the objective: %s", (_, objective) => {
  const x = place(objective.size);
  const h = 1e-5;

  it("has the gradient that central differences give", () => {
    const { gradient } = objective.look(x);
    gradient.forEach((g, i) => {
      const [above, below] = [h, -h].map((by) => objective.look(moved(x, i, by)).value);
      expect(g).toBeCloseTo((above - below) / (2 * h), 8);
    });
  });

  it("has the Hessian that differences of gradients give", () => {
    const { size } = objective;
    const hessian = objective.hessian!(x);
    for (let i = 0; i < size; i++) {
      const [above, below] = [h, -h].map((by) => objective.look(moved(x, i, by)).gradient);
      for (let j = 0; j < size; j++)
        expect(hessian[i * size + j]).toBeCloseTo((above[j] - below[j]) / (2 * h), 7);
    }
  });

  it("is the mean of its rows", () => {
    const { parts, size } = objective;
    const { count, outputs, l2 } = parts!;
    const [gradient, r] = [new Float64Array(size), new Float64Array(outputs)];
    let value = 0;
    for (let row = 0; row < count; row++) {
      value += parts!.residual(x, row, r, 0) / count;
      parts!.spread(row, r, 0, 1 / count, gradient);
    }
    const whole = objective.look(x);
    x.forEach((xi, i) => {
      expect(gradient[i] + l2[i] * xi).toBeCloseTo(whole.gradient[i], 12);
      value += 0.5 * l2[i] * xi * xi;
    });
    expect(value).toBeCloseTo(whole.value, 12);
  });

  it("has an estimate of the Hessian from some rows, which all rows make exact", () => {
    expect(objective.hessian!(x, 1)).toEqual(objective.hessian!(x));
    const part = objective.hessian!(x, 3);
    const whole = objective.hessian!(x);
    const trace = (a: Float64Array) =>
      Array.from({ length: objective.size }, (_, i) => a[i * (objective.size + 1)]).reduce(
        (s, v) => s + v,
      );
    expect(trace(part) / trace(whole)).toBeGreaterThan(0.4);
    expect(trace(part) / trace(whole)).toBeLessThan(2.5);
  });
});

describe("losses", () => {
  const margins = [-1000, -40, -1, 0, 1, 40, 1000];

  it.each([binomial, squared])(
    "$name is the same in a program and row by row, also far out",
    (loss) => {
      for (const y of [0, 1]) {
        const z = tensor(
          margins.map((v) => [v]),
          { dtype: "f64" },
        );
        const all = loss.forward(
          z,
          tensor(
            margins.map(() => y),
            { dtype: "f64" },
          ),
        );
        const [losses, residuals] = [
          all.loss.toArray(),
          all.residual.reshape([-1]).toArray(),
        ] as number[][];
        margins.forEach((margin, i) => {
          const out = Float64Array.of(margin);
          const value = loss.row(out, 0, 1, y);
          expect(Math.abs(losses[i] - value)).toBeLessThanOrEqual(1e-14 * Math.abs(value));
          expect(Math.abs(residuals[i] - out[0])).toBeLessThanOrEqual(1e-14 * Math.abs(out[0]));
        });
      }
    },
  );

  it("of what is nearly sure is small, and not lost", () => {
    const out = Float64Array.of(40);
    expect(binomial.row(out, 0, 1, 1)).toBeCloseTo(Math.exp(-40), 30);
    expect(out[0]).toBeCloseTo(-Math.exp(-40), 30);
    expect(binomial.row(Float64Array.of(-1000), 0, 1, 1)).toBe(1000);
  });

  it("of three classes are the same in a program and row by row, also far out", () => {
    const z = [
      [1, 2, 3],
      [1000, 0, -1000],
      [-1000, -1000, 0],
    ];
    const y = [0, 2, 2];
    const all = multinomial.forward(tensor(z, { dtype: "f64" }), tensor(y, { dtype: "f64" }));
    z.forEach((line, i) => {
      const out = Float64Array.from(line);
      expect((all.loss.toArray() as number[])[i]).toBeCloseTo(multinomial.row(out, 0, 3, y[i]), 12);
      expect((all.residual.toArray() as number[][])[i]).toEqual(
        [...out].map((v) => expect.closeTo(v, 12)),
      );
    });
  });
});

describe("solvers", () => {
  const names: SolverName[] = [
    "lbfgs",
    "bfgs",
    "newton",
    "coordinateDescent",
    "fista",
    "saga",
    "gradientDescent",
  ];
  const start = (objective: Objective) => new Float64Array(objective.size);
  const exact = (objective: Objective) =>
    solve(
      objective,
      start(objective),
      { solver: "coordinateDescent", tol: 1e-11, maxIterations: 500 },
      "test",
    );

  it.each(names)(
    "%s finds the minimum of smooth costs, and keeps the cost of each iteration",
    (solver) => {
      for (const loss of [binomial, multinomial, squared]) {
        const objective = problem(loss, { weights: counts });
        const want = exact(objective);
        const got = solve(
          objective,
          start(objective),
          { solver, tol: 1e-7, maxIterations: 5000 },
          "test",
        );
        expect(got.converged).toBe(true);
        expect(got.cost).toBeCloseTo(want.cost, 10);
        expect(got.history.length).toBe(got.iterations + 1);
        expect(got.history[0]).toMatchObject({
          iteration: 0,
          cost: objective.look(start(objective)).value,
        });
        expect(got.history.at(-1)!.cost).toBe(objective.look(got.x).value);
        expect(got.history.at(-1)!.gradientSize).toBeLessThanOrEqual(1e-7);
      }
    },
  );

  it.each(["coordinateDescent", "fista", "saga"] as const)(
    "%s finds the minimum beside an L1 penalty",
    (solver) => {
      for (const [loss, ratio] of [
        [binomial, 1],
        [multinomial, 1],
        [squared, 0.5],
      ] as const) {
        const objective = problem(loss, { strength: 0.08, ratio });
        const want = exact(objective);
        expect(want.x.filter((value) => value === 0).length).toBeGreaterThan(0);
        const got = solve(
          objective,
          start(objective),
          { solver, tol: 1e-8, maxIterations: 5000 },
          "test",
        );
        expect(got.converged).toBe(true);
        expect(got.cost).toBeCloseTo(want.cost, 9);
        expect([...got.x].map((value) => value === 0)).toEqual(
          [...want.x].map((value) => value === 0),
        );
        const { gradient } = objective.look(got.x);
        expect(optimalityGap(got.x, gradient, objective.l1)).toBeLessThanOrEqual(1e-8);
        expect(got.cost).toBeCloseTo(objective.look(got.x).value + l1Of(objective.l1, got.x), 14);
      }
    },
  );

  it.each(["lbfgs", "bfgs", "newton", "coordinateDescent"] as const)(
    "%s never goes up",
    (solver) => {
      const objective = problem(multinomial);
      const { history } = solve(objective, start(objective), { solver, tol: 1e-9 }, "test");
      for (let i = 1; i < history.length; i++)
        expect(history[i].cost).toBeLessThanOrEqual(history[i - 1].cost + 1e-15);
    },
  );

  it("are refused where matrices of all pairs of parameters would be too large", () => {
    const objective = { ...problem(binomial), size: 6000 };
    expect(() => solve(objective, new Float64Array(6000), { solver: "newton" }, "fit")).toThrow(
      "take lbfgs",
    );
  });
});

describe("gradient descent", () => {
  const x = Array.from({ length: rows }, (_, i) => [
    ...values.subarray(i * columns, (i + 1) * columns),
  ]);
  const y = [...seenOf(binomial).targets];
  const silent = { onWarning: () => undefined };
  const costOf = async (descent: object, maxIterations = 300) => {
    const fitted = await logisticRegression({
      solver: "gradientDescent",
      descent,
      maxIterations,
      C: 0.5,
    }).fit(x, y, silent);
    return fitted.history[0].at(-1)!.cost;
  };
  const least = async () =>
    (await logisticRegression({ C: 0.5, tol: 1e-10 }).fit(x, y)).history[0].at(-1)!.cost;

  it.each([
    ["sgd", { optimizer: "sgd", learningRate: 0.5 }],
    ["momentum", { optimizer: "momentum", learningRate: 0.1 }],
    ["nesterov", { optimizer: "nesterov" }],
    ["adagrad", { optimizer: "adagrad", learningRate: 0.3 }],
    [
      "rmsprop in batches, with a schedule",
      { optimizer: "rmsprop", batchSize: 20, learningRate: schedules.cosine(0.05) },
    ],
    [
      "adam in batches",
      { optimizer: optimizers.adam(0.03), batchSize: 16, learningRate: schedules.cosine(0.03) },
    ],
    ["sgd row by row", { optimizer: "sgd", batchSize: 1, learningRate: schedules.cosine(0.05) }],
  ])("by %s comes within a thousandth of the least cost", async (_, descent) => {
    const iterations = "batchSize" in descent ? 60 : 300;
    expect((await costOf(descent, iterations)) / (await least())).toBeLessThan(1.001);
  });

  it("takes the steps of its formula", async () => {
    const objective = problem(binomial);
    const from = place(objective.size);
    const options = {
      solver: "gradientDescent",
      maxIterations: 1,
      descent: { optimizer: "sgd", learningRate: 0.2 },
    } as const;
    const { x: to } = solve(objective, from, options, "test");
    const { gradient } = objective.look(from);
    to.forEach((value, i) => expect(value).toBeCloseTo(from[i] - 0.2 * gradient[i], 14));
  });

  it("is the same for the same seed, and another for another", async () => {
    const of = (seed: number) =>
      logisticRegression({
        solver: "gradientDescent",
        seed,
        maxIterations: 3,
        descent: { batchSize: 8 },
      })
        .fit(x, y, silent)
        .then(({ coefficients }) => coefficients.toArray());
    expect(await of(1)).toEqual(await of(1));
    expect(await of(1)).not.toEqual(await of(2));
  });

  it("ends early when held-out rows get no better", async () => {
    const model = logisticRegression({
      solver: "gradientDescent",
      penalty: "none",
      maxIterations: 2000,
      descent: { learningRate: 0.5, validationFraction: 0.3, patience: 3 },
    });
    const noise = y.map((_, i) => (i * 7919) % 2);
    const fitted = await model.fit(x, noise, silent);
    expect(fitted.iterations[0]).toBeLessThan(500);
    expect(fitted.converged).toBe(true);
  });

  it("says so when steps are too long", async () => {
    const large = x.map((row) => row.map((v) => v * 1e200));
    await expect(
      logisticRegression({ solver: "gradientDescent", descent: { learningRate: 1e150 } }).fit(
        large,
        y,
        silent,
      ),
    ).rejects.toThrow("lower the learning rate");
    await expect(costOf({ batchSize: 0 })).rejects.toThrow("batchSize");
    await expect(costOf({ validationFraction: 1 })).rejects.toThrow("validationFraction");
  });
});
