import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ShapeError, tensor, ValueError } from "inkgrad";
import { csv } from "inkgrad/data";
import {
  type FittedLogisticRegression,
  loadFitted,
  logisticRegression,
  metrics,
  preprocessing,
  saveFitted,
  sparseRows,
} from "inkgrad/learn";
import { optimizers, schedules } from "inkgrad/nn";
import { temporaryFolder } from "../../support/temporary-folder.js";

type Rows = { x: number[][]; y: string[] };

/** Raw columns (other means, other scales) and labels whose log-odds are linear in them. */
function rowsOf(count: number, seed: number, classes: readonly string[] = ["no", "yes"]): Rows {
  let state = seed;
  const uniform = (): number => (state = (state * 16807) % 2147483647) / 2147483647;
  const normal = (): number => uniform() + uniform() + uniform() + uniform() - 2;
  const x: number[][] = [];
  const y: string[] = [];
  for (let i = 0; i < count; i++) {
    const z = [normal(), normal(), normal()];
    x.push([100 + 3 * z[0], -0.02 + 0.01 * z[1], 5000 * z[2]]);
    const margins = classes.map((_, k) => (k === 0 ? 0 : 2 * z[k % 3] - z[(k + 1) % 3] + 0.5 * k));
    const total = margins.reduce((sum, m) => sum + Math.exp(m), 0);
    let left = uniform() * total;
    y.push(classes.find((_, k) => (left -= Math.exp(margins[k])) <= 0) ?? classes[0]);
  }
  return { x, y };
}

/** Cut at these places. */
function cut({ x, y }: Rows, ends: readonly number[]): Rows[] {
  const all = [0, ...ends, x.length];
  return ends
    .concat(x.length)
    .map((end, i) => ({ x: x.slice(all[i], end), y: y.slice(all[i], end) }));
}

const every = (rows: Rows, size: number): Rows[] =>
  cut(
    rows,
    Array.from({ length: Math.ceil(rows.x.length / size) - 1 }, (_, i) => (i + 1) * size),
  );

const lossOn = ({ x, y }: Rows, fitted: FittedLogisticRegression): number =>
  metrics.logLoss(y, fitted.predictProba(x), { labels: fitted.classes });

const lines = (fitted: FittedLogisticRegression): number[] => [
  ...(fitted.coefficients.toArray() as number[][]).flat(),
  ...fitted.intercepts.toArray(),
];

const classes = ["no", "yes"] as const;
const small = { descent: { batchSize: 16 } };

