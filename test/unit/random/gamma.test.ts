import { wrap } from "@src/tensor/operand.js";
import { logAcceptance } from "@src/tensor/random/gamma.js";
import { random, tensor } from "inkgrad";
import { describe, expect, it } from "vitest";
import {
  incompleteBeta,
  incompleteGamma,
  kolmogorov,
  kolmogorovLimit,
  moments,
  normalCdf,
} from "../../support/statistics.js";

const n = 5000;

describe("the logarithm of the acceptance probability over d", () => {
  it("is the same by its series near 0 and by its formula elsewhere", () => {
    for (const y of [-0.0999, 0.0999, -0.1001, 0.1001, 0.05, 0.5]) {
      const formula = 3 * (Math.log1p(y) - y + (y * y) / 2) - y ** 3;
      const found = wrap(logAcceptance(tensor(y, { dtype: "f64" }).node)).item() as number;
      // The series stops at y⁸.
      expect(Math.abs(found / formula - 1)).toBeLessThan(1e-5);
    }
  });
});

describe("gamma", () => {
  it.each([
    [0.05, "f32", n],
    [0.5, "f32", 20_000],
    [2.5, "f32", n],
    [40, "f32", n],
    [0.2, "f64", n],
    [7, "f64", n],
  ] as const)("of alpha %s in %s follows its distribution", async (alpha, dtype, size) => {
    const samples = await random.gamma(random.key(11), [size], { alpha, dtype }).data();
    expect(kolmogorov(samples, (x) => incompleteGamma(alpha, x).p)).toBeLessThan(kolmogorovLimit);
    const { mean, variance } = moments(samples);
    expect(Math.abs(mean - alpha)).toBeLessThan(3.9 * Math.sqrt(alpha / size));
    // The kurtosis is 3 + 6/α.
    const spread = Math.sqrt((2 + 6 / alpha) / size);
    expect(Math.abs(variance / alpha - 1)).toBeLessThan(3.9 * spread);
  });

  it("takes a tensor of alphas and one of scales", async () => {
    const alpha = tensor([[0.5], [3]]);
    const scale = tensor([2, 5, 7]);
    const samples = random.gamma(random.key(12), [1500, 2, 3], { alpha, scale });
    const rows = samples.toArray();
    [0.5, 3].forEach((a, i) =>
      [2, 5, 7].forEach((s, j) => {
        const column = rows.map((row) => row[i][j] / s);
        expect(kolmogorov(column, (x) => incompleteGamma(a, x).p)).toBeLessThan(kolmogorovLimit);
      }),
    );
  });

  it("of a large alpha in f32 is nearly normal", async () => {
    const alpha = 1e5;
    const samples = await random.gamma(random.key(13), [n], { alpha }).data();
    // Wilson and Hilferty: the cube root of a gamma variable is nearly normal.
    const normalized = Float64Array.from(
      samples,
      (x) => (Math.cbrt(x / alpha) - (1 - 1 / (9 * alpha))) * 3 * Math.sqrt(alpha),
    );
    expect(kolmogorov(normalized, normalCdf)).toBeLessThan(kolmogorovLimit);
  });

  it("of a tiny alpha is mostly 0, and never negative or NaN", async () => {
    const samples = await random.gamma(random.key(14), [1000], { alpha: 1e-4 }).data();
    expect(samples.every((x) => x >= 0)).toBe(true);
    expect(samples.filter((x) => x === 0).length).toBeGreaterThan(900);
  });
});

describe("beta", () => {
  it.each([
    [0.5, 0.5, "f32"],
    [2, 5, "f32"],
    [0.1, 3, "f32"],
    [30, 20, "f64"],
  ] as const)("of %s and %s in %s follows its distribution", async (a, b, dtype) => {
    const samples = await random.beta(random.key(15), [n], { a, b, dtype }).data();
    expect(kolmogorov(samples, (x) => incompleteBeta(a, b, x))).toBeLessThan(kolmogorovLimit);
    const { mean, variance } = moments(samples);
    const expected = (a * b) / ((a + b) ** 2 * (a + b + 1));
    expect(Math.abs(mean - a / (a + b))).toBeLessThan(3.9 * Math.sqrt(expected / n));
    expect(Math.abs(variance / expected - 1)).toBeLessThan(0.2);
  });

  it("keeps its digits where both parameters are large", async () => {
    const options = { a: 1e7, b: 1e7, dtype: "f64" } as const;
    const large = await random.beta(random.key(16), [2000], options).data();
    const normalized = large.map((x) => (x - 0.5) * 2 * Math.sqrt(2e7 + 1));
    expect(kolmogorov(normalized, normalCdf)).toBeLessThan(kolmogorovLimit);
  });

  it("stays within 0 and 1, and on either side, where both parameters are tiny", async () => {
    const tiny = await random.beta(random.key(17), [2000], { a: 1e-4, b: 1e-4 }).data();
    expect(tiny.every((x) => x >= 0 && x <= 1)).toBe(true);
    expect(Math.abs(tiny.filter((x) => x > 0.5).length - 1000)).toBeLessThan(3.9 * Math.sqrt(500));
  });
});
