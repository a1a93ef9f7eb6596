import { InkgradError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { binaryCrossEntropy } from "./binary-cross-entropy.js";
import {
  categoricalCrossEntropy,
  sparseCategoricalCrossEntropy,
} from "./categorical-cross-entropy.js";
import { binaryFocalCrossEntropy, categoricalFocalCrossEntropy } from "./focal.js";
import { categoricalHinge, hinge, squaredHinge } from "./hinge.js";
import { klDivergence } from "./kl-divergence.js";
import type { Loss } from "./loss.js";
import type { FromLogits } from "./probabilities.js";
import { huber, meanAbsoluteError, meanSquaredError } from "./regression.js";

const losses = {
  binaryCrossEntropy,
  categoricalCrossEntropy,
  sparseCategoricalCrossEntropy,
  meanSquaredError,
  meanAbsoluteError,
  huber,
  hinge,
  squaredHinge,
  categoricalHinge,
  klDivergence,
  binaryFocalCrossEntropy,
  categoricalFocalCrossEntropy,
};

/** Keras's names, and the usual abbreviations. */
const others = {
  binary_crossentropy: binaryCrossEntropy,
  bce: binaryCrossEntropy,
  categorical_crossentropy: categoricalCrossEntropy,
  sparse_categorical_crossentropy: sparseCategoricalCrossEntropy,
  mean_squared_error: meanSquaredError,
  mse: meanSquaredError,
  mean_absolute_error: meanAbsoluteError,
  mae: meanAbsoluteError,
  squared_hinge: squaredHinge,
  categorical_hinge: categoricalHinge,
  kl_divergence: klDivergence,
  kld: klDivergence,
  binary_focal_crossentropy: binaryFocalCrossEntropy,
  focal: binaryFocalCrossEntropy,
  categorical_focal_crossentropy: categoricalFocalCrossEntropy,
};

export type LossName = keyof typeof losses | keyof typeof others;
export type LossLike = LossName | Loss;

/** Those for which it makes no difference do not look at the option. */
const all = { ...losses, ...others } as unknown as Readonly<
  Record<string, (options?: FromLogits) => Loss>
>;

/**
 * The loss of a name, for what the model gives: by its name alone a loss of a model that ends with softmax
 * or sigmoid takes probabilities, as in Keras.
 */
export function lossOf(like: LossLike, given: "logits" | "probabilities" = "logits"): Loss {
  if (typeof like === "function" && "perExample" in like) return like;
  if (typeof like === "string" && Object.hasOwn(all, like))
    return given === "logits" ? all[like]() : all[like]({ fromLogits: false });
  const hint = (Object.values(losses) as unknown[]).includes(like)
    ? `call it, as losses.${(like as unknown as { name: string }).name}()`
    : `there are ${Object.keys(losses).join(", ")}, Keras's names for them, or give one made with losses`;
  throw new InkgradError(
    `unknown loss ${typeof like === "string" ? `"${String(like)}"` : describe(like)}; ${hint}`,
  );
}
