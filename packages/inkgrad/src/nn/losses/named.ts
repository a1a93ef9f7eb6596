import { InkgradError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import type { Loss } from "./loss.js";
import { sparseCategoricalCrossEntropy } from "./sparse-categorical-cross-entropy.js";

/** By Keras's names too. */
const losses = {
  sparseCategoricalCrossEntropy,
  sparse_categorical_crossentropy: sparseCategoricalCrossEntropy,
};

export type LossName = keyof typeof losses;
export type LossLike = LossName | Loss;

/** The loss of a name. */
export function lossOf(like: LossLike): Loss {
  if (typeof like === "function") return like;
  const found = losses[like] as (() => Loss) | undefined;
  if (found !== undefined) return found();
  throw new InkgradError(
    `unknown loss ${typeof like === "string" ? `"${String(like)}"` : describe(like)}; ` +
      `there are ${Object.keys(losses).join(", ")}, or give a function made with losses`,
  );
}
