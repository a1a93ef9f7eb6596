import { ValueError } from "../../base/errors.js";
import { matrixOf, namesOf } from "../input/matrix.js";
import { columnName } from "../input/names.js";
import { type SparseRows, sparseBuilder } from "../input/sparse-rows.js";
import type { State } from "../saving/state.js";
import type { FittedTransformer, Matrix, Transformer } from "../types.js";
import { type KeepsFormat, likeOf, matrixToFit, requireRoom, tensor64 } from "./matrices.js";

export interface PolynomialFeaturesOptions {
  /** The highest degree, or the least and the highest (default 2). */
  readonly degree?: number | readonly [number, number];
  /** Only products of different columns, no powers? Default false. */
  readonly interactionOnly?: boolean;
  /** A first column of ones? Default true. */
  readonly bias?: boolean;
}

export interface FittedPolynomialFeatures extends FittedTransformer {
  /** The columns whose product each result is, a column twice for its square. */
  readonly products: readonly (readonly number[])[];
  readonly transform: KeepsFormat;
}

interface PolynomialFeaturesState extends State {
  readonly kind: "polynomialFeatures";
  readonly names: readonly string[] | null;
  readonly features: number;
  readonly least: number;
  readonly most: number;
  readonly interactionOnly: boolean;
  readonly bias: boolean;
}

/**
 * Products of columns up to a degree: 1, x0, x1, x0^2, x0 x1, x1^2. Sparse rows stay sparse.
 *
 * @source scikit-learn `PolynomialFeatures`
 */
export const polynomialFeatures = (
  options: PolynomialFeaturesOptions = {},
): Transformer<FittedPolynomialFeatures> => ({
  kind: "polynomialFeatures",
  options: { ...options },
  async fit(x: Matrix) {
    const op = "polynomialFeatures.fit";
    const { degree = 2, interactionOnly = false, bias = true } = options;
    const [least, most] = typeof degree === "number" ? [0, degree] : degree;
    if (!(Number.isInteger(least) && Number.isInteger(most) && least >= 0 && least <= most))
      throw new ValueError(
        `${op}: degree must be a whole number ≥ 0 or [least, most], got ${JSON.stringify(degree)}`,
      );
    const { columns } = matrixToFit(x, op);
    const count = countOf(columns, least, most, interactionOnly) + Number(bias);
    if (count === 0)
      throw new ValueError(`${op}: degree 0 without bias leaves no columns; raise degree`);
    requireRoom(1, count * Math.max(1, most), op, "lower degree, or take fewer columns");
    const state = { names: namesOf(x), features: columns, least, most, interactionOnly, bias };
    return restorePolynomialFeatures({ kind: "polynomialFeatures", ...state });
  },
});

/** How many products of degree `least` (1 at least) to `most` there are. */
function countOf(n: number, least: number, most: number, interactionOnly: boolean): number {
  let [count, sum] = [1, 0];
  for (let degree = 1; degree <= most; degree++) {
    count *= (interactionOnly ? n - degree + 1 : n + degree - 1) / degree;
    if (degree >= least) sum += Math.round(count);
  }
  return sum;
}

export function restorePolynomialFeatures(
  state: PolynomialFeaturesState,
): FittedPolynomialFeatures {
  const { features, names, least, most, interactionOnly, bias } = state;
  const like = likeOf(features, names);
  const products: number[][] = bias ? [[]] : [];
  for (let degree = Math.max(1, least); degree <= most; degree++)
    combine(features, degree, interactionOnly, products);
  const transform = (x: Matrix) => {
    const op = "polynomialFeatures.transform";
    const matrix = matrixOf(x, op, { like });
    if (matrix.format === "csr") return ofSparse(matrix, products, state);
    const { rows, values } = matrix;
    requireRoom(rows, products.length, op, "lower degree, or take fewer columns");
    const out = new Float64Array(rows * products.length);
    for (let row = 0, at = 0; row < rows; row++)
      for (const product of products) {
        let value = 1;
        for (const k of product) value *= values[row * features + k];
        out[at++] = value;
      }
    return tensor64(out, rows, products.length);
  };
  return {
    state,
    ...like,
    products,
    outputNames: products.map((product) => nameOf(product, names)),
    transform: transform as KeepsFormat,
  };
}

/** All ways to choose so many columns, ascending, in the order of itertools. */
function combine(n: number, degree: number, distinct: boolean, into: number[][]): void {
  const chosen: number[] = [];
  const extend = (from: number): void => {
    if (chosen.length === degree) {
      into.push([...chosen]);
      return;
    }
    for (let k = from; k < n; k++) {
      chosen.push(k);
      extend(distinct ? k + 1 : k);
      chosen.pop();
    }
  };
  extend(0);
}

/** Only products of what is not zero are looked at. */
function ofSparse(
  x: SparseRows,
  products: readonly (readonly number[])[],
  { least, most, interactionOnly, bias }: PolynomialFeaturesState,
): SparseRows {
  const at = new Map(products.map((product, i) => [product.join(" "), i]));
  const out = sparseBuilder(products.length);
  for (let row = 0; row < x.rows; row++) {
    const [from, to] = [x.starts[row], x.starts[row + 1]];
    if (bias) out.add(0, 1);
    for (let degree = Math.max(1, least); degree <= most; degree++) {
      const chosen: number[][] = [];
      combine(to - from, degree, interactionOnly, chosen);
      for (const product of chosen) {
        const value = product.reduce((sum, i) => sum * x.values[from + i], 1);
        out.add(at.get(product.map((i) => x.indices[from + i]).join(" "))!, value);
      }
    }
    out.endRow();
  }
  return out.build();
}

function nameOf(product: readonly number[], names: readonly string[] | null): string {
  if (product.length === 0) return "1";
  return [...new Set(product)]
    .map((k) => {
      const power = product.filter((other) => other === k).length;
      return columnName(names, k) + (power > 1 ? `^${power}` : "");
    })
    .join(" ");
}
