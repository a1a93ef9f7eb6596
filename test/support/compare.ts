import type { DType } from "@src/base/dtype.js";
import { decode, encode } from "./elements.js";
import { ulp } from "./tolerances.js";

export interface Closeness {
  readonly dtype: DType;
  readonly ulps: number;
  /** Whose ulps count, if not those of the expected number; one for all, or one an element. */
  readonly scale?: number | readonly number[];
  /** Are 0 and −0 told apart? Default true. */
  readonly signedZeros?: boolean;
}

/**
 * Throws where `got` is farther from `expected` than allowed. NaN equals NaN; infinities must be
 * equal; an expected number beyond the type's range stands for the infinity it rounds to.
 */
export function requireClose(
  expected: readonly number[],
  got: readonly number[],
  closeness: Closeness,
  what: string,
): void {
  const { dtype, ulps, scale, signedZeros = true } = closeness;
  if (expected.length !== got.length)
    throw new Error(`${what}: expected ${expected.length} elements, got ${got.length}`);
  const rounded = decode(encode(expected, dtype), dtype);
  expected.forEach((want, i) => {
    const have = got[i];
    if (Object.is(rounded[i], have)) return;
    if (!signedZeros && want === 0 && have === 0) return;
    const size = typeof scale === "number" ? scale : (scale?.[i] ?? Math.abs(want));
    const unit = ulp(Math.max(size, Math.abs(want)), dtype);
    const finite = Number.isFinite(rounded[i]) && Number.isFinite(have);
    const error = Math.abs(have - want) / unit;
    if (finite && error <= ulps && !(want === 0 && have === 0)) return;
    throw new Error(
      `${what}: element ${i} is ${show(have)}, expected ${show(want)} ` +
        `(${error.toPrecision(3)} ulp of ${dtype} apart, allowed ${ulps})`,
    );
  });
}

const show = (x: number): string => (Object.is(x, -0) ? "-0" : String(x));

/** The largest finite magnitude; 0 for none. */
export const largest = (values: readonly number[]): number =>
  values.reduce((most, x) => (Number.isFinite(x) ? Math.max(most, Math.abs(x)) : most), 0);
