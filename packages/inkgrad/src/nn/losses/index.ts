/** Losses: what training makes small. From logits, where that is the stable form. */

export { binaryCrossEntropy } from "./binary-cross-entropy.js";
export {
  categoricalCrossEntropy,
  sparseCategoricalCrossEntropy,
} from "./categorical-cross-entropy.js";
export { binaryFocalCrossEntropy, categoricalFocalCrossEntropy } from "./focal.js";
export { categoricalHinge, hinge, squaredHinge } from "./hinge.js";
export { klDivergence } from "./kl-divergence.js";
export { loss } from "./loss.js";
export type { Loss } from "./loss.js";
export { huber, meanAbsoluteError, meanSquaredError } from "./regression.js";
