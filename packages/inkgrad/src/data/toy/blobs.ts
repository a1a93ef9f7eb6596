import { ShapeError, ValueError } from "../../base/errors.js";
import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { draws } from "./draws.js";
import {
  countsOf,
  keyOr,
  requireCount,
  requireSpread,
  toyClasses,
  type ToyClasses,
  type ToyOptions,
} from "./make.js";

export interface BlobsOptions<Features extends number = number> extends ToyOptions {
  /** How many points in all (default 100), or around each centre. */
  readonly n?: number | readonly number[];
  /** How many coordinates (default 2, or as many as the centres have). */
  readonly features?: Features;
  /** How many centres (default 3, or as many as n has numbers), or where they lie. */
  readonly centers?: number | readonly (readonly number[])[];
  /** Standard deviation about a centre (default 1), or that of each. */
  readonly std?: number | readonly number[];
  /** Centres are drawn from this interval, in each coordinate (default −10 … 10). */
  readonly box?: readonly [low: number, high: number];
}

/** The data, and where the centres lie, [classes, features]. */
export type Blobs<Features extends number = number> = ToyClasses<Features> & {
  readonly centers: Tensor<[number, Features], "f64">;
};

/**
 * Round clouds of points, a class each: normal about its centre.
 *
 * @returns x [n, features], y [n] i32, and the centres
 * @throws ShapeError  if n, centres and std are not of as many classes, or centres of different lengths
 * @throws ValueError  for a std below 0, or a box without inside
 * @source scikit-learn `make_blobs`
 */
export function blobs<Features extends number = 2>(
  options: BlobsOptions<Features> = {},
): Blobs<Features> {
  const op = "blobs";
  const { n = 100, std = 1, box = [-10, 10] } = options;
  const given = options.centers ?? (typeof n === "number" ? 3 : n.length);
  const centers = typeof given === "number" ? drawn(given, box, options) : given;
  const features = centers[0]?.length ?? 0;
  const classes = centers.length;
  requireCount(classes, "the number of centers", op);
  requireCount(features, "the number of coordinates", op);
  centers.forEach((center, c) => {
    if (center.length !== features || features !== (options.features ?? features))
      throw new ShapeError(
        `${op}: center ${c} has ${center.length} coordinates, expected ${options.features ?? features}`,
      );
    if (!center.every(Number.isFinite))
      throw new ValueError(`${op}: center ${c} must be of finite numbers, got [${center.join()}]`);
  });
  const counts = countsOf(n, classes, op);
  const stds = typeof std === "number" ? new Array<number>(classes).fill(std) : std;
  if (stds.length !== classes)
    throw new ShapeError(`${op}: ${stds.length} standard deviations for ${classes} centers`);
  stds.forEach((value) => requireSpread(value, "std", op));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const [x, y] = [new Float64Array(total * features), new Int32Array(total)];
  const { normal } = draws(keyOr(options.key), "points");
  let row = 0;
  counts.forEach((count, c) => {
    for (let i = 0; i < count; i++, row++) {
      y[row] = c;
      for (let k = 0; k < features; k++) x[row * features + k] = centers[c][k] + stds[c] * normal();
    }
  });
  return {
    ...toyClasses(op, x, y, features as Features, classes, options),
    centers: tensor(centers.flat(), { dtype: "f64", shape: [classes, features] }) as never,
  };
}

function drawn(
  count: number,
  box: readonly [number, number],
  { features = 2, key }: Pick<BlobsOptions, "features" | "key">,
): number[][] {
  requireCount(count, "the number of centers", "blobs");
  requireCount(features, "features", "blobs");
  const [low, high] = box;
  if (!(low < high && high - low < Infinity))
    throw new ValueError(
      `blobs: box must be [low, high] with low < high, got [${String(low)}, ${String(high)}]`,
    );
  const { uniform } = draws(keyOr(key), "centres");
  return Array.from({ length: count }, () =>
    Array.from({ length: features }, () => low + (high - low) * uniform()),
  );
}
