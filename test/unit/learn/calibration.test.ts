import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { random, ShapeError, type Tensor, tensor, ValueError } from "inkgrad";
import { calibration } from "inkgrad/learn";
import { calibrationKinds } from "@src/learn/calibration/kinds.js";
import { makerOf } from "@src/learn/saving/kinds.js";
import { nearestCentroid, restoreNearestCentroid } from "../../support/nearest-centroid.js";

const { calibrated, isotonicCalibration, isotonicRegression } = calibration;
const { sigmoidCalibration, temperatureScaling } = calibration;

const golden = JSON.parse(
  readFileSync(new URL("../../golden/learn/calibration.json", import.meta.url), "utf8"),
);
const weightsOf = (weights: number[] | null) => (weights === null ? {} : { sampleWeight: weights });

/** Within 1e-9, of the number's size where that is above 1. */
function expectClose(found: ArrayLike<number>, expected: readonly number[]): void {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(found[i] - value)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(value)));
  });
}

describe("the curves, by scikit-learn's figures", () => {
  it.each(golden.sigmoid as any[])("sigmoid %#: slope and intercept", (c) => {
    const { slope, intercept } = sigmoidCalibration(c.scores, c.y, weightsOf(c.weights));
    expectClose([slope, intercept], [c.slope, c.intercept]);
  });

  it.each(golden.isotonic as any[])("isotonic %#: corners, and values between and beyond", (c) => {
    const curve = isotonicCalibration(c.scores, c.y, weightsOf(c.weights));
    expectClose(curve.scores, c.thresholds);
    expectClose(curve.probabilities, c.probabilities);
    expectClose(curve.predict(c.at), c.predicted);
  });

  it.each(golden.regression as any[])("isotonicRegression %#", ({ y, weights, options, out }) => {
    expectClose(isotonicRegression(y, { ...options, sampleWeight: weights }), out);
  });

  it.each(golden.classifier as any[])(
    "calibrated: $classes classes, $method, $form",
    async ({ X, y, T, folds, method, form, weights, probabilities }) => {
      const half = (odd: number) => (list: any[]) => list.filter((_, i) => i % 2 === odd);
      const fitted =
        form === "prefit"
          ? await calibrated(await nearestCentroid().fit(half(0)(X), half(0)(y)), {
              method,
            }).fit(half(1)(X), half(1)(y))
          : await calibrated(nearestCentroid(), {
              method,
              folds,
              ensemble: form === "ensemble",
            }).fit(X, y, weightsOf(weights));
      expectClose(fitted.predictProba(T).toArray().flat(), (probabilities as number[][]).flat());
    },
  );
});

const finite = fc.double({ min: -100, max: 100, noNaN: true });

describe("isotonicRegression", () => {
  it("never falls, keeps the mean, and leaves alone what never falls", () => {
    fc.assert(
      fc.property(fc.array(finite, { minLength: 1, maxLength: 40 }), (y) => {
        const fitted = isotonicRegression(y);
        for (let i = 1; i < y.length; i++) expect(fitted[i]).toBeGreaterThanOrEqual(fitted[i - 1]);
        const sum = (list: Iterable<number>) => [...list].reduce((a, b) => a + b, 0);
        expect(Math.abs(sum(fitted) - sum(y))).toBeLessThan(1e-9);
        expectClose(isotonicRegression(fitted), [...fitted]);
      }),
    );
  });

  it("is the projection: no other rising sequence lies closer", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(finite, finite), { minLength: 1, maxLength: 20 }), (pairs) => {
        const y = pairs.map(([value]) => value);
        const rising = pairs.map(([, other]) => other).sort((a, b) => a - b);
        const fitted = isotonicRegression(y);
        // ⟨y − ŷ, r − ŷ⟩ ≤ 0 for every r of the cone: what a projection is.
        const product = y.reduce((s, v, i) => s + (v - fitted[i]) * (rising[i] - fitted[i]), 0);
        expect(product).toBeLessThan(1e-7);
      }),
    );
  });

  it("refuses weights of nothing and numbers that are none", () => {
    expect(() => isotonicRegression([1, NaN])).toThrow(ValueError);
    expect(() => isotonicRegression([1, 2], { sampleWeight: [1, 0] })).toThrow("number 1 is 0");
    expect(() => isotonicRegression([1], { min: 2, max: 1 })).toThrow(ValueError);
  });
});

/** Rows of two classes that overlap. */
function overlapping(n: number, seed: number) {
  const noise = random.normal(random.key(seed), [n, 2], { dtype: "f64" }).toArray();
  const y = noise.map((_, i) => (i % 2 === 0 ? "no" : "yes"));
  const x = noise.map((row, i) => row.map((value) => value + (i % 2 === 0 ? 0 : 1)));
  return { x, y };
}

