/** Losses: what training makes small. From logits, where that is the stable form. */

export type { Loss } from "./loss.js";
export { sparseCategoricalCrossEntropy } from "./sparse-categorical-cross-entropy.js";
