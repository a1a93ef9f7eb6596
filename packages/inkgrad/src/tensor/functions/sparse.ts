import { customRule } from "../../grad/custom-rule.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { valuesCotangent } from "../../ops/sparse.js";
import { nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";

/** A matrix of mostly zeros: of each row only what is not zero (compressed sparse rows, CSR). */
export interface CompressedRows {
  /** [rows + 1] of i32: where each row begins in `indices` and `values`; the last: where all end. */
  readonly starts: Tensor;
  /** [values] of i32: the column of each. */
  readonly indices: Tensor;
  /** [values] of f32 or f64. */
  readonly values: Tensor;
}

/**
 * X·w for a sparse X. Who needs the gradient of w again and again gives the rows of Xᵀ as well: it is
 * their product with the cotangent; otherwise they are sorted out anew each time.
 *
 * @param x             [rows, columns]
 * @param w             [columns, k], in the type of x.values
 * @param x.transposed  the rows of the transpose
 * @returns             [rows, k]
 * @throws IndexError   (when evaluated) for a column that w does not have, or starts that do not
 *                      ascend from 0 to the number of values
 */
export const sparseMatmul = (
  x: CompressedRows & { readonly transposed?: CompressedRows },
  w: Tensor,
): Tensor =>
  wrap(product(rowsOf(x), x.transposed && rowsOf(x.transposed), nodeOf(w, "sparseMatmul")));

type Rows = readonly [starts: Node, indices: Node, values: Node];

const rowsOf = ({ starts, indices, values }: CompressedRows): Rows => [
  nodeOf(starts, "sparseMatmul: starts"),
  nodeOf(indices, "sparseMatmul: indices"),
  nodeOf(values, "sparseMatmul: values"),
];

function product(rows: Rows, columns: Rows | undefined, w: Node): Node {
  const plain = b.sparseMatmul(...rows, w);
  if (columns === undefined) return plain;
  const [starts, indices] = rows;
  const rule = customRule((_b, [values, w], _out, cotangent) => [
    valuesCotangent(b, [starts, indices, values, w], cotangent),
    product(columns, [starts, indices, values], cotangent),
  ]);
  return b.custom([plain, rows[2], w], { rule });
}
