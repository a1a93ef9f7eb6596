import { random, tensor } from "inkgrad";
import { describe, expect, it } from "vitest";
import { kolmogorov, kolmogorovLimit, moments, normalCdf } from "../../support/statistics.js";

const n = 20_000;
type Draw = (key: random.Key, dtype: "f32" | "f64") => { data: () => Promise<ArrayLike<number>> };
interface Case {
  name: string;
  draw: Draw;
  cdf: (x: number) => number;
  mean?: number;
  variance?: number;
}

const truncated = (lo: number, hi: number): ((x: number) => number) => {
  // From whichever tail is nearer, so that far intervals keep their digits.
  const mass = (a: number, b: number): number =>
    a > 0 ? normalCdf(-a) - normalCdf(-b) : normalCdf(b) - normalCdf(a);
  return (x) => Math.min(Math.max(mass(lo, x) / mass(lo, hi), 0), 1);
};

const cases: Case[] = [
  {
    name: "uniform",
    draw: (key, dtype) => random.uniform(key, [n], { dtype }),
    cdf: (x) => x,
    mean: 1 / 2,
    variance: 1 / 12,
  },
  {
    name: "uniform from -3 to 5",
    draw: (key, dtype) => random.uniform(key, [n], { min: -3, max: 5, dtype }),
    cdf: (x) => (x + 3) / 8,
    mean: 1,
    variance: 64 / 12,
  },
  {
    name: "normal",
    draw: (key, dtype) => random.normal(key, [n], { dtype }),
    cdf: normalCdf,
    mean: 0,
    variance: 1,
  },
  {
    name: "normal of mean 2 and standard deviation 3",
    draw: (key, dtype) => random.normal(key, [n], { mean: 2, std: 3, dtype }),
    cdf: (x) => normalCdf((x - 2) / 3),
    mean: 2,
    variance: 9,
  },
  ...(
    [
      [-2, 2],
      [-1, 0.5],
      [0, 1],
      [-0.5, Infinity],
      [-Infinity, 3],
      [-Infinity, Infinity],
      [4, 5],
      [-7, -6],
      [9, Infinity],
    ] as const
  ).map(([lo, hi]) => ({
    name: `truncatedNormal from ${lo} to ${hi}`,
    draw: (key: random.Key, dtype: "f32" | "f64") =>
      random.truncatedNormal(key, [n], { lo, hi, dtype }),
    cdf: truncated(lo, hi),
  })),
  {
    name: "truncatedNormal of mean 1 and standard deviation 0.1",
    draw: (key, dtype) => random.truncatedNormal(key, [n], { mean: 1, std: 0.1, dtype }),
    cdf: (x) => truncated(-2, 2)((x - 1) / 0.1),
    mean: 1,
    variance: 0.01 * 0.77374,
  },
  {
    name: "exponential of scale 3",
    draw: (key, dtype) => random.exponential(key, [n], { scale: 3, dtype }),
    cdf: (x) => -Math.expm1(-x / 3),
    mean: 3,
    variance: 9,
  },
  {
    name: "laplace at 1 of scale 2",
    draw: (key, dtype) => random.laplace(key, [n], { location: 1, scale: 2, dtype }),
    cdf: (x) => (x < 1 ? Math.exp((x - 1) / 2) / 2 : 1 - Math.exp((1 - x) / 2) / 2),
    mean: 1,
    variance: 8,
  },
  {
    name: "gumbel at 1 of scale 2",
    draw: (key, dtype) => random.gumbel(key, [n], { location: 1, scale: 2, dtype }),
    cdf: (x) => Math.exp(-Math.exp((1 - x) / 2)),
    mean: 1 + 2 * 0.5772156649,
    variance: (4 * Math.PI ** 2) / 6,
  },
];

describe.each(["f32", "f64"] as const)("in %s", (dtype) => {
  it.each(cases)("$name follows its distribution", async ({ draw, cdf, mean, variance }) => {
    const samples = await draw(random.key(20240), dtype).data();
    expect(samples).toBeInstanceOf(dtype === "f32" ? Float32Array : Float64Array);
    expect(kolmogorov(samples, cdf)).toBeLessThan(kolmogorovLimit);
    const found = moments(samples);
    if (variance === undefined || mean === undefined) return;
    expect(Math.abs(found.mean - mean)).toBeLessThan(3.9 * Math.sqrt(variance / n));
    // The relative error of a variance is √((kurtosis − 1)/n), with kurtosis at most 9 here.
    expect(Math.abs(found.variance / variance - 1)).toBeLessThan(3.9 * Math.sqrt(8 / n));
  });
});

describe("the tests themselves", () => {
  it("would see a normal that is 10 % too wide, and one shifted by 0.04", async () => {
    const samples = await random.normal(random.key(20240), [n]).data();
    expect(
      kolmogorov(
        samples.map((x) => x * 1.1),
        normalCdf,
      ),
    ).toBeGreaterThan(kolmogorovLimit);
    expect(
      kolmogorov(
        samples.map((x) => x - 0.04),
        normalCdf,
      ),
    ).toBeGreaterThan(kolmogorovLimit);
  });
});

describe("uniform", () => {
  it("never gives max, though rounding would", async () => {
    const max = 1 + 2 ** -22;
    const samples = await random.uniform(random.key(3), [2000], { min: 1, max }).data();
    // Two numbers lie in [1, max): 1 and 1 + 2⁻²³.
    expect(new Set(samples)).toEqual(new Set([1, 1 + 2 ** -23]));
    const some = random.uniform(random.key(3), [2000], { min: 1, max: tensor(max) });
    expect(await some.data()).toEqual(samples);
  });

  it("uses 24 bits in f32 and 53 in f64, the last of them as often 0 as 1", async () => {
    for (const [dtype, bits] of [
      ["f32", 24],
      ["f64", 53],
    ] as const) {
      const samples = await random.uniform(random.key(4), [4000], { dtype }).data();
      let odd = 0;
      for (const x of samples) {
        expect(Number.isInteger(x * 2 ** bits)).toBe(true);
        if ((x * 2 ** bits) % 2 === 1) odd++;
      }
      expect(Math.abs(odd - 2000)).toBeLessThan(3.9 * Math.sqrt(1000));
    }
  });
});

describe("exponential and laplace", () => {
  it("have digits near 0 too, and are never 0", async () => {
    for (const draw of [random.exponential, random.laplace]) {
      const samples = await draw(random.key(5), [50_000]).data();
      const small = samples.map(Math.abs).filter((x) => x < 1e-3);
      expect(small.length).toBeGreaterThan(20);
      expect(small.every((x) => x > 0)).toBe(true);
      // Of an f32 just below 1 the logarithm would be that of 1 − k / 2²⁴ for some whole k.
      const k = small.map((x) => -Math.expm1(-x) * 2 ** 24);
      expect(k.filter((x) => Math.abs(x - Math.round(x)) > 0.1).length).toBeGreaterThan(10);
    }
  });
});
