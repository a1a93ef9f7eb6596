import { ShapeError, ValueError } from "../../base/errors.js";
import { normalizeAxis } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { keyNode } from "./key.js";
import type { Key, PermutationFunction } from "./types.js";
import { row } from "./words.js";

/**
 * The numbers 0 … n − 1 in random order (i32), or the slices of a tensor along an axis in random
 * order. Every order is equally likely to within 10⁻⁶ in total: so seldom do two sorting keys tie.
 * Exact on every backend. Gradients flow to the tensor.
 *
 * @param options.axis  the axis whose slices change places (default 0)
 * @throws ValueError  unless n is a whole number ≥ 0
 * @throws ShapeError  if the axis does not exist
 */
export const permutation = ((
  key: Key,
  x: number | Tensor,
  { axis = 0 }: { readonly axis?: number } = {},
): Tensor => {
  const parent = keyNode(key, "permutation");
  if (typeof x === "number") {
    requireCount(x, 0, "permutation: n");
    return wrap(orderNode(parent, x));
  }
  const node = nodeOf(x, "permutation");
  if (node.shape.length === 0)
    throw new ShapeError("permutation: a scalar has no axis to permute; give a number or a vector");
  const at = normalizeAxis(axis, node.shape.length, "permutation");
  return wrap(b.gather(node, orderNode(parent, node.shape[at]), { axis: at }));
}) as PermutationFunction;

export function requireCount(n: number, least: number, what: string): void {
  if (!Number.isInteger(n) || n < least || n > 2 ** 31 - 1)
    throw new ValueError(`${what} must be a whole number from ${least} to 2³¹ − 1, got ${n}`);
}

/**
 * A random order of n things: stably sorted by one 32-bit key after another, which is sorting by
 * one long key. The order is exactly uniform unless two long keys are equal, which happens with
 * probability below n² / 2^(1 + 32 · rounds) < 2⁻²⁰.
 */
export function orderNode(key: Node, n: number): Node {
  const rounds = Math.max(1, Math.ceil((2 * Math.log2(n) + 19) / 32));
  const sortKeys = b.randomBits(key, { shape: [rounds, n] });
  const sorted = (round: number): Node =>
    b.argsort(row(sortKeys, round), { axis: 0, descending: false });
  let order = sorted(0);
  for (let round = 1; round < rounds; round++) order = b.gather(order, sorted(round), { axis: 0 });
  return order;
}
