import { ShapeError, ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { tensor } from "../../tensor/functions/create.js";
import { key as keyOf } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Dataset } from "../dataset.js";
import { draws } from "./draws.js";

/** What all makers of toy data share. */

export interface ToyOptions {
  /** Which random numbers (default `random.key(0)`): the same key, the same data, on every machine. */
  readonly key?: Key;
  /** Rows in random order (default true), or class by class. */
  readonly shuffle?: boolean;
  /** The type of x, and of y where it is no class (default f32). Both are computed in f64. */
  readonly dtype?: "f32" | "f64";
}

export interface PlaneOptions extends ToyOptions {
  /** Standard deviation of the noise that is added to both coordinates (default 0). */
  readonly noise?: number;
}

/** Points [n, features] and their classes [n]. */
export type ToyClasses<Features extends number = number> = Dataset<
  Tensor<[number, Features], "f32" | "f64">,
  Tensor<[number], "i32">
>;

/** Points of the plane, as a scatter plot takes them. */
export type ToyPlane = ToyClasses<2>;

export const keyOr = (key: Key | undefined): Key => key ?? keyOf(0);

/**
 * A data set of points, row after row, and their classes, in random order unless it is declined.
 *
 * @param order  of the rows, instead
 */
export function toyClasses<Features extends number>(
  name: string,
  x: Float64Array,
  y: Int32Array,
  features: Features,
  classes: number,
  { key, shuffle = true, dtype = "f32" }: ToyOptions,
): ToyClasses<Features> {
  requireType(dtype, name);
  const n = y.length;
  const order = shuffle ? draws(keyOr(key), "rows").order(n) : undefined;
  const points: Tensor = tensor(order ? ordered(x, features, order) : x, {
    dtype,
    shape: [n, features],
  });
  const labels: Tensor = tensor(order ? Int32Array.from(order, (row) => y[row]) : y);
  return {
    name,
    x: points as Tensor<[number, Features], "f32" | "f64">,
    y: labels as Tensor<[number], "i32">,
    classes: Array.from({ length: classes }, (_, c) => String(c)),
  };
}

/** The rows of a matrix in an order. */
export function ordered(x: Float64Array, columns: number, order: Int32Array): Float64Array {
  const out = new Float64Array(x.length);
  order.forEach((row, i) => {
    for (let k = 0; k < columns; k++) out[i * columns + k] = x[row * columns + k];
  });
  return out;
}

/** Adds noise to every number. */
export function blur(x: Float64Array, noise: number, key: Key | undefined): void {
  if (noise === 0) return;
  const { normal } = draws(keyOr(key), "noise");
  for (let i = 0; i < x.length; i++) x[i] += noise * normal();
}

export function requireType(dtype: unknown, op: string): void {
  if (dtype !== "f32" && dtype !== "f64")
    throw new ValueError(`${op}: dtype must be "f32" or "f64", got ${describe(dtype)}`);
}

/** Throws unless a number is whole and large enough. */
export function requireCount(value: number, name: string, op: string, least = 1): void {
  if (!Number.isSafeInteger(value) || value < least)
    throw new ShapeError(`${op}: ${name} must be a whole number ≥ ${least}, got ${String(value)}`);
}

export function requireBetween(
  value: number,
  low: number,
  high: number,
  name: string,
  op: string,
): void {
  if (!(value >= low && value <= high))
    throw new ValueError(
      `${op}: ${name} must be ` +
        (high === Infinity ? `a number ≥ ${low}` : `from ${low} to ${high}`) +
        `, got ${String(value)}`,
    );
}

/** A spread: finite and ≥ 0. */
export function requireSpread(value: number, name: string, op: string): void {
  if (!(value >= 0 && value < Infinity))
    throw new ValueError(`${op}: ${name} must be a finite number ≥ 0, got ${String(value)}`);
}

/**
 * The numbers of rows of each class.
 *
 * @param n  in all, shared evenly, the first classes having one more; or one number a class
 */
export function countsOf(n: number | readonly number[], classes: number, op: string): number[] {
  if (typeof n === "number") {
    requireCount(n, "n", op);
    return Array.from({ length: classes }, (_, c) => Math.floor((n + classes - 1 - c) / classes));
  }
  if (n.length !== classes)
    throw new ShapeError(`${op}: n must be a number, or one for each of ${classes} classes`);
  n.forEach((count) => requireCount(count, "each of n", op, 0));
  requireCount(
    n.reduce((sum, count) => sum + count, 0),
    "the sum of n",
    op,
  );
  return [...n];
}
