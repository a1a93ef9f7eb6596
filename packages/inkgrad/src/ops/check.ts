import type { DType } from "../base/dtype.js";

/** How the conformance suite fills a sample input. */
export interface SampleSource {
  readonly shape: readonly number[];
  /** Held to this type whatever type the case is run in. */
  readonly dtype?: DType;
  /** Uniform in this interval; default [-2, 2], integers [-9, 9]. */
  readonly domain?: readonly [number, number];
  /** These values, repeated as often as needed. */
  readonly values?: readonly number[];
  /** In no other order than this. */
  readonly ordered?: true;
  /**
   * "distinct": no two elements equal (nor near), for operations with kinks at ties;
   * "positiveDefinite", "symmetric", "regular", "triangular": matrices in the last two axes.
   */
  readonly kind?: "distinct" | "positiveDefinite" | "symmetric" | "regular" | "triangular";
}

export interface SampleCase<A> {
  readonly src: readonly SampleSource[];
  readonly attrs: A;
}

export interface Check<A = object> {
  readonly cases: readonly SampleCase<A>[];
  /** Hard values for the forward pass (every combination of them for two operands). */
  readonly special?: readonly number[];
  /** Why the gradient is not compared with central differences (a step function, say). */
  readonly noGradient?: string;
}

const awkward = [[], [1], [5], [2, 3], [0], [2, 0, 3], [1, 4, 1], [2, 1, 3, 2]];
export const specials = [0, -0, 1, -1, NaN, Infinity, -Infinity, 0.5, -2.5, 1e-40, 1e38];

interface ElementwiseOptions {
  /** An interval an input, or one for all. */
  readonly domain?: readonly [number, number] | readonly (readonly [number, number])[];
  readonly kind?: "distinct";
  readonly special?: readonly number[];
  readonly noGradient?: string;
}

/** The samples of an elementwise operation: awkward shapes, hard values. */
export function elementwiseCheck<A>(
  arity: number,
  attrs: A,
  { domain, kind, special = specials, noGradient }: ElementwiseOptions = {},
): Check<A> {
  const domainOf = (i: number): readonly [number, number] | undefined =>
    typeof domain?.[0] === "number"
      ? (domain as readonly [number, number])
      : (domain as readonly (readonly [number, number])[] | undefined)?.[i];
  const source = (shape: readonly number[], i: number): SampleSource => {
    const bounds = domainOf(i);
    return { shape, ...(bounds && { domain: bounds }), ...(kind && { kind }) };
  };
  return {
    cases: awkward.map((shape) => ({
      src: Array.from({ length: arity }, (_, i) => source(shape, i)),
      attrs,
    })),
    special,
    ...(noGradient && { noGradient }),
  };
}
