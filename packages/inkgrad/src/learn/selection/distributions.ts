import { ValueError } from "../../base/errors.js";
import { isFilled } from "./data.js";

/** What a parameter is drawn from in a random search. */
export interface Distribution<T> {
  /** The value at a place of [0, 1), all of which are equally likely. */
  readonly at: (place: number) => T;
}

function requireRange(low: number, high: number, op: string): void {
  if (!(Number.isFinite(low) && Number.isFinite(high) && low <= high))
    throw new ValueError(`${op}: expected low ≤ high, both finite, got ${low} and ${high}`);
}

/** Any number from low to high. */
export function uniform(low: number, high: number): Distribution<number> {
  requireRange(low, high, "uniform");
  return { at: (place) => low + place * (high - low) };
}

/** Any number from low to high, each order of magnitude as likely: for strengths and learning rates. */
export function logUniform(low: number, high: number): Distribution<number> {
  requireRange(low, high, "logUniform");
  if (!(low > 0)) throw new ValueError(`logUniform: low must be above 0, got ${low}`);
  const [from, to] = [Math.log(low), Math.log(high)];
  // Rounding must not lead out of the range.
  return { at: (place) => Math.min(high, Math.max(low, Math.exp(from + place * (to - from)))) };
}

/** A whole number from low to high, both included. */
export function integer(low: number, high: number): Distribution<number> {
  requireRange(low, high, "integer");
  if (!Number.isInteger(low) || !Number.isInteger(high))
    throw new ValueError(`integer: low and high must be whole numbers, got ${low} and ${high}`);
  return { at: (place) => low + Math.floor(place * (high - low + 1)) };
}

/** One of a list. */
export function choice<const T>(values: readonly T[]): Distribution<T> {
  if (!isFilled(values)) throw new ValueError("choice: expected a list of values");
  return { at: (place) => values[Math.floor(place * values.length)] };
}
