import { holds, rangeOf } from "../../base/dtype.js";
import { DTypeError, ValueError } from "../../base/errors.js";
import { assertShape } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { castTo, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { keyNode } from "./key.js";
import type { IntegersFunction, Key } from "./types.js";
import { words } from "./words.js";

interface Options {
  readonly min?: number;
  readonly max: number;
  readonly dtype?: string;
}

/**
 * Whole numbers from `min` (default 0) up to but without `max`, each equally likely: of n numbers
 * each has probability 1/n to within 2⁻⁶⁴. Exact on every backend; two words a number.
 *
 * @param options.max    may be one more than the type holds, so that every value can come
 * @param options.dtype  "i32" (default), "u32" or "u8"
 * @throws ValueError  unless min < max, both whole and within the type
 */
export const integers = ((
  key: Key,
  shape: readonly number[],
  { min = 0, max, dtype = "i32" }: Options = {} as Options,
): Tensor => {
  const node = keyNode(key, "integers");
  assertShape(shape, "integers");
  if (dtype !== "i32" && dtype !== "u32" && dtype !== "u8")
    throw new DTypeError(`integers: dtype must be i32, u32 or u8, got ${dtype}; use .cast after`);
  const [least, greatest] = rangeOf(dtype);
  const within = Number.isInteger(max) && max > min && max <= greatest + 1;
  if (!holds(dtype, min) || !within)
    throw new ValueError(
      `integers: min and max must be whole numbers with min < max, from ${least} to ` +
        `${greatest + 1} for ${dtype}, got ${min} and ${max}`,
    );
  const drawn = castTo(below(node, [...shape], max - min), dtype);
  return wrap(min === 0 ? drawn : b.add(min, drawn));
}) as IntegersFunction;

/**
 * u32 in [0, n) for 1 ≤ n ≤ 2³²: the whole part of n · W / 2⁶⁴ for a random 64-bit W. Every
 * number comes from as many W as any other, give or take one.
 *
 * @source Lemire, "Fast random integer generation in an interval", arXiv:1805.10941
 */
export function below(key: Node, shape: readonly number[], n: number): Node {
  const [high, low] = words(key, shape, 2);
  if (n === 2 ** 32) return high;
  const part = b.mul(high, n);
  const carried = b.add(part, productHigh(low, n));
  return b.add(productHigh(high, n), castTo(b.less(carried, part), "u32"));
}

/** The high word of the 64-bit product of u32 x and n < 2³², by halves of 16 bits. */
function productHigh(x: Node, n: number): Node {
  const halves = (y: Node): [Node, Node] => [b.rightShift(y, 16), b.bitwiseAnd(y, 0xffff)];
  const [n1, n0] = [Math.floor(n / 2 ** 16), n % 2 ** 16];
  const [x1, x0] = halves(x);
  const [up, upLow] = halves(b.mul(x1, n0));
  const [across, acrossLow] = halves(b.mul(x0, n1));
  const carry = b.add(b.add(upLow, acrossLow), b.rightShift(b.mul(x0, n0), 16));
  return b.add(b.add(b.mul(x1, n1), b.add(up, across)), b.rightShift(carry, 16));
}
