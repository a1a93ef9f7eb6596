import { type DType, isFloat, rangeOf } from "@src/base/dtype.js";
import { sizeOf } from "@src/base/shape.js";
import type { SampleSource } from "@src/ops/check.js";
import { decode, encode } from "../support/elements.js";
import { seeded, shuffled } from "../support/random.js";

/** An input that has been filled. */
export interface Sample {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** Every number is one that the type can hold. */
  readonly values: readonly number[];
  readonly source: SampleSource;
}

/**
 * Fills a sample input as its source asks. The same seed gives the same numbers.
 *
 * @param position  which of `count` inputs it is: "distinct" holds across inputs too
 */
export function materialise(
  source: SampleSource,
  wanted: DType,
  seed: string,
  position = 0,
  count = 1,
): Sample {
  const dtype = source.dtype ?? wanted;
  const { shape } = source;
  const random = seeded(`${seed} ${position} ${shape.join("×")}`);
  const exact = fill(source, dtype, random, position, count);
  return { shape, dtype, source, values: decode(encode(exact, dtype), dtype) };
}

function fill(
  source: SampleSource,
  dtype: DType,
  random: () => number,
  position: number,
  count: number,
): number[] {
  const { shape, values, kind } = source;
  const size = sizeOf(shape);
  if (values) return Array.from({ length: size }, (_, i) => values[i % values.length]);
  if (dtype === "bool") return Array.from({ length: size }, () => (random() < 0.5 ? 0 : 1));
  if (kind === "distinct") return distinct(size, dtype, random, position, count);
  if (kind !== undefined) return matrices(shape, kind, dtype, random);
  const [low, high] = intervalOf(source, dtype);
  if (isFloat(dtype)) return Array.from({ length: size }, () => low + (high - low) * random());
  return Array.from({ length: size }, () => low + Math.floor((high - low + 1) * random()));
}

/** Where numbers are drawn from. An interval with hardly an integer in it is no use to integers. */
function intervalOf({ domain }: SampleSource, dtype: DType): readonly [number, number] {
  if (isFloat(dtype)) return domain ?? [-2, 2];
  const [min, max] = rangeOf(dtype);
  if (domain) {
    const [low, high] = [Math.max(Math.ceil(domain[0]), min), Math.min(Math.floor(domain[1]), max)];
    if (high - low >= 3) return [low, high];
  }
  return min < 0 ? [-9, 9] : [0, 18];
}

/** Steps of one size in random order; inputs of one operation take turns on the steps. */
function distinct(
  size: number,
  dtype: DType,
  random: () => number,
  position: number,
  count: number,
): number[] {
  const steps = shuffled(size, random).map((step) => step * count + position);
  if (isFloat(dtype)) return steps.map((step) => -2 + (4 * (step + 0.5)) / (size * count));
  const first = rangeOf(dtype)[0] < 0 ? -Math.floor((size * count) / 2) : 0;
  return steps.map((step) => first + step);
}

/** Well-conditioned matrices in the last two axes, their eigen- and singular values apart. */
function matrices(
  shape: readonly number[],
  kind: NonNullable<SampleSource["kind"]>,
  dtype: DType,
  random: () => number,
): number[] {
  const [m, n] = shape.slice(-2) as [number, number];
  const out: number[] = [];
  const entry = (): number => (isFloat(dtype) ? 2 * random() - 1 : Math.floor(5 * random()));
  for (let batch = sizeOf(shape.slice(0, -2)); batch > 0; batch--) {
    const matrix = Array.from({ length: m }, () => Array.from({ length: n }, entry));
    // Rows in random order, so that pivoting has something to do; a triangle keeps its diagonal.
    const rows = kind === "regular" ? shuffled(m, random) : [...Array(m).keys()];
    for (let i = 0; i < Math.min(m, n); i++)
      matrix[rows[i]][i] += (i % 2 === 0 || kind === "positiveDefinite" ? 1 : -1) * (2 + 1.5 * i);
    out.push(...finish(matrix, kind).flat());
  }
  return out;
}

function finish(matrix: number[][], kind: NonNullable<SampleSource["kind"]>): number[][] {
  const n = matrix.length;
  if (kind === "symmetric")
    return matrix.map((row, i) => row.map((x, j) => (x + matrix[j][i]) / 2));
  if (kind !== "positiveDefinite") return matrix;
  const product = (i: number, j: number): number =>
    matrix[i].reduce((sum, x, k) => sum + x * matrix[j][k], 0);
  return matrix.map((_, i) =>
    Array.from({ length: n }, (_none, j) => product(i, j) / n + (i === j ? 1 : 0)),
  );
}