/** The mean distance between what is said and what is so, in ten bins of as many rows. */
function calibrationError(p: number[], y: string[]): number {
  const order = p.map((_, i) => i).sort((a, b) => p[a] - p[b]);
  let error = 0;
  for (let bin = 0; bin < 10; bin++) {
    const rows = order.slice((bin * p.length) / 10, ((bin + 1) * p.length) / 10);
    const said = rows.reduce((sum, i) => sum + p[i], 0);
    const so = rows.filter((i) => y[i] === "yes").length;
    error += Math.abs(said - so) / p.length;
  }
  return error;
}

describe("calibrated", () => {
  const train = overlapping(600, 1);
  const test = overlapping(2000, 2);
  const second = (x: Tensor<[number, number], "f64">) => x.toArray().map(([, p]) => p);

  it.each(["sigmoid", "isotonic", "temperature"] as const)(
    "by %s makes a classifier that is too sure say what is so",
    async (method) => {
      const sure = nearestCentroid({ sharpness: 4 });
      const before = second((await sure.fit(train.x, train.y)).predictProba(test.x));
      for (const options of [
        { folds: 4 },
        { ensemble: false },
        { heldOut: 0.4, key: random.key(3) },
      ]) {
        const fitted = await calibrated(sure, { method, ...options }).fit(train.x, train.y);
        const after = second(fitted.predictProba(test.x));
        expect(calibrationError(before, test.y)).toBeGreaterThan(0.15);
        expect(calibrationError(after, test.y)).toBeLessThan(0.06);
      }
    },
  );

  it("finds the temperature that was put in", () => {
    const { x, y } = overlapping(4000, 5);
    // The log-odds of these two classes are known: 2(x₀ + x₁)/2 − 1.
    const logits = x.map(([a, b]) => [0, 5 * (a + b - 1)]);
    expect(temperatureScaling(logits, y).temperature).toBeCloseTo(5, 0);
    const scaled = temperatureScaling(
      tensor(
        logits.map(([, z]) => z),
        { dtype: "f64" },
      ),
      y,
    );
    expect(scaled.temperature).toBeCloseTo(temperatureScaling(logits, y).temperature, 12);
    expect(() => temperatureScaling([[1], [2]], [0, 1])).toThrow(ShapeError);
  });

  it("keeps the order of classes and predicts what is most probable", async () => {
    const fitted = await calibrated(nearestCentroid()).fit(train.x, train.y);
    expect(fitted.classes).toEqual(["no", "yes"]);
    const p = second(fitted.predictProba(test.x));
    const odds = fitted.decisionFunction(test.x).toArray() as number[];
    expect(fitted.predict(test.x)).toEqual(p.map((value) => (value > 0.5 ? "yes" : "no")));
    odds.forEach((z, i) => expect(1 / (1 + Math.exp(-z))).toBeCloseTo(p[i], 12));
  });

  it("is the same after its state was restored", async () => {
    const { restore } = makerOf({
      ...calibrationKinds,
      nearestCentroid: { make: nearestCentroid, restore: restoreNearestCentroid as never },
    });
    for (const method of ["sigmoid", "isotonic", "temperature"] as const) {
      const fitted = await calibrated(nearestCentroid(), { method }).fit(train.x, train.y);
      const again = restore(fitted.state) as typeof fitted;
      expect(again.predictProba(test.x).toArray()).toEqual(fitted.predictProba(test.x).toArray());
    }
  });

  it("refuses what it cannot do, and says why", async () => {
    const { x, y } = train;
    const fit = (options: object) => calibrated(nearestCentroid(), options).fit(x, y);
    await expect(fit({ method: "beta" })).rejects.toThrow("sigmoid, isotonic, temperature");
    await expect(fit({ folds: 3, heldOut: 0.2 })).rejects.toThrow("not both");
    await expect(fit({ heldOut: 1 })).rejects.toThrow(ValueError);
    await expect(calibrated({} as never).fit(x, y)).rejects.toThrow("expected a classifier");
    const rare = y.map((_, i) => (i < 3 ? "rare" : "common"));
    await expect(calibrated(nearestCentroid()).fit(x, rare)).rejects.toThrow(
      'class "rare" has 3 rows, too few for 5 folds',
    );
    const fitted = await nearestCentroid().fit(x, y);
    await expect(
      calibrated(fitted).fit(
        x,
        y.map(() => "other"),
      ),
    ).rejects.toThrow('without the class "other"');
  });
});
