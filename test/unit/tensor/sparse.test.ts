import { describe, expect, it } from "vitest";
import {
  checkGradients,
  type CompressedRows,
  DTypeError,
  grad,
  ShapeError,
  sparseMatmul,
  type Tensor,
  tensor,
  vmap,
} from "inkgrad";

const i32 = (list: number[]): Tensor => tensor(list, { shape: [list.length], dtype: "i32" });
const f64 = (list: number[], shape: number[]): Tensor => tensor(list, { shape, dtype: "f64" });

/** [[1, 0, 2], [0, 0, 0], [0, 3, 4], [5, 0, 0]] */
const x: CompressedRows = {
  starts: i32([0, 2, 2, 4, 5]),
  indices: i32([0, 2, 1, 2, 0]),
  values: f64([1, 2, 3, 4, 5], [5]),
};
const transposed: CompressedRows = {
  starts: i32([0, 2, 3, 5]),
  indices: i32([0, 3, 2, 0, 2]),
  values: f64([1, 5, 3, 2, 4], [5]),
};
const w = f64([1, -1, 2, 0.5, 3, -2], [3, 2]);
const plain = (tree: unknown): unknown => (tree as Tensor).toArray();

describe("a product with sparse rows", () => {
  it("is that of the filled matrix", () => {
    expect(plain(sparseMatmul(x, w))).toEqual([
      [7, -5],
      [0, 0],
      [18, -6.5],
      [5, -5],
    ]);
  });

  it.each([
    ["found from the rows", x],
    ["of the transpose that is given", { ...x, transposed }],
  ])("has a gradient, %s", (_how, rows) => {
    const f = (w: Tensor): Tensor => (sparseMatmul(rows, w) as never as Tensor<[4, 2]>).sin().sum();
    const cosines = sparseMatmul(x, w).cos();
    expect(plain((grad(f as never) as unknown as (w: Tensor) => Tensor)(w))).toEqual(
      plain(sparseMatmul(transposed, cosines)),
    );
    const both = (values: Tensor, w: Tensor): Tensor =>
      (sparseMatmul({ ...rows, values }, w) as never as Tensor<[4, 2]>).sin().sum();
    expect(() => checkGradients(both as never, [x.values, w] as never)).not.toThrow();
  });

  it("may be taken for many right sides, or many values, at once", () => {
    const ws = f64([...Array(12).keys()], [2, 3, 2]);
    const values = f64([...Array(10).keys()], [2, 5]);
    const each = (f: (one: Tensor) => Tensor, all: Tensor): Tensor =>
      (vmap(f as never) as unknown as (all: Tensor) => Tensor)(all);
    const many = each((w) => sparseMatmul(x, w), ws);
    const other = each((values) => sparseMatmul({ ...x, values }, w), values);
    for (const i of [0, 1]) {
      expect(plain(many.at(i).get())).toEqual(plain(sparseMatmul(x, ws.at(i).get() as Tensor)));
      const one = { ...x, values: values.at(i).get() as Tensor };
      expect(plain(other.at(i).get())).toEqual(plain(sparseMatmul(one, w)));
    }
  });

  it("says what does not fit", () => {
    expect(() => sparseMatmul({ ...x, indices: i32([0]) }, w)).toThrow(
      new ShapeError("sparseMatmul: 1 indices for 5 values; each needs its column"),
    );
    expect(() => sparseMatmul({ ...x, starts: i32([]) }, w)).toThrow(ShapeError);
    expect(() => sparseMatmul(x, f64([1, 2, 3], [3]))).toThrow(
      new ShapeError("sparseMatmul: the right side must be [n, k], got shape [3]"),
    );
    expect(() => sparseMatmul({ ...x, indices: x.values }, w)).toThrow(DTypeError);
    expect(() => sparseMatmul(x, w.cast("f32") as Tensor)).toThrow(DTypeError);
  });
});
