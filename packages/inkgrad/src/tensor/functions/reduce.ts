import { computeType, sumType } from "../../base/dtype.js";
import { ValueError } from "../../base/errors.js";
import { keptShape, normalizeAxes, normalizeAxis, sizeOf } from "../../base/shape.js";
import { customRule } from "../../grad/custom-rule.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { stopped } from "../../ops/recipes.js";
import { castTo, floatNode, nodeOf, truth, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { LogSumExpFunction, SoftmaxFunction } from "../types/functions.js";

/** The reducing methods. `axis`: one, several, or (by default) all of them. */

export type AxisArg = number | readonly number[] | undefined;
export interface ReduceOptions {
  readonly keepDims?: boolean | undefined;
}
type Reducer = (x: Tensor, axis?: AxisArg, options?: ReduceOptions) => Tensor;

/** The reduced node, its axes put back with size 1 where that is wanted. */
function finish(reduced: Node, from: Node, axes: number[], options: ReduceOptions = {}): Tensor {
  return wrap(
    options.keepDims ? b.reshape(reduced, { shape: keptShape(from.shape, axes) }) : reduced,
  );
}

const reducer =
  (op: "sum" | "prod" | "max" | "min" | "any" | "all", convert: (x: Tensor) => Node): Reducer =>
  (x, axis, options) => {
    const node = convert(x);
    const axes = normalizeAxes(axis, node.shape.length, op);
    return finish(b[op](node, { axes }), node, axes, options);
  };

const summable = (op: string) => (x: Tensor) => {
  const node = nodeOf(x, op);
  return castTo(node, sumType(node.dtype));
};
export const sum = reducer("sum", summable("sum"));
export const prod = reducer("prod", summable("prod"));
export const any = reducer("any", (x) => truth(x, "any"));
export const all = reducer("all", (x) => truth(x, "all"));

const extreme =
  (op: "max" | "min"): Reducer =>
  (x, axis, options) => {
    const node = nodeOf(x, op);
    const axes = normalizeAxes(axis, node.shape.length, op);
    const wide = castTo(node, computeType(node.dtype));
    return finish(castTo(b[op](wide, { axes }), node.dtype), node, axes, options);
  };
export const max = extreme("max");
export const min = extreme("min");

const position =
  (op: "argmax" | "argmin") =>
  (x: Tensor, axis?: number, options?: ReduceOptions): Tensor => {
    const node = nodeOf(x, op);
    const wide = castTo(node, computeType(node.dtype));
    if (axis === undefined) {
      const flat = b.reshape(wide, { shape: [sizeOf(wide.shape)] });
      return finish(b[op](flat, { axis: 0 }), node, [...node.shape.keys()], options);
    }
    const at = normalizeAxis(axis, node.shape.length, op);
    return finish(b[op](wide, { axis: at }), node, [at], options);
  };
export const argmax = position("argmax");
export const argmin = position("argmin");

const cumulative =
  (op: "cumsum" | "cumprod") =>
  (x: Tensor, axis: number, options: { reverse?: boolean } = {}): Tensor => {
    const node = summable(op)(x);
    const at = normalizeAxis(axis, node.shape.length, op);
    return wrap(b[op](node, { axis: at, reverse: options.reverse ?? false }));
  };
export const cumsum = cumulative("cumsum");
export const cumprod = cumulative("cumprod");

export interface SortOptions {
  readonly descending?: boolean;
}
const sorting =
  (op: "sort" | "argsort") =>
  (x: Tensor, axis = -1, options: SortOptions = {}): Tensor => {
    const node = nodeOf(x, op);
    const at = normalizeAxis(axis, node.shape.length, op);
    const attrs = { axis: at, descending: options.descending ?? false };
    const wide = b[op](castTo(node, computeType(node.dtype)), attrs);
    return wrap(op === "sort" ? castTo(wide, node.dtype) : wide);
  };
export const sort = sorting("sort");
export const argsort = sorting("argsort");

/** The sum over the count. NaN for no elements. */
export const mean: Reducer = (x, axis, options) => {
  const node = floatNode(x, "mean");
  const axes = normalizeAxes(axis, node.shape.length, "mean");
  const count = sizeOf(axes.map((i) => node.shape[i]));
  return finish(b.div(b.sum(node, { axes }), count), node, axes, options);
};

export interface VarianceOptions extends ReduceOptions {
  readonly ddof?: number;
}
type Spread = (x: Tensor, axis?: AxisArg, options?: VarianceOptions) => Tensor;

/** Mean squared distance from the mean; the sum is divided by the count less `ddof`. */
function varianceNode(node: Node, axes: readonly number[], ddof: number): Node {
  const count = sizeOf(axes.map((i) => node.shape[i]));
  const center = b.div(b.sum(node, { axes }), count);
  const kept = b.reshape(center, { shape: keptShape(node.shape, axes) });
  const away = b.sub(node, b.expand(kept, { shape: [...node.shape] }));
  return b.div(b.sum(b.mul(away, away), { axes }), Math.max(count - ddof, 0));
}

const spreading =
  (op: "variance" | "std", convert: (variance: Node) => Node): Spread =>
  (x, axis, options = {}) => {
    const node = floatNode(x, op);
    const axes = normalizeAxes(axis, node.shape.length, op);
    const ddof = options.ddof ?? 0;
    if (!Number.isFinite(ddof))
      throw new ValueError(
        `${op}: ddof must be a number, which is taken from the count, got ${String(ddof)}`,
      );
    return finish(convert(varianceNode(node, axes, ddof)), node, axes, options);
  };

/** √x whose derivative at 0 is taken as 0, so that no 0·∞ spoils a gradient. */
function safeSqrt(node: Node): Node {
  const zero = b.equal(node, 0);
  return b.where(zero, 0, b.sqrt(b.where(zero, 1, node)));
}

export const variance = spreading("variance", (node) => node);
/** The root of the variance. Its gradient is 0 where all elements are equal. */
export const std = spreading("std", safeSqrt);

/** log Σ eˣ, without overflow: the greatest element is taken out first. */
export const logSumExp = ((x: Tensor, axis?: AxisArg, options?: ReduceOptions): Tensor => {
  const node = floatNode(x, "logSumExp");
  const axes = normalizeAxes(axis, node.shape.length, "logSumExp");
  if (sizeOf(axes.map((i) => node.shape[i])) === 0)
    return finish(b.log(b.sum(node, { axes })), node, axes, options);
  const peak = stopped(b, finitePeak(node, axes));
  const kept = b.expand(b.reshape(peak, { shape: keptShape(node.shape, axes) }), {
    shape: [...node.shape],
  });
  const total = b.sum(b.exp(b.sub(node, kept)), { axes });
  return finish(b.add(b.log(total), peak), node, axes, options);
}) as LogSumExpFunction;

/**
 * The maximum, or 0 where it is infinite: ∞ − ∞ would be NaN. Softmax and its kin do not change
 * when it is taken out, so its users stop the gradient there.
 */
function finitePeak(node: Node, axes: number[]): Node {
  const peak = b.max(node, { axes });
  return b.where(b.isFinite(peak), peak, 0);
}

const shifted = (x: Tensor, axis: number, op: string): [node: Node, axes: number[]] => {
  const node = floatNode(x, op);
  const axes = [normalizeAxis(axis, node.shape.length, op)];
  if (node.shape[axes[0]] === 0) return [node, axes];
  const peak = b.reshape(stopped(b, finitePeak(node, axes)), {
    shape: keptShape(node.shape, axes),
  });
  return [b.sub(node, b.expand(peak, { shape: [...node.shape] })), axes];
};
/** The sum along some axes, stretched back over them. */
const spreadSum = (node: Node, axes: number[], map = (sum: Node): Node => sum): Node =>
  b.expand(b.reshape(map(b.sum(node, { axes })), { shape: keptShape(node.shape, axes) }), {
    shape: [...node.shape],
  });

/**
 * A function of the shifted input whose gradient is written with its result y and the cotangent g,
 * so that a row is gone through once: nothing but its sums need be known before.
 */
const fromResult = (value: Node, input: Node, rule: (y: Node, g: Node) => Node): Tensor =>
  wrap(b.custom([value, input], { rule: customRule((_b, _x, y, g) => [rule(y, g)]) }));

/** eˣ over the sum of eˣ along an axis. */
export const softmax = ((x: Tensor, axis: number = -1): Tensor => {
  const [node, axes] = shifted(x, axis, "softmax");
  const powers = b.exp(node);
  return fromResult(b.div(powers, spreadSum(powers, axes)), node, (y, g) =>
    b.mul(y, b.sub(g, spreadSum(b.mul(y, g), axes))),
  );
}) as SoftmaxFunction<"softmax">;

/** log softmax, finite for every finite x. */
export const logSoftmax = ((x: Tensor, axis: number = -1): Tensor => {
  const [node, axes] = shifted(x, axis, "logSoftmax");
  return fromResult(b.sub(node, spreadSum(b.exp(node), axes, b.log)), node, (y, g) =>
    b.sub(g, b.mul(b.exp(y), spreadSum(g, axes))),
  );
}) as SoftmaxFunction<"logSoftmax">;

export interface NormOptions extends ReduceOptions {
  readonly ord?: number | "inf" | "fro";
}

/**
 * (Σ |x|^ord)^(1/ord): by default the Euclidean length; "fro" is another name for it, "inf" the
 * greatest magnitude. The gradient at 0 is 0.
 */
export const norm = (x: Tensor, axis?: AxisArg, options: NormOptions = {}): Tensor => {
  const node = floatNode(x, "norm");
  const axes = normalizeAxes(axis, node.shape.length, "norm");
  return finish(powerNorm(node, axes, options.ord ?? 2), node, axes, options);
};

function powerNorm(node: Node, axes: number[], ord: number | "inf" | "fro"): Node {
  if (ord === 2 || ord === "fro") return safeSqrt(b.sum(b.mul(node, node), { axes }));
  const magnitude = b.abs(node);
  if (ord === 1) return b.sum(magnitude, { axes });
  if (ord === "inf" || ord === Infinity) return b.max(magnitude, { axes });
  if (!(ord > 0)) throw new ValueError(`norm: ord must be > 0, "fro" or "inf", got ${ord}`);
  const total = b.sum(b.pow(magnitude, ord), { axes });
  const zero = b.equal(total, 0);
  return b.where(zero, 0, b.pow(b.where(zero, 1, total), 1 / ord));
}
