/** Random numbers: every function takes a key, and the same key gives the same numbers. */

export { bernoulli } from "./bernoulli.js";
export { categorical } from "./categorical.js";
export { choice } from "./choice.js";
export { exponential, gumbel, laplace } from "./exponential.js";
export { beta, gamma } from "./gamma.js";
export { integers } from "./integers.js";
export { foldIn, key, split, splitKeys } from "./key.js";
export { normal, truncatedNormal } from "./normal.js";
export { permutation } from "./permutation.js";
export type { Key } from "./types.js";
export { uniform } from "./uniform.js";
