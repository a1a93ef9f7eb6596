import { tensor, type Tensor } from "inkgrad";
import type { DType } from "@src/base/dtype.js";

/** What scripts/golden writes for a tensor. */
export interface Written {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

export const read = ({ dtype, shape, data }: Written, as: DType = dtype): Tensor =>
  tensor(data as number[], { dtype: as as "f64", shape: [...shape] });

/** All numbers of a tensor, in order. */
export const numbers = (x: Tensor): number[] =>
  Array.from(x.reshape([x.size]).toArray() as unknown as number[], Number);

/** Throws unless two lists agree to so much of the largest number among them, or of 1. */
export function requireNear(
  got: readonly number[],
  want: readonly number[],
  share: number,
  what: string,
): void {
  if (got.length !== want.length)
    throw new Error(`${what}: ${got.length} numbers, expected ${want.length}`);
  const scale = Math.max(1, ...want.map(Math.abs));
  got.forEach((x, i) => {
    if (!(Math.abs(x - want[i]) <= share * scale))
      throw new Error(`${what}: number ${i} is ${x}, expected ${want[i]}`);
  });
}
