import { random, ShapeError, tensor, ValueError } from "inkgrad";
import { describe, expect, it } from "vitest";
import { bootstrap, f1, meanAbsoluteError, r2, rocAuc } from "@src/learn/metrics/index.js";
import { normalBelow, normalQuantile } from "@src/base/normal-quantile.js";
import { quantileOf } from "@src/base/quantile.js";

const key = random.key(5);
const mean = (x: readonly number[]): number => x.reduce((sum, v) => sum + v, 0) / x.length;
const normals = (seed: number, n: number): number[] =>
  random.normal(random.key(seed), [n], { dtype: "f64" }).toArray();

const y = Array.from({ length: 60 }, (_, i) => Number(i % 3 === 0));
const scores = normals(1, 60).map((z, i) => z + 1.2 * y[i]);

describe("bootstrap", () => {
  it("gives an interval about the estimate, the same for the same key, another for another", () => {
    const one = bootstrap(rocAuc, [y, scores], { key });
    expect(one.estimate).toBe(rocAuc(y, scores));
    expect(one.low).toBeLessThan(one.estimate);
    expect(one.high).toBeGreaterThan(one.estimate);
    expect(one.figures.length + one.undefinedCount).toBe(1000);
    expect(bootstrap(rocAuc, [y, scores], { key })).toEqual(one);
    expect(bootstrap(rocAuc, [y, scores], { key: random.key(6) }).low).not.toBe(one.low);
    const wider = bootstrap(rocAuc, [y, scores], { key, confidence: 0.99 });
    expect(wider.low).toBeLessThan(one.low);
    expect(wider.high).toBeGreaterThan(one.high);
  });

  it("takes tensors, typed arrays and any function of the rows", () => {
    const of = bootstrap((a, b) => rocAuc(a, b), [tensor(y), Float64Array.from(scores)], { key });
    expect(of.low).toBe(bootstrap(rocAuc, [y, scores], { key }).low);
    const said = scores.map((s) => Number(s > 0.5));
    const macro = bootstrap((a, b) => f1(a, b, { average: "macro" }), [y, said], { key });
    expect(macro.estimate).toBe(f1(y, said, { average: "macro" }));
  });

  it("has the standard error of a mean that theory has", () => {
    const x = normals(2, 200);
    const { standardError } = bootstrap(mean, [x], { key, resamples: 4000 });
    const spread = Math.sqrt(mean(x.map((v) => (v - mean(x)) ** 2)) / 200);
    // The deviation of 4,000 draws is itself known to about 1.1 %.
    expect(Math.abs(standardError / spread - 1)).toBeLessThan(0.04);
  });

  it.each(["percentile", "bca"] as const)(
    "by %s holds the mean of a normal distribution about as often as it says",
    (method) => {
      const trials = 200;
      let held = 0;
      for (let trial = 0; trial < trials; trial++) {
        const { low, high } = bootstrap(mean, [normals(1000 + trial, 40)], {
          key: random.key(trial),
          resamples: 300,
          confidence: 0.9,
          method,
        });
        held += Number(low <= 0 && 0 <= high);
      }
      // Known to be a little too short for 40 rows: 0.885 in place of 0.9; ± 3 deviations of 0.022.
      expect(held / trials).toBeGreaterThan(0.818);
      expect(held / trials).toBeLessThan(0.952);
    },
  );

  it("corrected, holds a skewed figure more evenly on both sides than plain quantiles", () => {
    const variance = (x: readonly number[]): number => mean(x.map((v) => (v - mean(x)) ** 2));
    const sides = { percentile: [0, 0], bca: [0, 0] };
    for (let trial = 0; trial < 150; trial++)
      for (const method of ["percentile", "bca"] as const) {
        const x = normals(5000 + trial, 30);
        const options = { key: random.key(trial), resamples: 300, confidence: 0.8, method };
        const { low, high } = bootstrap(variance, [x], options);
        sides[method][0] += Number(low > 1);
        sides[method][1] += Number(high < 1);
      }
    const unevenness = ([a, b]: number[]): number => Math.abs(a - b);
    expect(unevenness(sides.bca)).toBeLessThan(unevenness(sides.percentile));
  });

  it("leaves out and counts the resamples without a figure", () => {
    const few = [1, 0, 0, 0, 0, 0];
    const s = [0.9, 0.1, 0.5, 0.3, 0.95, 0.2];
    const { undefinedCount, figures } = bootstrap(rocAuc, [few, s], { key, resamples: 500 });
    // (5/6)⁶ = 0.335 of them have no one.
    expect(Math.abs(undefinedCount / 500 - 0.335)).toBeLessThan(0.07);
    expect(figures.length).toBe(500 - undefinedCount);
    expect(figures.every(Number.isFinite)).toBe(true);
    const strict = bootstrap(rocAuc, [few, s], { key, stratified: true, resamples: 500 });
    expect(strict.undefinedCount).toBe(0);
  });

  it("stratified, draws each class as often as it is there", () => {
    const counts = new Set<number>();
    const labels = ["a", "b", "b", "a", "b"];
    bootstrap(
      (x) => {
        counts.add(x.filter((label) => label === "a").length);
        return 1;
      },
      [labels],
      { key, stratified: true },
    );
    expect([...counts]).toEqual([2]);
    const others = new Set<string>();
    bootstrap(
      (x) => {
        others.add([...x].sort().join(""));
        return 1;
      },
      [["p", "q", "r"]],
      { key, stratified: [0, 0, 1] },
    );
    expect([...others].sort()).toEqual(["ppr", "pqr", "qqr"]);
  });

  it("of a figure that is always the same gives that figure", () => {
    for (const method of ["percentile", "bca"] as const) {
      const { low, high, standardError } = bootstrap(() => 0.5, [y], { key, method });
      expect([low, high, standardError]).toEqual([0.5, 0.5, 0]);
    }
  });

  it("refuses what has no figure, and options that make no sense", () => {
    expect(() =>
      bootstrap(
        rocAuc,
        [
          [1, 1],
          [0, 1],
        ],
        { key },
      ),
    ).toThrow(/only|all 2 rows/);
    expect(() => bootstrap(r2, [[1], [1]], { key })).toThrow(/is NaN/);
    expect(() => bootstrap(rocAuc, [y, [1, 2]], { key })).toThrow(ShapeError);
    expect(() => bootstrap(mean, [[]], { key })).toThrow(/no rows/);
    expect(() => bootstrap(mean, [y], { key, confidence: 1 })).toThrow(ValueError);
    expect(() => bootstrap(mean, [y], { key, resamples: 1 })).toThrow(/resamples/);
    expect(() => bootstrap(mean, [y], { key, method: "basic" as never })).toThrow(/method/);
    expect(() => bootstrap(mean, [y], { key, stratified: [1, 2] })).toThrow(/2 labels/);
    const broken = (): number => {
      throw new TypeError("broken");
    };
    expect(() => bootstrap(broken, [y], { key })).toThrow("broken");
    let first = true;
    const undefinedLater = (): number => (first ? ((first = false), 1) : NaN);
    expect(() => bootstrap(undefinedLater, [y], { key })).toThrow(/every resample/);
  });

  it("draws a weight with its row", () => {
    const weights = y.map((_, i) => (i < 30 ? 0 : 1));
    const of = bootstrap(
      (a, b, w) => meanAbsoluteError(a, b, { sampleWeight: w }),
      [y.map((_, i) => (i < 30 ? 1e9 : 0)), y.map(() => 1), weights],
      { key },
    );
    expect([of.low, of.high]).toEqual([1, 1]);
  });
});

describe("quantiles", () => {
  it("of numbers are NumPy's", () => {
    const x = Float64Array.of(1, 2, 4, 8);
    expect([0, 0.25, 0.5, 0.9, 1].map((q) => quantileOf(x, q))).toEqual([
      ...[1, 1.75, 3, 6.800000000000001, 8],
    ]);
    expect(quantileOf(Float64Array.of(3), 0.3)).toBe(3);
  });

  it("of the normal distribution are those of the tables, and undo it", () => {
    expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 14);
    expect(normalQuantile(1e-10)).toBeCloseTo(-6.361340902404056, 12);
    for (const p of [1e-12, 0.01, 0.3, 0.5, 0.8, 0.999])
      expect(Math.abs(normalBelow(normalQuantile(p)) / p - 1)).toBeLessThan(1e-12);
    expect([0, 1, 2].map(normalQuantile)).toEqual([-Infinity, Infinity, NaN]);
  });
});
