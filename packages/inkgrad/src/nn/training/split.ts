import { ValueError } from "../../base/errors.js";
import { foldIn } from "../../tensor/random/key.js";
import { permutation } from "../../tensor/random/permutation.js";
import type { Key } from "../../tensor/random/types.js";

/** Numbers of the examples to learn from, and of those to validate on, each in growing order. */
export interface Split {
  readonly train: Int32Array;
  readonly validation: Int32Array;
}

/**
 * Sets a share of n examples aside, chosen by a key alone: the same ones in each epoch, and when
 * training is resumed. They are drawn, not the last ones, for data often lie sorted.
 *
 * @throws ValueError  if the share is not between 0 and 1, or leaves one side without examples
 */
export async function splitOff(n: number, share: number, key: Key): Promise<Split> {
  const count = Math.round(n * share);
  if (!(share > 0 && share < 1) || count === 0 || count === n)
    throw new ValueError(
      `fit: validationSplit must be a share between 0 and 1 that leaves both sides examples, got ` +
        `${String(share)} of ${n}`,
    );
  const order = await permutation(foldIn(key, 0), n).data();
  return {
    train: Int32Array.from(order.subarray(count)).sort(),
    validation: Int32Array.from(order.subarray(0, count)).sort(),
  };
}
