import { lineSearch, type Probe } from "@src/nn/optimizers/line-search.js";
import fc from "fast-check";
import { expect, test } from "vitest";

const wolfe = { decrease: 1e-4, curvature: 0.9, rounding: 0 };

/** A function of one number with its slope, and how often it was looked at. */
function along(f: (t: number) => number, slope: (t: number) => number) {
  let looks = 0;
  const probe = (at: number): Probe => (looks++, { at, value: f(at), slope: slope(at) });
  return { probe, start: { at: 0, value: f(0), slope: slope(0) }, looks: () => looks };
}

/** Functions that go down at 0 and have a minimum further on, of very different width. */
const valleys: Record<
  string,
  (scale: number) => readonly [(t: number) => number, (t: number) => number]
> = {
  "a parabola": (a) => [(t) => (t / a - 1) ** 2, (t) => (2 * (t / a - 1)) / a],
  "a fourth power": (a) => [(t) => (t / a - 1) ** 4, (t) => (4 * (t / a - 1) ** 3) / a],
  "a wall": (a) => [(t) => t / a - Math.log(t / a + 1e-3), (t) => 1 / a - 1 / (t + 1e-3 * a)],
  // Moré and Thuente's first: flat far out.
  "a long slope": (a) => [
    (t) => -(t / a) / ((t / a) ** 2 + 2),
    (t) => ((t / a) ** 2 - 2) / (((t / a) ** 2 + 2) ** 2 * a),
  ],
};

test.each(Object.keys(valleys))(
  "a step in %s meets the strong Wolfe conditions, or Hager and Zhang's in place of the first",
  (name) => {
    fc.assert(
      fc.property(
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.double({ min: -3, max: 3, noNaN: true }),
        fc.constantFrom(0.9, 0.1),
        (width, first, curvature) => {
          const { probe, start, looks } = along(...valleys[name](10 ** width));
          const found = lineSearch(probe, start, 10 ** (width + first), { ...wolfe, curvature });
          expect(found).not.toBeNull();
          const { at, value, slope } = found!;
          const least = start.value + wolfe.decrease * at * start.slope;
          const approximate =
            value <= start.value && slope <= (2 * wolfe.decrease - 1) * start.slope;
          expect(value <= least || approximate, `${value} against ${least}`).toBe(true);
          expect(Math.abs(slope)).toBeLessThanOrEqual(-curvature * start.slope);
          expect(looks()).toBeLessThanOrEqual(30);
        },
      ),
      { numRuns: 200 },
    );
  },
);

test("a function without a minimum along the way is given up", () => {
  const { probe, start, looks } = along(
    (t) => -t,
    () => -1,
  );
  expect(lineSearch(probe, start, 1, wolfe)).toBeNull();
  expect(looks()).toBeLessThanOrEqual(30);
});

test("a value that is no number is too high", () => {
  const f = (t: number): number => (t > 1 ? NaN : (t - 0.5) ** 2);
  const { probe, start } = along(f, (t) => 2 * (t - 0.5));
  const found = lineSearch(probe, start, 100, { ...wolfe, curvature: 0.1 });
  expect(found!.at).toBeGreaterThan(0.4);
  expect(found!.at).toBeLessThan(0.6);
});
