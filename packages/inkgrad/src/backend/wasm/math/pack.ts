import type { Lanes } from "./lanes.js";

/** Between one vector of single and two of double precision. */

/** The bytes of a 32-bit word of two vectors. */
const bytes = (word: number): number[] => [0, 1, 2, 3].map((i) => 4 * word + i);

/** Four numbers as two times two in double precision. */
export function widen(x: Lanes): readonly [Lanes, Lanes] {
  const upper = x.shuffle(x, [2, 3, 2, 3].flatMap(bytes));
  return [promote(x), promote(upper)];
}

function promote(x: Lanes): Lanes {
  return x.as("f64x2").op("f64x2.promote_low_f32x4");
}

/** Two times two numbers, rounded to single precision, as one vector. */
export function narrow(a: Lanes, b: Lanes): Lanes {
  const [low, high] = [a, b].map((x) => x.op("f32x4.demote_f64x2_zero").as("f32x4"));
  return low.shuffle(high, [0, 1, 4, 5].flatMap(bytes));
}

/** The low halves of four lanes as one vector. */
export function lowWords(a: Lanes, b: Lanes): Lanes {
  return a.shuffle(b, [0, 2, 4, 6].flatMap(bytes)).as("f32x4");
}
