import { ShapeError, ValueError } from "../../base/errors.js";
import { assertShape, show, sizeOf } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { constantNode } from "../../graph/node.js";
import type { Node } from "../../ops/op.js";
import { castTo, floatNode, nodeOf, wrap } from "../operand.js";
import { isTensor, type Tensor } from "../tensor.js";
import { categoricalNode } from "./categorical.js";
import { below } from "./integers.js";
import { keyNode } from "./key.js";
import { orderNode, requireCount } from "./permutation.js";
import type { ChoiceFunction, ChoiceOptions, FloatType, Key } from "./types.js";
import { gumbelNoise } from "./words.js";

/**
 * Random elements: of the numbers 0 … n − 1 (i32), or of a tensor's slices along its first axis.
 * Without replacement the result is in random order. With `p` and replacement memory is taken for
 * shape × n numbers. Gradients flow to the tensor, none to `p`.
 *
 * @param from             n, or a tensor [n, ...]
 * @param shape            of the choices (default []: one). The result is [...shape, ...]
 * @param options.replace  may an element be chosen more than once? (default true)
 * @param options.p        [n], the probability of each (without replacement: in proportion, among
 *                         what is left). A tensor need not sum to 1; elements that are negative or
 *                         NaN, or too few that are not 0, give index −1
 * @throws ValueError  if there is nothing to choose from, too little without replacement, or `p`
 *                     is no list of n probabilities that sum to 1 (to within 10⁻⁵)
 */
export const choice = ((
  key: Key,
  from: number | Tensor,
  shape: readonly number[] = [],
  { replace = true, p }: ChoiceOptions = {},
): Tensor => {
  const parent = keyNode(key, "choice");
  assertShape(shape, "choice");
  const n = countOf(from);
  const needed = replace ? Math.min(sizeOf(shape), 1) : sizeOf(shape);
  if (needed > n)
    throw new ValueError(
      `choice: cannot choose ${sizeOf(shape)} of ${n}${replace ? "" : " without replacement"}`,
    );
  const logits = p === undefined ? null : logOf(p, n, needed);
  const index = (replace ? withReplacement : withoutReplacement)(parent, n, shape, logits);
  return wrap(typeof from === "number" ? index : b.gather(from.node, index, { axis: 0 }));
}) as unknown as ChoiceFunction;

function countOf(from: number | Tensor): number {
  if (typeof from === "number") {
    requireCount(from, 0, "choice: n");
    return from;
  }
  const { shape } = nodeOf(from, "choice");
  if (shape.length === 0)
    throw new ShapeError("choice: a scalar has no elements to choose from; give n or a vector");
  return shape[0];
}

/** The logarithms of `n` probabilities. */
function logOf(p: readonly number[] | Tensor, n: number, needed: number): Node {
  if (isTensor(p)) {
    const node = floatNode(p, "choice: p");
    if (node.shape.length !== 1 || node.shape[0] !== n)
      throw new ShapeError(`choice: p must have shape [${n}], got ${show(node.shape)}`);
    return b.log(node);
  }
  const count: unknown = Array.isArray(p) ? p.length : typeof p;
  if (count !== n)
    throw new ShapeError(
      `choice: p must be ${n} numbers, one for each element, got ${String(count)}`,
    );
  const wrong = p.findIndex((x) => !(x >= 0 && x <= 1));
  if (wrong !== -1)
    throw new ValueError(`choice: p[${wrong}] must be a probability from 0 to 1, got ${p[wrong]}`);
  const total = p.reduce((sum, x) => sum + x, 0);
  if (!(Math.abs(total - 1) <= 1e-5) && needed > 0)
    throw new ValueError(`choice: p must sum to 1, got ${total}; divide by the sum first`);
  const possible = p.filter((x) => x > 0).length;
  if (possible < needed)
    throw new ValueError(
      `choice: cannot choose ${needed} without replacement where only ${possible} of p are not 0`,
    );
  return b.log(constantNode(Float32Array.from(p), [n], "f32"));
}

type Chooser = (key: Node, n: number, shape: readonly number[], logits: Node | null) => Node;

const withReplacement: Chooser = (key, n, shape, logits) => {
  if (sizeOf(shape) === 0) return b.full({ shape, value: 0, dtype: "i32" });
  if (logits === null) return castTo(below(key, shape, n), "i32");
  return categoricalNode(key, logits, shape, "choice: p");
};

/** The first of a random order; with `p`, the order of logits with Gumbel noise, greatest first. */
const withoutReplacement: Chooser = (key, n, shape, logits) => {
  const count = sizeOf(shape);
  const first = (node: Node): Node =>
    b.reshape(b.slice(node, { start: [0], stop: [count], step: [1] }), { shape });
  if (logits === null) return first(orderNode(key, n));
  const noisy = b.add(logits, gumbelNoise(key, [n], logits.dtype as FloatType));
  const attrs = { axis: 0, descending: true };
  const valid = b.isFinite(first(b.sort(noisy, attrs)));
  return b.where(valid, first(b.argsort(noisy, attrs)), -1);
};
