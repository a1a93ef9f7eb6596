import { log, turned } from "@src/base/elementary.js";
import { describe, expect, it } from "vitest";

/** Distance in units in the last place of the second. */
const ulps = (x: number, y: number): number =>
  Math.abs(x - y) / 2 ** (Math.floor(Math.log2(Math.abs(y))) - 52);

describe("log", () => {
  it("is the engine's to a unit in the last place, for every exponent and about 1", () => {
    for (let i = -1073; i <= 1023; i++)
      for (const x of [2 ** i, 2 ** i * 1.3, 2 ** i * 1.9]) {
        const expected = Math.log(x);
        if (expected !== 0) expect(ulps(log(x), expected), String(x)).toBeLessThanOrEqual(1);
      }
    for (let i = 1; i < 3000; i++)
      for (const x of [1 + i / 5000, 1 - i / 5000])
        expect(ulps(log(x), Math.log(x)), String(x)).toBeLessThanOrEqual(1);
  });

  it("is right at the ends", () => {
    const ends = [0, -0, 1, -1, Infinity, NaN];
    expect(ends.map(log)).toEqual([-Infinity, -Infinity, 0, NaN, Infinity, NaN]);
  });
});

describe("turned", () => {
  it("is exact at quarters of a turn", () => {
    for (const whole of [4, 8, 12, 1000])
      for (const [quarter, point] of [
        [1, 0],
        [0, 1],
        [-1, 0],
        [0, -1],
      ].entries()) {
        const [cos, sin] = turned((quarter * whole) / 4, whole);
        expect([cos + 0, sin + 0]).toEqual(point);
      }
  });

  it("is the cosine and sine of parts of a turn, backwards too", () => {
    for (const whole of [3, 7, 10, 97, 1024])
      for (let part = -whole; part <= whole; part++) {
        const [cos, sin] = turned(part, whole);
        const angle = (2 * Math.PI * part) / whole;
        // The angle is rounded: up to 2π has an error of 4·10⁻¹⁶.
        expect(Math.abs(cos - Math.cos(angle))).toBeLessThan(1e-15);
        expect(Math.abs(sin - Math.sin(angle))).toBeLessThan(1e-15);
        expect(Math.abs(cos * cos + sin * sin - 1)).toBeLessThan(5e-16);
      }
  });
});
