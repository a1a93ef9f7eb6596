import { floatType } from "../../base/dtype.js";
import { FormatError, ShapeError, ValueError } from "../../base/errors.js";
import { sameShape, show, sizeOf } from "../../base/shape.js";
import { tensor } from "../../tensor/functions/create.js";
import { where } from "../../tensor/functions/where.js";
import { nodeOf, wrap } from "../../tensor/operand.js";
import { scoped } from "../../tensor/scope.js";
import type { Tensor } from "../../tensor/tensor.js";
import { asFloat } from "./images.js";
import type { Interval } from "./types.js";

/**
 * What has numbers of its own: every place of an example, every channel (the last axis), or only the
 * whole.
 */
export type Per = "feature" | "channel" | "all";

/** What was found in the data, as JSON: y = (x − centre) / spread · gain + offset. */
export interface NormalizerState {
  readonly kind: "minMax" | "meanStd";
  readonly per: Per;
  /** Of one example where `per` is "feature", [channels], or []. */
  readonly shape: readonly number[];
  readonly centre: readonly number[];
  readonly spread: readonly number[];
  readonly gain: number;
  readonly offset: number;
}

/** Brings numbers to a common scale and back, as was found in the data that it was fitted on. */
export interface Normalizer {
  /** [n, ...] to floats. In a compiled program, too; gradients flow. */
  (x: Tensor): Tensor;
  readonly inverse: (y: Tensor) => Tensor;
  readonly toJSON: () => NormalizerState;
}

export interface FitOptions {
  /** Default: "feature" for tables [n, d], "channel" where there are more axes. */
  readonly per?: Per;
}

/**
 * The smallest and largest numbers of x are brought to 0 and 1, or another range. What is constant
 * becomes the lower end.
 *
 * @param x  [n, ...], n ≥ 1
 * @throws ValueError  for NaN or infinities, or a range that is none
 * @source scikit-learn `MinMaxScaler`
 */
export function fitMinMax(
  x: Tensor,
  { per, range = [0, 1] }: FitOptions & { readonly range?: Interval } = {},
): Normalizer {
  if (!(Number.isFinite(range[0]) && range[0] < range[1] && range[1] < Infinity))
    throw new ValueError(`fitMinMax: the range must be [least, most], got [${range.join(", ")}]`);
  const [wide, axes, how] = reducible(x, per, "fitMinMax");
  const low = wide.min(axes);
  return fitted("minMax", how, low, wide.max(axes).sub(low), range[1] - range[0], range[0]);
}

/**
 * The mean is brought to 0 and the standard deviation (of the population: divided by n) to 1. What is
 * constant becomes 0.
 *
 * @param x  [n, ...], n ≥ 1
 * @throws ValueError  for NaN or infinities
 * @source scikit-learn `StandardScaler`
 */
export function fitMeanStd(x: Tensor, { per }: FitOptions = {}): Normalizer {
  const [wide, axes, how] = reducible(x, per, "fitMeanStd");
  const mean = wide.mean(axes);
  const shape = [...mean.shape];
  const centred = wide.sub(how === "channel" || how === "feature" ? mean : mean.reshape([]));
  const std = centred.square().mean(axes).sqrt();
  // What rounding leaves of a constant's deviations is not a spread.
  const least = mean.abs().mul(wide.shape[0] * 2 ** -52);
  const spread = where(std.greater(least), std, 0);
  return fitted("meanStd", how, mean.reshape(shape), spread, 1, 0);
}

/** In f64, so that a million pixels' mean has all its digits. */
function reducible(x: Tensor, wanted: Per | undefined, op: string): [Tensor, number[], Per] {
  const { shape } = nodeOf(x, op);
  if (shape.length === 0 || x.size === 0)
    throw new ShapeError(
      `${op}: the data must be [n, ...] with something in it, got ${show(shape)}`,
    );
  const per = wanted ?? (shape.length <= 2 ? "feature" : "channel");
  const axes = [...shape.keys()];
  const over = per === "feature" ? [0] : per === "channel" ? axes.slice(0, -1) : axes;
  return [x.cast("f64"), over, per];
}

function fitted(
  kind: NormalizerState["kind"],
  per: Per,
  centre: Tensor,
  spread: Tensor,
  gain: number,
  offset: number,
): Normalizer {
  const numbers = (t: Tensor): number[] => (t.reshape([-1]).toArray() as number[]).map(Number);
  const [middle, width] = [numbers(centre), numbers(spread)];
  if (![...middle, ...width].every(Number.isFinite))
    throw new ValueError(
      `${kind === "minMax" ? "fitMinMax" : "fitMeanStd"}: the data has NaN or infinite numbers; ` +
        "fill or leave them out first",
    );
  return normalizer({
    kind,
    per,
    shape: [...centre.shape],
    centre: middle,
    spread: width.map((s) => (s === 0 ? 1 : s)),
    gain,
    offset,
  });
}

/**
 * A normalizer from what `toJSON` gave.
 *
 * @throws FormatError  if it is something else
 */
export function normalizer(state: NormalizerState): Normalizer {
  const { kind, shape, centre, spread, gain, offset } = state;
  const count = Array.isArray(shape) ? sizeOf(shape as readonly number[]) : NaN;
  const right = (list: unknown): boolean =>
    Array.isArray(list) && list.length === count && list.every(Number.isFinite);
  if (
    !(kind === "minMax" || kind === "meanStd") ||
    !right(centre) ||
    !right(spread) ||
    spread.includes(0) ||
    !Number.isFinite(gain) ||
    gain === 0 ||
    !Number.isFinite(offset)
  )
    throw new FormatError(
      "normalizer: expected what a normalizer's toJSON gave: { kind, per, shape, centre, spread, gain, offset }",
    );
  const part = (list: readonly number[], like: Tensor): Tensor =>
    tensor(Float64Array.from(list), { shape, dtype: floatType(like.dtype) });
  const use = (op: string, x: Tensor, f: (x: Tensor) => Tensor): Tensor => {
    const own = nodeOf(x, op).shape;
    if (!sameShape(own.slice(own.length - shape.length), shape))
      throw new ShapeError(
        `${op}: it was fitted on data with ${show(shape)} as its last axes, this has ${show(own)}`,
      );
    return wrap(scoped(() => f(asFloat(x)).node));
  };
  const apply = (x: Tensor): Tensor =>
    use("normalizer", x, (v) => {
      const unit = v.sub(part(centre, v)).div(part(spread, v));
      return gain === 1 && offset === 0 ? unit : unit.mul(gain).add(offset);
    });
  const inverse = (y: Tensor): Tensor =>
    use("normalizer.inverse", y, (v) =>
      v.sub(offset).div(gain).mul(part(spread, v)).add(part(centre, v)),
    );
  return Object.assign(apply, { inverse, toJSON: () => state });
}
