import type { DType } from "@src/base/dtype.js";
import { type OpName, ops } from "@src/ops/table.js";

/**
 * Every tolerance of the numerical suites, in units in the last place (ulp) of the element type.
 *
 * An ulp is that of the expected number, but for sums: what they may lose is measured by the sum
 * of the magnitudes that went in, for two large terms of opposite sign cancel to whatever the
 * rounding of either has left.
 */

/** What an operation does to its last digits. */
export type OpClass = "exact" | "rounded" | "function" | "sum" | "product" | "spectrum" | "matrix";

interface Tolerance {
  readonly f32: number;
  readonly f64: number;
  /** What counts as the size of the expected number. */
  readonly of: "element" | "magnitudes" | "largest";
  readonly why: string;
}

export const classes: { readonly [C in OpClass]: Tolerance } = {
  exact: { f32: 0, f64: 0, of: "element", why: "moves, compares or counts; nothing is rounded" },
  rounded: {
    f32: 0.5001,
    f64: 0,
    of: "element",
    why: "IEEE 754 rounds these correctly; in f32 the f64 result is itself rounded",
  },
  function: {
    f32: 2,
    f64: 4,
    of: "element",
    why: "no library rounds transcendental functions correctly; two good ones differ by this",
  },
  sum: {
    f32: 4,
    f64: 4,
    of: "magnitudes",
    why: "backends add in different orders; in blocks the error grows with the logarithm",
  },
  product: { f32: 8, f64: 8, of: "element", why: "one rounding a factor, in some order" },
  spectrum: {
    f32: 8,
    f64: 8,
    of: "largest",
    why: "an FFT mixes all elements; its error is relative to the whole row",
  },
  matrix: {
    f32: 256,
    f64: 256,
    of: "largest",
    why: "factorizations of well-conditioned samples: backward stable, condition numbers below 100",
  },
};

/** Operations that do not round, among those that are neither views nor forward their input. */
const exact: readonly OpName[] = [
  ...(["constant", "placeholder", "full", "iota", "randomBits", "pad", "concat"] as const),
  ...(["max", "min", "any", "all", "argmax", "argmin", "gather", "sort", "argsort"] as const),
  ...(["neg", "abs", "sign", "floor", "ceil", "round", "maximum", "minimum", "where"] as const),
  ...(["isNaN", "isFinite"] as const),
];
const rounded: readonly OpName[] = ["add", "sub", "mul", "div", "sqrt", "cast"];
const sums: readonly OpName[] = [
  ...(["sum", "cumsum", "matmul", "conv", "convInput", "convKernel", "fold", "scatter"] as const),
  "sparseMatmul",
];
const products: readonly OpName[] = ["prod", "cumprod"];
const spectra: readonly OpName[] = ["fft"];

/** An elementwise operation is a function unless listed; a kernel that is not listed, a matrix. */
export function classOf(name: OpName): OpClass {
  const { kind } = ops[name].lower;
  if (kind === "view" || kind === "forward" || exact.includes(name)) return "exact";
  if (rounded.includes(name)) return "rounded";
  if (sums.includes(name)) return "sum";
  if (products.includes(name)) return "product";
  if (spectra.includes(name)) return "spectrum";
  return kind === "map" ? "function" : "matrix";
}

/** Each one loosens its class for one operation, and says why. */
export const exceptions: {
  readonly [K in OpName]?: Partial<Tolerance> & { readonly why: string };
} = {};

export const toleranceOf = (name: OpName): Tolerance => ({
  ...classes[classOf(name)],
  ...exceptions[name],
});

/** A gradient graph run as one program: a few dozen roundings, relative to the largest element. */
export const gradientGraph = { f32: 64, f64: 64 };

/**
 * 3×3 convolutions in f32 by minimal filtering, ulp of the largest element: its transforms add and
 * subtract larger numbers than the results. Measured: see codegen/convolution/winograd/choose.ts.
 */
export const minimalFiltering = 32;

/** Derivatives against five-point central differences: relative to 1 + |slope| + |loss|. */
export const centralDifferences = { step: 2e-4, first: 1e-8, second: 1e-7 };

/**
 * Golden values (PyTorch, NumPy, SciPy in f64), which are rounded themselves and come from other
 * algorithms. Elementwise operations: ulp of each element; others, and all gradients: ulp of the
 * largest element.
 */
export const golden = { element: 16, largest: 64 };

/** Preprocessing against scikit-learn: relative to 1 + |value|. Both round, in another order. */
export const goldenPreprocessing = 1e-9;

/** Looser for one function, with the reason. */
export const goldenExceptions: { readonly [name: string]: { ulps: number; why: string } } = {
  gelu: { ulps: 256, why: "1 + erf cancels for negative x" },
  polygamma: { ulps: 64, why: "digamma near its zero at 1.46: what is left of a difference" },
  logSumExp: {
    ulps: 1024,
    why: "PyTorch's gradient is exp(x − lse): at x = 1000 it loses ten bits",
  },
};

/** Stored significand bits (the leading one not counted), least exponent of a normal number. */
const formats: { readonly [D in DType]?: readonly [bits: number, least: number] } = {
  f64: [52, -1022],
  f32: [23, -126],
  f16: [10, -14],
  bf16: [7, -126],
};

/** The distance between neighbouring numbers of a type at `value`. */
export function ulp(value: number, dtype: DType): number {
  const format = formats[dtype];
  if (format === undefined) return 1;
  const [bits, least] = format;
  const magnitude = Math.abs(value);
  let exponent = magnitude === 0 ? least : Math.floor(Math.log2(magnitude));
  // log2 rounds: it may step over a power of two.
  if (magnitude < 2 ** exponent) exponent--;
  else if (magnitude >= 2 ** (exponent + 1)) exponent++;
  return 2 ** (Math.max(exponent, least) - bits);
}

/** base/special.ts against mpmath; `least` is the size below which an error counts as absolute. */
export const special: Readonly<Record<string, { ulps: number; least?: number; why: string }>> = {
  erf: { ulps: 4, why: "a series or continued fraction, times exp" },
  lgamma: { ulps: 8, least: 1, why: "crosses 0 between the poles, where a difference is left" },
  digamma: { ulps: 16, least: 1, why: "the same; a dozen steps up, a rounding each" },
  trigamma: { ulps: 16, why: "sixteen terms, then Euler–Maclaurin" },
  tetragamma: { ulps: 16, least: 1, why: "the same; crosses 0 below 0" },
};
