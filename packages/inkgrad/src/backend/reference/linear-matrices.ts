import { LinearAlgebraError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import type { GraphNode } from "../../graph/node.js";
import { type Kernel, output } from "./kernel.js";

/** One matrix: its elements row by row. */
export interface Matrix {
  readonly elements: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** Throws a `LinearAlgebraError` with a sentence about the matrix at hand. */
export type Fail = (why: string) => never;

/** Number of matrices in a batch, and how to complain about one of them. */
export function batchOf(node: GraphNode): { count: number; failAt: (index: number) => Fail } {
  const count = sizeOf(node.src[0].shape.slice(0, -2));
  const failAt =
    (index: number): Fail =>
    (why) => {
      const where = count === 1 ? "" : ` (matrix ${index} of the batch of ${count})`;
      throw new LinearAlgebraError(`${node.op}: ${why}${where}`);
    };
  return { count, failAt };
}

/**
 * A kernel from what is done with each matrix. `factor` is given a copy of the matrix, which it may
 * overwrite, and the array for its results, one after the other.
 */
export const forEachMatrix =
  (factor: (matrix: Matrix, out: Float64Array, fail: Fail) => void): Kernel =>
  (node, [x]) => {
    const [rows, columns] = node.src[0].shape.slice(-2);
    const out = output(node);
    const { count, failAt } = batchOf(node);
    const [size, outSize] = [rows * columns, out.length / count];
    for (let i = 0; i < count; i++) {
      const elements = x.slice(i * size, (i + 1) * size);
      const results = out.subarray(i * outSize, (i + 1) * outSize);
      factor({ elements, rows, columns }, results, failAt(i));
    }
    return out;
  };

/** Fails unless every element is finite: no factors exist, and iterations would not end. */
export function requireFinite({ elements }: Matrix, fail: Fail): void {
  if (!elements.every(Number.isFinite))
    fail("the matrix has NaN or infinite elements; look for where they come from");
}

/**
 * A power of two near the largest magnitude (1 for a matrix of zeros). Divided by it, which is
 * exact, squares of elements neither overflow nor vanish.
 */
export function scaleOf(elements: Float64Array): number {
  const largest = elements.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return largest > 0 && largest < Infinity ? 2 ** Math.floor(Math.log2(largest)) : 1;
}

/** The matrix (x + xᵀ) / 2, in place. */
export function symmetrize({ elements: x, rows: n }: Matrix): void {
  for (let i = 0; i < n; i++)
    for (let j = 0; j < i; j++) {
      const mean = x[i * n + j] / 2 + x[j * n + i] / 2;
      x[i * n + j] = mean;
      x[j * n + i] = mean;
    }
}

/**
 * −1 if the component of largest magnitude is negative, else 1. Of several that differ by no more
 * than rounding the first decides, so that the sign does not hang on the last digit.
 */
export function signOf(vector: (i: number) => number, length: number): number {
  let largest = 0;
  for (let i = 0; i < length; i++) largest = Math.max(largest, Math.abs(vector(i)));
  for (let i = 0; i < length; i++)
    if (Math.abs(vector(i)) >= largest * (1 - 1e-6)) return vector(i) < 0 ? -1 : 1;
  return 1;
}
