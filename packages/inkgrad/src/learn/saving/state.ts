/**
 * All that a fitted object has learned, as plain data: numbers in bulk are typed arrays, the rest is
 * what JSON holds. `kind` says who reads it.
 */
export interface State {
  readonly kind: string;
  readonly [name: string]: StateValue;
}

export type StateValue =
  | string
  | number
  | boolean
  | null
  | Float64Array
  | Int32Array
  | readonly StateValue[]
  | { readonly [name: string]: StateValue };
