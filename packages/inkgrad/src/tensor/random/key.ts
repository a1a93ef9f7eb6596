import { DTypeError, InkgradError, ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { builder as b } from "../../graph/builder.js";
import { constantNode } from "../../graph/node.js";
import type { Node } from "../../ops/op.js";
import { castTo, nodeOf, wrap } from "../operand.js";
import { isTensor, type Tensor } from "../tensor.js";
import { row } from "./words.js";
import type { Key, SplitFunction, SplitKeysFunction } from "./types.js";

/**
 * Keys. A key is two 32-bit words, k; Fₖ(n) below is the Threefry block of that key at counter n,
 * two words again. There is no state: who needs more numbers makes more keys.
 */

/**
 * A key from a seed. Different seeds give different keys: the two words are the seed's 64 bits,
 * the high one first, negative seeds in two's complement.
 *
 * @throws ValueError  unless the seed is a whole number within ±(2⁵³ − 1)
 */
export const key = (seed: number): Key => {
  const words = seedWords(seed, "key: the seed");
  return wrap(constantNode(Uint32Array.from(words), [2], "u32")) as Key;
};

function seedWords(value: unknown, what: string): [high: number, low: number] {
  if (typeof value !== "number" || !Number.isSafeInteger(value))
    throw new ValueError(
      `${what} must be a whole number from −(2⁵³ − 1) to 2⁵³ − 1, ` +
        `got ${typeof value === "number" ? value : describe(value)}`,
    );
  return [Math.floor(value / 2 ** 32) >>> 0, value >>> 0];
}

/** A key's node; throws for what is no key. */
export function keyNode(value: unknown, op: string): Node {
  if (!isTensor(value))
    throw new InkgradError(
      `${op}: the first argument must be a key, got ${describe(value)}; make one with random.key(0)`,
    );
  const { node } = value;
  if (node.dtype !== "u32")
    throw new DTypeError(
      `${op}: a key is a u32 tensor of shape [2], got ${node.dtype} of shape ${show(node.shape)}; ` +
        "make one with random.key(0)",
    );
  if (node.shape.length !== 1 || node.shape[0] !== 2)
    throw new ShapeError(
      `${op}: a key is a u32 tensor of shape [2], got shape ${show(node.shape)}; ` +
        "for a batch of keys use vmap",
    );
  return node;
}

/**
 * `n` new keys [n, 2] in one tensor, as `vmap` takes them: Fₖ(0), Fₖ(1), … The first ones do not
 * depend on n.
 *
 * @throws ShapeError  unless n is a whole number ≥ 1
 */
export const splitKeys = ((parent: Key, n: number = 2): Tensor => {
  const node = keyNode(parent, "splitKeys");
  return wrap(splitNode(node, n, "splitKeys"));
}) as SplitKeysFunction;

/**
 * `n` new keys in an array, to be taken apart: `const [a, b] = random.split(key)`. The same keys
 * as the rows of `splitKeys`. The old key should not be used for anything else.
 *
 * @throws ShapeError  unless n is a whole number ≥ 1
 */
export const split = ((parent: Key, n = 2): Tensor[] => {
  // One tensor that is kept, for each of its rows would have to compute all of it again.
  const { node } = wrap(splitNode(keyNode(parent, "split"), n, "split"));
  return Array.from({ length: n }, (_, i) => wrap(row(node, i)));
}) as unknown as SplitFunction;

function splitNode(node: Node, n: number, op: string): Node {
  if (!Number.isSafeInteger(n) || n < 1)
    throw new ShapeError(`${op}: the number of keys must be a whole number ≥ 1, got ${n}`);
  return b.randomBits(node, { shape: [n, 2] });
}

/** Keys for the parts of one distribution. */
export function subkeys(node: Node, n: number): Node[] {
  const all = splitNode(node, n, "split");
  return Array.from({ length: n }, (_, i) => row(all, i));
}

/** Keeps `foldIn` apart from `split`, which also starts from Fₖ(1). */
const foldTag = 0x666f6c64;

/**
 * A new key from a key and a number, for numbered things such as steps or examples: it can be
 * called many times with one key and different data. The key Fₘ(0) for m = Fₖ(1) ⊕ data.
 *
 * @param data  a whole number within ±(2⁵³ − 1), or a scalar tensor of type i32, u32 or u8, which
 *              may be an argument of a traced function
 */
export function foldIn(parent: Key, data: number | Tensor): Key {
  const node = keyNode(parent, "foldIn");
  const inner = row(b.randomBits(node, { shape: [2, 2] }), 1);
  const mixed = b.bitwiseXor(b.bitwiseXor(inner, dataWords(data)), tagNode());
  return wrap(b.randomBits(mixed, { shape: [2] })) as Key;
}

const tagNode = (): Node => constantNode(Uint32Array.of(foldTag, 0), [2], "u32");

/** The 64 bits of a whole number as two words, the high one first. */
function dataWords(data: number | Tensor): Node {
  if (!isTensor(data))
    return constantNode(Uint32Array.from(seedWords(data, "foldIn: the data")), [2], "u32");
  const node = nodeOf(data, "foldIn");
  if (node.dtype !== "i32" && node.dtype !== "u32" && node.dtype !== "u8")
    throw new DTypeError(
      `foldIn: the data must be i32, u32 or u8, got ${node.dtype}; use .cast("i32") first`,
    );
  if (node.shape.length !== 0)
    throw new ShapeError(`foldIn: the data must be a scalar, got shape ${show(node.shape)}`);
  const low = b.reshape(castTo(node, "u32"), { shape: [1] });
  const high =
    node.dtype === "i32"
      ? b.reshape(castTo(b.rightShift(node, 31), "u32"), { shape: [1] })
      : b.full({ shape: [1], value: 0, dtype: "u32" });
  return b.concat([high, low], { axis: 0 });
}
