import { ShapeError } from "../../base/errors.js";
import { assertShape, normalizeAxis, show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { moveAxis } from "../../ops/recipes.js";
import { expandTo, floatNode, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { keyNode } from "./key.js";
import { fitting } from "./parameters.js";
import type { CategoricalFunction, FloatType, Key } from "./types.js";
import { gumbelNoise } from "./words.js";

interface Options {
  readonly axis?: number;
  readonly shape?: readonly number[];
}

/**
 * Positions along an axis of `logits`, each with the probability that softmax gives it: the
 * position of the greatest logit after Gumbel noise is added. −∞ is never chosen. Where the greatest
 * logit is not finite (NaN, ∞, or −∞ for all) the result is −1, at which no tensor can be indexed.
 * No gradient flows.
 *
 * @param options.axis   of the categories (default −1)
 * @param options.shape  of the result, to which the other axes broadcast: [1000] draws a thousand
 *                       times from one row. Default: the other axes. Memory is taken for
 *                       shape × categories numbers
 * @throws ShapeError  if there are no categories, or the shapes do not fit
 * @source Gumbel, "Statistical theory of extreme values", 1954
 */
export const categorical = ((key: Key, logits: Tensor, options: Options = {}): Tensor => {
  const node = floatNode(logits, "categorical");
  const axis = normalizeAxis(options.axis ?? -1, node.shape.length, "categorical");
  const rows = moveAxis(b, node, axis, node.shape.length - 1);
  const batch = rows.shape.slice(0, -1);
  const shape = options.shape ?? batch;
  assertShape(shape, "categorical");
  if (rows.shape.at(-1) === 0)
    throw new ShapeError(
      `categorical: axis ${axis} of logits of shape ${show(node.shape)} has no elements to choose from`,
    );
  return wrap(categoricalNode(keyNode(key, "categorical"), rows, shape, "categorical: logits"));
}) as unknown as CategoricalFunction;

/** Categories along the last axis of `rows`, the others broadcast to `shape`. */
export function categoricalNode(
  key: Node,
  rows: Node,
  shape: readonly number[],
  what: string,
): Node {
  const [count, last] = [rows.shape.at(-1)!, rows.shape.length - 1];
  const greatest = b.max(rows, { axes: [last] });
  fitting(greatest, shape, `${what} without the categories,`);
  const noise = gumbelNoise(key, [...shape, count], rows.dtype as FloatType);
  const noisy = b.add(expandTo(rows, noise.shape), noise);
  const valid = expandTo(b.isFinite(greatest), shape);
  return b.where(valid, b.argmax(noisy, { axis: shape.length }), -1);
}
