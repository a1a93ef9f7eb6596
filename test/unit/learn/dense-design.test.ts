import { describe, expect, it } from "vitest";
import "inkgrad";
import { denseDesign } from "@src/learn/linear/design/dense.js";
import type { Loss } from "@src/learn/linear/losses/loss.js";
import { binomial } from "@src/learn/linear/losses/binomial.js";
import { multinomial } from "@src/learn/linear/losses/multinomial.js";
import { squared } from "@src/learn/linear/losses/squared.js";
import { seeded } from "../../support/random.js";

const columns = 50;
const losses = { binomial, multinomial, squared };
/** So many that they are worked on in parts, with some left over. */
const rows = 33_000;

function made(Numbers: typeof Float32Array | typeof Float64Array, outputs: number) {
  const next = seeded("design");
  const values = new Numbers(rows * columns).map(() => next() - 0.5);
  const W = Float64Array.from({ length: columns * outputs }, () => Math.fround(next() - 0.5));
  const b = Float64Array.from({ length: outputs }, () => Math.fround(next() - 0.5));
  const targets = Float64Array.from({ length: rows }, () =>
    Math.floor(next() * Math.max(2, outputs)),
  );
  const weights = Float64Array.from({ length: rows }, () => Math.ceil(next() * 3));
  return {
    design: denseDesign({ format: "dense", rows, columns, values }),
    W,
    b,
    targets,
    weights,
  };
}

describe.each([
  ["f32", Float32Array, 1e-4],
  ["f64", Float64Array, 1e-12],
] as const)("many rows, %s", (_dtype, Numbers, tolerance) => {
  it.each([
    ["binomial", 1],
    ["squared", 1],
    ["multinomial", 2],
    ["multinomial", 10],
  ] as const)(
    "loss and gradient are those of the rows one by one: %s, %i outputs",
    (name, outputs) => {
      const loss: Loss = losses[name];
      const { design, W, b, targets, weights } = made(Numbers, outputs);
      const found = design.lossOf({ loss, outputs, targets, weights })({ W, b });
      const z = new Float64Array(outputs);
      const expected = { value: 0, W: new Float64Array(W.length), b: new Float64Array(outputs) };
      for (let row = 0; row < rows; row++) {
        design.marginsOfRow(row, { W, b }, z, 0);
        expected.value += weights[row] * loss.row(z, 0, outputs, targets[row]);
        design.addRow(row, z, 0, weights[row], expected.W);
        z.forEach((r, k) => {
          expected.b[k] += weights[row] * r;
        });
      }
      const size = Math.max(...expected.W.map(Math.abs), ...expected.b.map(Math.abs));
      expect(Math.abs(found.value / expected.value - 1)).toBeLessThan(tolerance);
      for (const name of ["W", "b"] as const)
        found[name].forEach((value, i) => {
          expect(Math.abs(value - expected[name][i]) / size).toBeLessThan(tolerance);
        });
    },
  );

  it("margins, curvature and deviations are those of the rows one by one", () => {
    const { design, W, b, weights } = made(Numbers, 2);
    const margins = design.margins({ W, b });
    const gram = design.gram(weights);
    const deviations = design.deviations();
    const z = new Float64Array(2);
    const last = new Float64Array(columns);
    for (const row of [0, 1, 3931, 3932, 31_456, rows - 1]) {
      design.marginsOfRow(row, { W, b }, z, 0);
      z.forEach((value, k) => {
        expect(Math.abs(margins[2 * row + k] - value)).toBeLessThan(tolerance);
      });
    }
    const [first, squares] = [new Float64Array(columns), new Float64Array(columns)];
    const e0 = new Float64Array(columns);
    for (let row = 0; row < rows; row++) {
      e0.fill(0);
      design.addRow(row, Float64Array.of(1), 0, 1, e0);
      e0.forEach((x, j) => {
        first[j] += x / rows;
        squares[j] += (x * x) / rows;
        last[j] += weights[row] * x * e0[0];
      });
    }
    for (let j = 0; j < columns; j++) {
      expect(Math.abs(gram[j] / last[0] - last[j] / last[0])).toBeLessThan(10 * tolerance);
      expect(Math.abs(deviations[j] / Math.sqrt(squares[j] - first[j] ** 2) - 1)).toBeLessThan(
        tolerance,
      );
    }
  });
});

it("rows without columns have margins, a loss, and the gradient of the intercept", () => {
  const design = denseDesign({ format: "dense", rows: 3, columns: 0, values: new Float64Array(0) });
  const targets = Float64Array.of(1, 1, 0);
  const [W, b] = [new Float64Array(0), Float64Array.of(0)];
  const seen = { loss: binomial, outputs: 1, targets, weights: null };
  const { value, ...gradient } = design.lossOf(seen)({ W, b });
  expect(value).toBeCloseTo(3 * Math.log(2), 12);
  expect(gradient).toEqual({ W, b: Float64Array.of(-0.5) });
  expect([...design.margins({ W, b: Float64Array.of(2) })]).toEqual([2, 2, 2]);
});
