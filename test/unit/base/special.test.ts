import { describe, expect, it } from "vitest";
import { erf, lgamma, polygamma } from "@src/base/special.js";
import { readGolden } from "../../golden/cases.js";
import { requireClose } from "../../support/compare.js";
import { special } from "../../support/tolerances.js";

const functions: Record<string, (x: number) => number> = {
  erf,
  lgamma,
  digamma: (x) => polygamma(0, x),
  trigamma: (x) => polygamma(1, x),
  tetragamma: (x) => polygamma(2, x),
};

describe("special functions agree with mpmath at hard points", () => {
  const cases = readGolden("special.json").cases as { fn: string; points: [number, number][] }[];
  for (const { fn, points } of cases)
    it(`${fn}: ${points.length} points`, () => {
      for (const [x, want] of points) {
        const { ulps } = special[fn];
        // Where a function crosses 0 a difference is left: its digits cannot be asked for.
        const scale = Math.max(Math.abs(want), special[fn].least ?? 0);
        requireClose([want], [functions[fn](x)], { dtype: "f64", ulps, scale }, `${fn}(${x})`);
      }
    });

  it("for every function that there is", () => {
    expect(cases.map(({ fn }) => fn).sort()).toEqual(Object.keys(functions).sort());
  });
});

describe("special functions at the edges", () => {
  it("erf keeps the sign of zero, reaches ±1, and hands NaN on", () => {
    expect(erf(0)).toBe(0);
    expect(erf(-0)).toBe(-0);
    expect(erf(Infinity)).toBe(1);
    expect(erf(-Infinity)).toBe(-1);
    expect(erf(NaN)).toBeNaN();
  });

  it("erf rises over the seams of the forms that compute it", () => {
    for (const edge of [2, 6]) {
      const around = [edge - 1e-6, edge, edge + 1e-6].map(erf);
      expect(around).toEqual([...around].sort((a, b) => a - b));
    }
  });

  it("lgamma has its zeros at 1 and 2, and poles at 0, −1, −2, …", () => {
    expect(lgamma(1)).toBe(0);
    expect(lgamma(2)).toBe(0);
    for (const pole of [0, -0, -1, -2, -1000]) expect(lgamma(pole)).toBe(Infinity);
    expect(lgamma(Infinity)).toBe(Infinity);
    expect(lgamma(-Infinity)).toBe(Infinity);
    expect(lgamma(NaN)).toBeNaN();
  });

  it("lgamma(n) is the logarithm of (n − 1)!", () => {
    for (let n = 3, factorial = 2; n < 20; factorial *= n++)
      expect(lgamma(n)).toBeCloseTo(Math.log(factorial), 12);
  });

  it("digamma follows SciPy at 0 and the poles", () => {
    expect(polygamma(0, 0)).toBe(-Infinity);
    expect(polygamma(0, -0)).toBe(Infinity);
    for (const pole of [-1, -2, -100]) expect(polygamma(0, pole)).toBeNaN();
    expect(polygamma(0, Infinity)).toBe(Infinity);
    expect(polygamma(0, -Infinity)).toBeNaN();
    expect(polygamma(0, NaN)).toBeNaN();
  });

  it("trigamma is infinite at its poles and 0 at infinity", () => {
    for (const pole of [0, -1, -2]) expect(polygamma(1, pole)).toBe(Infinity);
    expect(polygamma(1, Infinity)).toBe(0);
    expect(polygamma(1, NaN)).toBeNaN();
  });

  it("each polygamma function is the derivative of the one before", () => {
    const h = 1e-4;
    for (const x of [0.7, 1.9, 4.2, -0.6])
      for (const order of [0, 1, 2, 3]) {
        const slope = (polygamma(order, x + h) - polygamma(order, x - h)) / (2 * h);
        const next = polygamma(order + 1, x);
        expect(Math.abs(slope - next)).toBeLessThan(1e-4 * (1 + Math.abs(next)));
      }
  });
});
