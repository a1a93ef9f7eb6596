import { elementsOf } from "../../tensor/operand.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import { stream } from "../handwriting/stream.js";
import { orderOf } from "../order.js";
import { logarithm, onCircle } from "./exact.js";

/**
 * Random numbers for one purpose, out of a key. Every purpose has numbers of its own, so that more noise, say,
 * leaves the points where they were. The same bits on every machine.
 */
export interface Draws {
  /** In [0, 1), a multiple of 2⁻³². */
  readonly uniform: () => number;
  /** Mean 0, variance 1; never beyond 6.8. */
  readonly normal: () => number;
  /** 0 … n − 1 in random order. */
  readonly order: (n: number) => Int32Array;
}

const purposes = [
  "points",
  "centres",
  "mix",
  "noise",
  "labels",
  "rows",
  "columns",
  "scale",
] as const;
export type Purpose = (typeof purposes)[number];

export function draws(key: Key, purpose: Purpose): Draws {
  const own = foldIn(key, purposes.indexOf(purpose));
  const [high, low] = elementsOf(own.node);
  // Beyond the blocks that the order is made of.
  const numbers = stream(high, low, 1);
  const uniform = (): number => numbers.uniform();
  let second: number | undefined;
  const normal = (): number => {
    if (second !== undefined) {
      const value = second;
      second = undefined;
      return value;
    }
    // Box and Muller: 1 − u lies in (0, 1], so that its logarithm is finite.
    const radius = Math.sqrt(-2 * logarithm(1 - uniform()));
    const [x, y] = onCircle(uniform());
    second = radius * y;
    return radius * x;
  };
  return { uniform, normal, order: (n) => orderOf(own, n) };
}
