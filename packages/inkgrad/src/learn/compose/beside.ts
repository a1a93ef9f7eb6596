import { ValueError } from "../../base/errors.js";
import type { Column } from "../../data/formats/csv.js";
import { tensorOf } from "../../data/tensor-of.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Dense, filledIn, isTable, matrixOf } from "../input/matrix.js";
import { sparseBuilder, type SparseRows } from "../input/sparse-rows.js";
import { holdsTexts, numberColumn, tableOf } from "../input/tables.js";
import type { Features, Matrix, Transformed } from "../types.js";

/**
 * Columns side by side: sparse if any part is sparse, a table if any part holds texts, else numbers.
 *
 * @param names  of all columns
 * @throws ValueError  if texts are to stand beside sparse rows
 */
export function beside(
  parts: readonly Features[],
  rows: number,
  names: readonly string[],
  op: string,
): Transformed {
  if (parts.some(holdsTexts)) return asTable(parts, rows, names, op);
  const matrices = parts.map((part) => matrixOf(part as Matrix, op, { missing: true }));
  if (matrices.some(({ format }) => format === "csr")) return asSparse(matrices, rows);
  const width = matrices.reduce((sum, { columns }) => sum + columns, 0);
  const out = new Float64Array(rows * width);
  let start = 0;
  for (const { columns, values } of matrices as readonly Dense[]) {
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < columns; k++) out[row * width + start + k] = values[row * columns + k];
    start += columns;
  }
  return tensorOf(out, [rows, width], "f64") as Tensor<[number, number], "f64">;
}

function asSparse(matrices: readonly (Dense | SparseRows)[], rows: number): SparseRows {
  const out = sparseBuilder(matrices.reduce((sum, { columns }) => sum + columns, 0));
  for (let row = 0; row < rows; row++) {
    let start = 0;
    for (const matrix of matrices) {
      const { columns, values } = matrix;
      if (matrix.format === "csr")
        for (let i = matrix.starts[row]; i < matrix.starts[row + 1]; i++)
          out.add(start + matrix.indices[i], values[i]);
      else
        for (let k = 0; k < columns; k++) {
          const value = values[row * columns + k];
          if (value !== 0) out.add(start + k, value);
        }
      start += columns;
    }
    out.endRow();
  }
  return out.build();
}

function asTable(parts: readonly Features[], rows: number, names: readonly string[], op: string) {
  const columns = parts.flatMap((part): Column[] => {
    if (isTable(part)) return part.names.map((name) => part.columns[name]);
    const matrix = matrixOf(part as Matrix, op, { missing: true });
    if (matrix.format === "csr")
      throw new ValueError(
        `${op}: columns of texts cannot stand beside sparse rows; encode or drop them, or use sparse: false`,
      );
    return Array.from({ length: matrix.columns }, (_, k) =>
      numberColumn(
        Float64Array.from({ length: rows }, (_, row) => matrix.values[row * matrix.columns + k]),
      ),
    );
  });
  return tableOf(names, columns, rows);
}

/** Sparse rows with their zeros filled in; all else as it is. */
export function dense(x: Transformed): Transformed {
  if (!("format" in x && x.format === "csr")) return x;
  const { rows, columns, values } = filledIn(x);
  return tensorOf(values as Float64Array<ArrayBuffer>, [rows, columns], "f64") as Tensor<
    [number, number],
    "f64"
  >;
}
