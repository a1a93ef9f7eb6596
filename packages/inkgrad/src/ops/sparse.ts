import { IndexError, ShapeError } from "../base/errors.js";
import { show } from "../base/shape.js";
import { kernel } from "./lowering.js";
import type { Builder, Node, Op, Sources } from "./op.js";
import { moveAxis } from "./recipes.js";
import { commonType, floats, requireType } from "./rules.js";

/** A matrix of mostly zeros times another one. Positions are i32, from 0. */

/**
 * X·w for a sparse matrix X [m, n] in compressed rows (CSR) and w [n, k]: row i of the result is the
 * sum of values[p] · w[indices[p], :] over the p from starts[i] up to starts[i + 1]. One column may
 * come several times in a row, in any order. Xᵀ·v is the same product with the rows of Xᵀ.
 *
 * Throws `IndexError` when run with an index outside w's rows, or with starts that do not ascend from
 * 0 to the number of values.
 *
 * @param src  starts [m + 1] and indices [values] of i32; values [values] and w [n, k] of one float type
 * @source SciPy `csr_matrix.dot`; Saad, "Iterative Methods for Sparse Linear Systems", 3.4
 */
export const sparseMatmul: Op<4> = {
  arity: 4,
  shape([starts, indices, values, w], _attrs, name) {
    for (const [what, x] of [
      ["starts", starts],
      ["indices", indices],
      ["values", values],
    ] as const)
      if (x.shape.length !== 1)
        throw new ShapeError(`${name}: ${what} must have one axis, got shape ${show(x.shape)}`);
    if (starts.shape[0] === 0)
      throw new ShapeError(`${name}: starts must be [rows + 1], got [0]; without rows it is [1]`);
    if (indices.shape[0] !== values.shape[0])
      throw new ShapeError(
        `${name}: ${indices.shape[0]} indices for ${values.shape[0]} values; each needs its column`,
      );
    if (w.shape.length !== 2)
      throw new ShapeError(`${name}: the right side must be [n, k], got shape ${show(w.shape)}`);
    return [starts.shape[0] - 1, w.shape[1]];
  },
  dtype([starts, indices, values, w], _attrs, name) {
    requireType(starts, ["i32"], `${name}: starts`);
    requireType(indices, ["i32"], `${name}: indices`);
    return commonType([values, w], floats, name);
  },
  vjp(b, { src, cotangent }) {
    const [starts, indices, values, w] = src;
    const rows = rowsOf(b, starts, values.shape[0]);
    const columns = transposedRows(b, rows, indices, values, w.shape[0]);
    const toValues = valuesCotangent(b, src, cotangent);
    return [null, null, toValues, b.sparseMatmul(...columns, cotangent)];
  },
  lower: kernel("sparseMatmul"),
  batch(b, { src, batched, size, attrs, again }) {
    const [starts, indices, values, w] = src;
    const m = starts.shape.at(-1)! - 1;
    if (batched.indexOf(true) === 3) {
      // The columns of all examples lie side by side.
      const [n, k] = w.shape.slice(1) as [number, number];
      const wide = b.reshape(moveAxis(b, w, 0, 1), { shape: [n, size * k] });
      const product = again([starts, indices, values, wide], attrs);
      return moveAxis(b, b.reshape(product, { shape: [m, size, k] }), 1, 0);
    }
    const k = w.shape.at(-1)!;
    const parts = Array.from({ length: size }, (_, i) => {
      const one = src.map((x, which) => (batched[which] ? example(b, x, i) : x));
      return b.reshape(again(one, attrs), { shape: [1, m, k] });
    });
    return parts.length === 0
      ? b.full({ shape: [0, m, k], value: 0, dtype: w.dtype })
      : b.concat(parts, { axis: 0 });
  },
  check: {
    cases: [
      { starts: [0, 2, 2, 5, 6], indices: [3, 0, 1, 2, 3, 2], n: 4, k: 3 },
      { starts: [0, 1], indices: [0], n: 1, k: 1 },
      { starts: [0, 0, 0, 3], indices: [1, 1, 0], n: 2, k: 2 },
      { starts: [0, 3, 7], indices: [4, 2, 0, 0, 1, 4, 3], n: 5, k: 11 },
      { starts: [0, 0, 0], indices: [], n: 3, k: 2 },
      { starts: [0], indices: [], n: 0, k: 4 },
      { starts: [0, 1, 2], indices: [0, 1], n: 2, k: 0 },
    ].map(({ starts, indices, n, k }) => ({
      src: [
        { shape: [starts.length], dtype: "i32", values: starts, ordered: true },
        { shape: [indices.length], dtype: "i32", values: indices },
        { shape: [indices.length] },
        { shape: [n, k] },
      ],
      attrs: {},
    })),
  },
};

/** One of the examples along the first axis. */
function example(b: Builder, x: Node, i: number): Node {
  const [, ...shape] = x.shape;
  const rest = shape.map(() => 0);
  const part = b.slice(x, {
    start: [i, ...rest],
    stop: [i + 1, ...shape],
    step: x.shape.map(() => 1),
  });
  return b.reshape(part, { shape });
}

/** `count` ones. */
const ones = (b: Builder, count: number): Node =>
  b.full({ shape: [count], value: 1, dtype: "i32" });

/** How often each of 0 … size − 1 is in a list. */
const counts = (b: Builder, list: Node, size: number): Node =>
  b.scatter(b.full({ shape: [size], value: 0, dtype: "i32" }), list, ones(b, list.shape[0]), {
    axis: 0,
    mode: "add",
  });

/** The row of each of `count` values: as many rows as have ended before it. */
function rowsOf(b: Builder, starts: Node, count: number): Node {
  const rows = starts.shape[0] - 1;
  const ends = b.slice(starts, { start: [Math.min(1, rows)], stop: [rows], step: [1] });
  const ended = b.cumsum(counts(b, ends, count + 1), { axis: 0, reverse: false });
  return b.slice(ended, { start: [0], stop: [count], step: [1] });
}

/** What flows to the values: row i of the cotangent times row j of w, for the one at [i, j]. */
export function valuesCotangent(
  b: Builder,
  [starts, indices, values, w]: Sources[4],
  cotangent: Node,
): Node {
  const rows = rowsOf(b, starts, values.shape[0]);
  const [left, right] = [b.gather(cotangent, rows, { axis: 0 }), b.gather(w, indices, { axis: 0 })];
  return b.sum(b.mul(left, right), { axes: [1] });
}

/** Starts, indices and values of the transpose. */
function transposedRows(
  b: Builder,
  rows: Node,
  indices: Node,
  values: Node,
  columns: number,
): [Node, Node, Node] {
  const order = b.argsort(indices, { axis: 0, descending: false });
  const next = b.add(indices, 1);
  const starts = b.cumsum(counts(b, next, columns + 1), { axis: 0, reverse: false });
  return [starts, b.gather(rows, order, { axis: 0 }), b.gather(values, order, { axis: 0 })];
}

/** Starts that say no rows, found when a product runs. */
export const badStarts = (name: string, row: number, count: number): IndexError =>
  new IndexError(
    `${name}: starts must ascend from 0 to the number of values, ${count}, and do not at row ${row}`,
  );