describe("logistic regression from a stream", () => {
  it("comes near the batch solution's cost in one pass over 20,000 rows", async () => {
    const rows = rowsOf(20_000, 7);
    const fresh = rowsOf(5_000, 8);
    const fitted = await logisticRegression().fitStream(every(rows, 1500), { classes });
    const batch = await logisticRegression().fit(
      (await preprocessing.standardScaler().fit(rows.x)).transform(rows.x),
      rows.y,
    );
    const scaler = await preprocessing.standardScaler().fit(rows.x);
    const best = metrics.logLoss(fresh.y, batch.predictProba(scaler.transform(fresh.x)));
    expect(best).toBeLessThan(0.6);
    expect(lossOn(fresh, fitted)).toBeLessThan(1.005 * best);
    const { history, iterations, noInference, features } = fitted;
    expect([...iterations]).toEqual([Math.ceil(20_000 / 256)]);
    expect(features).toBe(3);
    expect(noInference).toContain("stream");
    expect(history[0][0].cost).toBeCloseTo(Math.log(2), 12);
    expect(history[0].at(-1)!.cost).toBeLessThan(0.65);
    // Coefficients are those of the columns as they came.
    const [wanted] = batch.coefficients.toArray() as number[][];
    const [found] = fitted.coefficients.toArray() as number[][];
    found.forEach((w, k) => {
      expect(Math.abs(w * scaler.scale[k] - wanted[k])).toBeLessThan(0.05);
    });
  });

  it.each(["multinomial", "ovr"] as const)(
    "tells several classes apart (%s)",
    async (multiClass) => {
      const three = ["a", "b", "c"];
      const [rows, fresh] = [rowsOf(8_000, 3, three), rowsOf(2_000, 4, three)];
      const model = logisticRegression({ multiClass, descent: { batchSize: 64 } });
      const fitted = await model.fitStream(every(rows, 999), { classes: ["c", "a", "b"] });
      expect(fitted.classes).toEqual(three);
      const scaler = await preprocessing.standardScaler().fit(rows.x);
      const batch = await model.fit(scaler.transform(rows.x), rows.y);
      const best = metrics.logLoss(fresh.y, batch.predictProba(scaler.transform(fresh.x)));
      expect(lossOn(fresh, fitted)).toBeLessThan(1.01 * best);
      const counts = fitted.iterations.length;
      expect([counts, fitted.history.length]).toEqual(multiClass === "ovr" ? [3, 3] : [1, 1]);
    },
  );

  it("gives the same bits however the rows are cut into parts, at every moment", async () => {
    const rows = rowsOf(150, 11);
    const options = { classes, rows: 150 };
    const whole = lines(await logisticRegression(small).fitStream([rows], options));
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 150 }), { maxLength: 8 }),
        async (ends) => {
          const parts = cut(
            rows,
            ends.sort((a, b) => a - b),
          );
          expect(lines(await logisticRegression(small).fitStream(parts, options))).toEqual(whole);
          const learner = logisticRegression(small).learner(options);
          for (const { x, y } of parts) {
            learner.learn(x, y);
            // Looking changes nothing.
            if (new Set(rows.y.slice(0, learner.rows)).size === 2) learner.fitted();
          }
          expect(lines(learner.fitted())).toEqual(whole);
        },
      ),
      { numRuns: 8 },
    );
  });

  it("takes matrices of every kind for the same rows", () => {
    const rows = rowsOf(100, 5);
    const learned = (x: Parameters<ReturnType<typeof learner>["learn"]>[0]): number[] => {
      const one = learner();
      one.learn(x, rows.y);
      return lines(one.fitted());
    };
    const learner = () => logisticRegression(small).learner({ classes });
    const wanted = learned(rows.x);
    expect(learned(tensor(rows.x, { dtype: "f64" }))).toEqual(wanted);
    const indices = rows.x.flatMap(() => [0, 1, 2]);
    const starts = Array.from({ length: 101 }, (_, i) => 3 * i);
    expect(learned(sparseRows({ columns: 3, starts, indices, values: rows.x.flat() }))).toEqual(
      wanted,
    );
  });

  it("heeds the weights of rows and of classes", () => {
    const rows = rowsOf(64, 9);
    const learned = (sampleWeight?: number[], classWeight?: Record<string, number>): number[] => {
      const learner = logisticRegression({ ...small, classWeight }).learner({
        classes,
        standardise: false,
      });
      learner.learn(
        rows.x.map(([a, b, c]) => [a - 100, 50 * b, c / 5000]),
        rows.y,
        sampleWeight === undefined ? {} : { sampleWeight },
      );
      return lines(learner.fitted());
    };
    const plain = learned();
    expect(learned(rows.y.map(() => 1))).toEqual(plain);
    const byRow = learned(rows.y.map((label) => (label === "yes" ? 3 : 1)));
    expect(byRow).not.toEqual(plain);
    expect(learned(undefined, { yes: 3 })).toEqual(byRow);
  });

  it("goes through a stream several times, and further than once", async () => {
    const rows = rowsOf(1_000, 13);
    let begun = 0;
    async function* parts(): AsyncGenerator<Rows> {
      begun++;
      yield* every(rows, 300);
    }
    const fit = (epochs: number) =>
      logisticRegression({ descent: { batchSize: 32 } }).fitStream(parts, { classes, epochs });
    const [once, often] = [await fit(1), await fit(8)];
    expect(begun).toBe(9);
    expect(often.iterations[0]).toBe(8 * once.iterations[0]);
    expect(lossOn(rows, often)).toBeLessThan(lossOn(rows, once));
    const again = logisticRegression().fitStream(parts(), { classes, epochs: 2 });
    await expect(again).rejects.toThrow(/gone through once.*\(\) => parts\(\)/);
  });

  it("ends when rows held out get no better, with the best it saw", async () => {
    const [rows, validation] = [rowsOf(300, 17), rowsOf(200, 18)];
    let taken = 0;
    function* parts(): Generator<Rows> {
      for (const part of every(rows, 50)) {
        taken++;
        yield part;
      }
    }
    const model = logisticRegression({
      penalty: "none",
      descent: { batchSize: 10, learningRate: 0.2, patience: 3 },
    });
    const options = { classes, epochs: 50, validation, checkRows: 50, average: false };
    const fitted = await model.fitStream(parts, options);
    expect(fitted.converged).toBe(true);
    expect(taken).toBeLessThan(50 * 6);
    const toTheEnd = await model.fitStream(parts, { classes, epochs: 50, average: false });
    expect(toTheEnd.converged).toBe(false);
    expect(lossOn(validation, fitted)).toBeLessThan(lossOn(validation, toTheEnd));
  });

  it("is saved and loaded, and goes on from where it was", async () => {
    const rows = rowsOf(2_000, 19);
    const fitted = await logisticRegression(small).fitStream(every(rows, 500), { classes });
    const path = join(temporaryFolder(), "stream.safetensors");
    await saveFitted(path, fitted);
    const loaded = (await loadFitted(path)).fitted as typeof fitted;
    expect(loaded.predict(rows.x)).toEqual(fitted.predict(rows.x));
    expect(lines(loaded)).toEqual(lines(fitted));
    const more = logisticRegression({ descent: { batchSize: 16, learningRate: 0 } }).learner({
      classes,
      start: loaded,
    });
    more.learn(rows.x.slice(0, 100), rows.y.slice(0, 100));
    lines(more.fitted()).forEach((value, i) => {
      // With steps of length 0 it stays what it was, whatever the scales of the columns are by now.
      expect(value).toBeCloseTo(lines(fitted)[i], 9);
    });
  });

  it("heeds the rule of the steps and its schedule over the whole run", async () => {
    const rows = rowsOf(640, 23);
    const asked: [number, number][] = [];
    const learningRate = (step: number, total: number): number => {
      asked.push([step, total]);
      return schedules.cosine(0.1)(step, total);
    };
    const descent = { optimizer: optimizers.momentum(0.1), learningRate, batchSize: 64 };
    await logisticRegression({ descent }).fitStream(() => [rows], {
      classes,
      rows: 640,
      epochs: 2,
    });
    expect(asked).toEqual(Array.from({ length: 20 }, (_, i) => [i, 20]));
  });

  it("learns from tables, by the name of the target", async () => {
    const rows = rowsOf(500, 29);
    const text = csv.encode({
      a: rows.x.map((row) => row[0]),
      label: rows.y,
      b: rows.x.map((row) => row[1]),
      c: rows.x.map((row) => row[2]),
    });
    const bytes = new TextEncoder().encode(text);
    const pieces = Array.from({ length: Math.ceil(bytes.length / 1000) }, (_, i) =>
      bytes.subarray(i * 1000, (i + 1) * 1000),
    );
    const tables = csv.stream(pieces, { batchRows: 70 });
    const fitted = await logisticRegression(small).fitStream(tables, { target: "label", classes });
    expect(fitted.featureNames).toEqual(["a", "b", "c"]);
    expect(lines(fitted)).toEqual(
      lines(await logisticRegression(small).fitStream([rows], { classes })),
    );
    const missing = csv.stream([Buffer.from("a,label\n1,no\n2,yes\n3,\n")], { batchRows: 2 });
    await expect(
      logisticRegression().fitStream(missing, { target: "label", classes }),
    ).rejects.toThrow(/row 2 has no label: "label" is missing/);
  });

  it("names the row of the stream in what it refuses, and learns nothing of that part", () => {
    const rows = rowsOf(100, 31);
    const learner = logisticRegression(small).learner({ classes });
    learner.learn(rows.x, rows.y);
    const before = lines(learner.fitted());
    const bad = [
      [1, 2, 3],
      [4, NaN, 6],
    ];
    expect(() => learner.learn(bad, ["no", "yes"])).toThrow(/row 101, column 1 is NaN/);
    expect(() => learner.learn(bad, ["no", "yes"])).toThrow(ValueError);
    expect(() => learner.learn([[1, 2, 3]], ["maybe"])).toThrow(
      /label of row 100 is "maybe", which is none of the classes.*"no", "yes"/,
    );
    expect(() => learner.learn([[1, 2, 3]], [true])).toThrow(ValueError);
    expect(() => learner.learn([[1, 2]], ["no"])).toThrow(ShapeError);
    expect(() => learner.learn([[1, 2, 3]], ["no", "no"])).toThrow(ShapeError);
    expect(learner.rows).toBe(100);
    expect(lines(learner.fitted())).toEqual(before);
  });

  it("refuses what a stream cannot give, and says what to do", async () => {
    const learner = (options: object, more: object = {}) =>
      logisticRegression(options).learner({ classes, ...more });
    expect(() => learner({ penalty: "l1" })).toThrow(/penalty: "l2"/);
    expect(() => learner({ solver: "newton" })).toThrow(/gradient descent/);
    expect(() => learner({ classWeight: "balanced" })).toThrow(/as numbers/);
    expect(() => learner({ descent: { batchSize: "all" } })).toThrow(/batchSize/);
    expect(() => learner({ descent: { validationFraction: 0.1 } })).toThrow(
      /validation: \{ x, y \}/,
    );
    expect(() => learner({}, { classes: ["no"] })).toThrow(/two at least/);
    expect(() => learner({}, { classes: undefined })).toThrow(/must list all labels/);
    expect(() => learner({}, { rows: 0 })).toThrow(/rows must be/);
    const empty = learner({});
    expect(() => empty.fitted()).toThrow(/no rows/);
    empty.learn([[1], [2]], ["no", "no"]);
    expect(() => empty.fitted()).toThrow(/of one class, "no"/);
    const fit = (parts: unknown) => logisticRegression().fitStream(parts as never, { classes });
    await expect(fit(7)).rejects.toThrow(/expected a stream/);
    await expect(fit([7])).rejects.toThrow(/must be \{ x, y \}/);
    await expect(fit([])).rejects.toThrow(/no rows/);
    const wild = logisticRegression({ penalty: "none", ...small });
    const huge = rowsOf(200, 37).x.map((row) => row.map((value) => (value - 50) * 1e304));
    const options = { classes, standardise: false };
    await expect(wild.fitStream([{ x: huge, y: rowsOf(200, 37).y }], options)).rejects.toThrow(
      /lower the learning rate, or scale the columns/,
    );
  });
});

