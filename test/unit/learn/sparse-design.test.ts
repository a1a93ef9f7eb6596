import { describe, expect, it } from "vitest";
import { tensor } from "inkgrad";
import { logisticRegression } from "inkgrad/learn";
import type { Dense } from "@src/learn/input/matrix.js";
import { sparseRows } from "@src/learn/input/sparse-rows.js";
import {
  compressed,
  rowsBetween,
  mostShare,
  shareOfNonzeros,
  transposedParts,
} from "@src/learn/linear/design/compressed.js";
import { denseDesign } from "@src/learn/linear/design/dense.js";
import { known } from "@src/learn/linear/design/known.js";
import { sparseDesign } from "@src/learn/linear/design/sparse.js";
import { binomial } from "@src/learn/linear/losses/binomial.js";
import { multinomial } from "@src/learn/linear/losses/multinomial.js";
import { squared } from "@src/learn/linear/losses/squared.js";
import { seeded } from "../../support/random.js";

const losses = { binomial, multinomial, squared };
const [rows, columns] = [12_000, 90];

/** A tenth to a half of each row is not zero; every seventh row is empty, and so is one column. */
function made(Numbers: typeof Float32Array | typeof Float64Array, rows: number): Dense {
  const next = seeded("sparse design");
  const values = new Numbers(rows * columns);
  for (let row = 0; row < rows; row++)
    for (let j = 0; j < columns; j++)
      if (row % 7 !== 0 && j !== 40 && next() < (row % 5) / 10) values[row * columns + j] = next();
  return { format: "dense", rows, columns, values };
}
const all = Int32Array.from({ length: columns }, (_, j) => j);

describe("a dense matrix that is mostly zeros", () => {
  it("is found to be, from a look at some rows", () => {
    const dense = made(Float32Array, rows);
    expect(shareOfNonzeros(dense, all, mostShare(10))).toBeCloseTo(0.17, 1);
    expect(shareOfNonzeros({ ...dense, values: dense.values.map((x) => x + 1) }, all, 0.3)).toBe(
      null,
    );
    // With one output the dense products are as quick.
    expect(shareOfNonzeros(dense, all, mostShare(1))).toBe(null);
    expect(shareOfNonzeros({ ...dense, rows: 100 }, all, 0.3)).toBe(null);
  });

  it.each([0.17, 0.001])("has sparse rows, the share guessed as %d", (share) => {
    const dense = made(Float32Array, 2000);
    const kept = all.filter((j) => j !== 3 && j !== 4 && j !== 89);
    const sparse = compressed(dense, kept, share);
    const filled = new Float32Array(2000 * columns);
    for (let row = 0; row < 2000; row++)
      for (let i = sparse.starts[row]; i < sparse.starts[row + 1]; i++)
        filled[row * columns + kept[sparse.indices[i]]] = sparse.values[i];
    const expected = dense.values.map((x, i) => (kept.includes(i % columns) ? x : 0));
    expect(filled).toEqual(expected);
    expect(sparse.values.every((x) => x !== 0)).toBe(true);
  });

  it("is transposed in parts", () => {
    const sparse = rowsBetween(compressed(made(Float64Array, 1000), all, 0.2), 10, 990);
    const parts = transposedParts(sparse, 300);
    expect(parts.starts.length).toBe(4 * columns + 1);
    const cells = new Map<string, number>();
    for (let line = 0; line < 4 * columns; line++)
      for (let i = parts.starts[line]; i < parts.starts[line + 1]; i++) {
        expect(Math.floor(parts.indices[i] / 300)).toBe(Math.floor(line / columns));
        cells.set(`${parts.indices[i]} ${line % columns}`, parts.values[i]);
      }
    expect(cells.size).toBe(sparse.values.length);
    for (let row = 0; row < sparse.rows; row++)
      for (let i = sparse.starts[row]; i < sparse.starts[row + 1]; i++)
        expect(cells.get(`${row} ${sparse.indices[i]}`)).toBe(sparse.values[i]);
  });
});

describe.each([
  ["f32", Float32Array, 1e-5],
  ["f64", Float64Array, 1e-12],
] as const)("sparse rows in %s", (dtype, Numbers, tolerance) => {
  const dense = made(Numbers, rows);
  const designs = [sparseDesign(compressed(dense, all, 0.2)), denseDesign(dense)];
  const close = (found: Float64Array, expected: Float64Array): void => {
    const size = Math.max(...expected.map(Math.abs));
    const off = Math.max(...found.map((x, i) => Math.abs(x - expected[i])));
    expect(size).toBeGreaterThan(0);
    expect(off / size).toBeLessThan(tolerance);
  };

  it.each([
    ["binomial", 1],
    ["squared", 1],
    ["multinomial", 10],
  ] as const)("have the filled matrix's loss, gradient and margins: %s", (name, outputs) => {
    const next = seeded(name);
    const W = Float64Array.from({ length: columns * outputs }, () => Math.fround(next() - 0.5));
    const b = Float64Array.from({ length: outputs }, () => Math.fround(next() - 0.5));
    const targets = Float64Array.from({ length: rows }, () =>
      Math.floor(next() * Math.max(2, outputs)),
    );
    for (const weights of [null, targets.map((_, i) => i % 3)]) {
      const [found, expected] = designs.map((design) =>
        design.lossOf({ loss: losses[name], outputs, targets, weights })({ W, b }),
      );
      expect(Math.abs(found.value / expected.value - 1)).toBeLessThan(tolerance);
      close(found.W, expected.W);
      close(found.b, expected.b);
    }
    const [found, expected] = designs.map((design) => design.margins({ W, b }));
    close(found, expected);
    expect(designs.map((design) => design.dtype)).toEqual([dtype, dtype]);
  });

  it("take the place of a dense matrix, whose squares stay what they were", () => {
    const { design, kept, deviations } = known(dense, true, 10);
    expect(kept).toEqual(all.filter((j) => j !== 40));
    close(deviations, designs[1].deviations());
    const d = Float64Array.from({ length: rows }, (_, i) => i % 5);
    const without = sparseDesign(compressed(dense, kept!, 0.2));
    close(design.gram(d), without.gram(d));
  });
});

it("fits are the same for dense and for sparse rows, and in f32 near enough", async () => {
  const dense = made(Float64Array, rows);
  const sparse = compressed(dense, all, 0.2);
  const y = Array.from({ length: rows }, (_, i) =>
    i % 3 === 0 ? 2 : dense.values[i * columns + 1] > 0.2 ? 1 : 0,
  );
  const model = logisticRegression({ solver: "lbfgs", C: 0.01, tol: 1e-6 });
  const shape = [rows, columns] as const;
  const fits = [
    await model.fit(tensor(dense.values as Float64Array, { shape, dtype: "f64" }), y),
    await model.fit(sparseRows(sparse), y),
    await logisticRegression({ solver: "lbfgs", C: 0.01 }).fit(
      tensor(Float32Array.from(dense.values), { shape, dtype: "f32" }),
      y,
    ),
  ];
  const [a, b, c] = fits.map((fit) => (fit.coefficients.toArray() as number[][]).flat());
  const size = Math.max(...a.map(Math.abs));
  expect(Math.max(...b.map((x, i) => Math.abs(x - a[i])))).toBeLessThan(1e-3 * size);
  expect(Math.max(...c.map((x, i) => Math.abs(x - a[i])))).toBeLessThan(2e-2 * size);
});
