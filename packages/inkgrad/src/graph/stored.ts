import type { TypedArray } from "../base/dtype.js";

/** Elements that a backend keeps in its own memory. */
export interface Resident {
  /** A copy of the elements. Throws `TraceError` once the memory has been given to a program. */
  read(): TypedArray;
}

/** Where a known value is: in an array, or with a backend. */
export type Stored = TypedArray | Resident;

export const isArray = (stored: Stored): stored is TypedArray => ArrayBuffer.isView(stored);

export const elementsOf = (stored: Stored): TypedArray =>
  isArray(stored) ? stored : stored.read();
