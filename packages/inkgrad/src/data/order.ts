import { elementsOf } from "../tensor/operand.js";
import { permutation } from "../tensor/random/permutation.js";
import type { Key } from "../tensor/random/types.js";

/** The rows 0 … n − 1, in the random order of a key, or as they are. */
export const orderOf = (key: Key | undefined, n: number): Int32Array =>
  key === undefined
    ? Int32Array.from({ length: n }, (_, i) => i)
    : (elementsOf(permutation(key, n).node).slice() as Int32Array);
