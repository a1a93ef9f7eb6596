import { ValueError } from "../../base/errors.js";
import { type Dense, denseOf, namesOf } from "../input/matrix.js";
import { columnName } from "../input/names.js";
import { type SparseRows, sparseBuilder } from "../input/sparse-rows.js";
import type { State } from "../saving/state.js";
import type { FittedTransformer, Matrix, Transformer } from "../types.js";
import { kMeansLine } from "./k-means-line.js";
import {
  denseOnly,
  likeOf,
  requireRoom,
  requireSome,
  sameNames,
  type Tensor64,
  tensor64,
} from "./matrices.js";
import { quantile, type SortedColumn, sortedColumns } from "./sorted-columns.js";

export interface DiscretizerOptions {
  /** How many bins, at least 2; for all columns, or for each (default 5). */
  readonly bins?: number | readonly number[];
  /** Bins of equal count (the default), of equal width, or about the means of clusters. */
  readonly strategy?: "quantile" | "uniform" | "kMeans";
  /** The number of the bin (the default), or a column of 0 and 1 for each bin. */
  readonly encode?: "ordinal" | "oneHot";
  /** With "oneHot": give sparse rows? Default false. */
  readonly sparse?: boolean;
}

export interface FittedDiscretizer extends FittedTransformer {
  /** Where the bins of each column begin and end; the outer two are open. */
  readonly edges: readonly Float64Array[];
  transform(x: Matrix): Tensor64 | SparseRows;
  /** The middle of each bin. */
  inverseTransform(x: Matrix): Tensor64;
}

interface DiscretizerState extends State {
  readonly kind: "discretizer";
  readonly names: readonly string[] | null;
  /** [features + 1] where each column begins in `edges`. */
  readonly starts: Int32Array;
  readonly edges: Float64Array;
  readonly encode: "ordinal" | "oneHot";
  readonly sparse: boolean;
}

/**
 * Numbers as bins. Bins narrower than 10⁻⁸ are joined; a constant column has one bin, 0.
 *
 * @source scikit-learn `KBinsDiscretizer`
 */
export const discretizer = (options: DiscretizerOptions = {}): Transformer<FittedDiscretizer> => ({
  kind: "discretizer",
  options: { ...options },
  async fit(x: Matrix) {
    const op = "discretizer.fit";
    const { bins = 5, strategy = "quantile", encode = "ordinal", sparse = false } = options;
    if (!["quantile", "uniform", "kMeans"].includes(strategy))
      throw new ValueError(
        `${op}: strategy must be "quantile", "uniform" or "kMeans", got ${String(strategy)}`,
      );
    if (!["ordinal", "oneHot"].includes(encode))
      throw new ValueError(`${op}: encode must be "ordinal" or "oneHot", got ${String(encode)}`);
    const dense = denseOnly(x, op, "bin the columns that are dense (columnTransformer)");
    requireSome(dense, op);
    const counts = binsOf(bins, dense.columns, op);
    const columns = sortedColumns(dense);
    const edges = counts.map((count, k) =>
      edgesOf(columns(k), count, strategy, () => valuesOf(dense, k)),
    );
    const starts = new Int32Array(edges.length + 1);
    edges.forEach((list, k) => (starts[k + 1] = starts[k] + list.length));
    const all = new Float64Array(starts[edges.length]);
    edges.forEach((list, k) => all.set(list, starts[k]));
    const state = { names: namesOf(x), starts, edges: all, encode, sparse };
    return restoreDiscretizer({ kind: "discretizer", ...state });
  },
});

function binsOf(bins: number | readonly number[], columns: number, op: string): readonly number[] {
  const counts = typeof bins === "number" ? new Array<number>(columns).fill(bins) : bins;
  if (counts.length !== columns)
    throw new ValueError(`${op}: bins has ${counts.length} numbers for ${columns} columns`);
  const wrong = counts.find((count) => !(Number.isInteger(count) && count >= 2));
  if (wrong !== undefined)
    throw new ValueError(`${op}: bins must be whole numbers ≥ 2, got ${wrong}`);
  return counts;
}

