import { InkgradError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { adadelta } from "./adadelta.js";
import { adagrad } from "./adagrad.js";
import { adam, adamW } from "./adam.js";
import { lion } from "./lion.js";
import { nadam } from "./nadam.js";
import type { Optimizer } from "./optimizer.js";
import { rmsprop } from "./rmsprop.js";
import { momentum, nesterov, sgd } from "./sgd.js";

/** Keras's name for adamW too, which is all lower case. */
const optimizers = {
  sgd,
  momentum,
  nesterov,
  adagrad,
  rmsprop,
  adadelta,
  adam,
  adamW,
  adamw: adamW,
  nadam,
  lion,
};

export type OptimizerName = keyof typeof optimizers;
export type OptimizerLike = OptimizerName | Optimizer;

/** The optimizer of a name, with its usual options. */
export function optimizerOf(like: OptimizerLike): Optimizer {
  if (typeof like === "object" && like !== null && "update" in like) return like;
  if (typeof like === "string" && Object.hasOwn(optimizers, like)) return optimizers[like]();
  const hint =
    typeof like === "function" && (Object.values(optimizers) as unknown[]).includes(like)
      ? `call it, as optimizers.${(like as { name: string }).name}()`
      : `there are ${Object.keys(optimizers).join(", ")}, or give one made with optimizers`;
  throw new InkgradError(
    `unknown optimizer ${typeof like === "string" ? `"${String(like)}"` : describe(like)}; ${hint}`,
  );
}