describe("a standard scaler from a stream", () => {
  it("has the mean and deviation of the whole, wherever it is cut, NaN passed over", async () => {
    const rows = rowsOf(300, 41).x.map((row, i) => [...row, 7, i < 100 ? 1e6 : 1e6 + i]);
    rows[5][0] = NaN;
    for (let i = 0; i < 50; i++) rows[i][1] = NaN;
    const whole = await preprocessing.standardScaler().fit(rows);
    const parts = [rows.slice(0, 20), rows.slice(20, 21), rows.slice(21)];
    async function* stream(): AsyncGenerator<number[][]> {
      yield* parts;
    }
    const fitted = await preprocessing.standardScaler().fitStream(stream());
    whole.mean.forEach((mean, k) => {
      expect(Math.abs(fitted.mean[k] / mean - 1)).toBeLessThan(1e-12);
      expect(Math.abs(fitted.scale[k] / whole.scale[k] - 1)).toBeLessThan(1e-11);
    });
    expect(fitted.scale[3]).toBe(1);
    expect(fitted.state.kind).toBe("standardScaler");
  });

  it("goes on learning, and refuses other columns, naming the row of the stream", () => {
    const learner = preprocessing.standardScaler({ mean: false }).learner();
    expect(() => learner.fitted()).toThrow(/no rows/);
    learner.learn([[1], [3]]);
    expect([...learner.fitted().scale]).toEqual([1]);
    learner.learn([[5], [7]], { sampleWeight: [1, 1] });
    expect(learner.fitted().scale[0]).toBeCloseTo(Math.sqrt(5), 14);
    expect([...learner.fitted().mean]).toEqual([0]);
    expect(() => learner.learn([[1, 2]])).toThrow(ShapeError);
    expect(() => learner.learn([[1], [Infinity]])).toThrow(/row 5, column 0 is Infinity/);
  });
});