const valuesOf = ({ rows, columns, values }: Dense, k: number): Float64Array =>
  Float64Array.from({ length: rows }, (_, row) => values[row * columns + k]);

function edgesOf(
  column: SortedColumn,
  bins: number,
  strategy: "quantile" | "uniform" | "kMeans",
  values: () => Float64Array,
): number[] {
  const [least, most] = [column.at(0), column.at(column.count - 1)];
  if (least === most) return [-Infinity, Infinity];
  const step = (most - least) / bins;
  const even = Array.from({ length: bins + 1 }, (_, i) => (i === bins ? most : least + i * step));
  if (strategy === "uniform") return even;
  const edges =
    strategy === "quantile"
      ? even.map((_, i) => quantile(column, i / bins))
      : [least, ...kMeansLine(values(), even), most];
  return edges.filter((edge, i) => i === 0 || edge - edges[i - 1] > 1e-8);
}

export function restoreDiscretizer(state: DiscretizerState): FittedDiscretizer {
  const { names, starts, encode, sparse } = state;
  const features = starts.length - 1;
  const like = likeOf(features, names);
  const edges = Array.from({ length: features }, (_, k) =>
    state.edges.subarray(starts[k], starts[k + 1]),
  );
  const bins = edges.map((list) => list.length - 1);
  const first = new Int32Array(features + 1);
  bins.forEach((count, k) => (first[k + 1] = first[k] + count));
  const width = first[features];

  const transform = (x: Matrix): Tensor64 | SparseRows => {
    const op = "discretizer.transform";
    const { rows, values } = denseOnly(x, op, "bin the columns that are dense", { like });
    const binAt = (row: number, k: number): number => binOf(edges[k], values[row * features + k]);
    if (encode === "oneHot" && sparse) {
      const out = sparseBuilder(width);
      for (let row = 0; row < rows; row++) {
        for (let k = 0; k < features; k++) out.add(first[k] + binAt(row, k), 1);
        out.endRow();
      }
      return out.build();
    }
    const columns = encode === "ordinal" ? features : width;
    requireRoom(rows, columns, op, "use sparse: true");
    const out = new Float64Array(rows * columns);
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < features; k++)
        if (encode === "ordinal") out[row * columns + k] = binAt(row, k);
        else out[row * columns + first[k] + binAt(row, k)] = 1;
    return tensor64(out, rows, columns);
  };

  const inverseTransform = (x: Matrix): Tensor64 => {
    const op = "discretizer.inverseTransform";
    const columns = encode === "ordinal" ? features : width;
    const { rows, values } = denseOf(x, op, { like: { features: columns, featureNames: null } });
    const out = new Float64Array(rows * features);
    for (let row = 0; row < rows; row++)
      for (let k = 0; k < features; k++) {
        const from = row * columns + first[k];
        const bin =
          encode === "ordinal"
            ? values[row * columns + k]
            : greatest(values.subarray(from, from + bins[k]));
        if (!(bin in edges[k]) || bin >= bins[k])
          throw new ValueError(
            `${op}: row ${row}, column "${columnName(names, k)}" is ${bin}; the bins are 0 to ${bins[k] - 1}`,
          );
        // The one bin of a constant column has no middle.
        out[row * features + k] = bins[k] === 1 ? 0 : (edges[k][bin] + edges[k][bin + 1]) / 2;
      }
    return tensor64(out, rows, features);
  };

  return {
    state,
    ...like,
    edges,
    outputNames:
      encode === "ordinal"
        ? sameNames(like)
        : bins.flatMap((count, k) =>
            Array.from({ length: count }, (_, bin) => `${columnName(names, k)}_${bin}`),
          ),
    transform,
    inverseTransform,
  };
}

/** How many of the inner edges are not above the value. */
function binOf(edges: Float64Array, value: number): number {
  let [low, high] = [1, edges.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (edges[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

const greatest = (values: ArrayLike<number>): number => {
  let best = 0;
  for (let i = 1; i < values.length; i++) if (values[i] > values[best]) best = i;
  return best;
};
