import { InkgradError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { adam } from "./adam.js";
import type { Optimizer } from "./optimizer.js";

const optimizers = { adam };

export type OptimizerName = keyof typeof optimizers;
export type OptimizerLike = OptimizerName | Optimizer;

/** The optimizer of a name, with its usual options. */
export function optimizerOf(like: OptimizerLike): Optimizer {
  if (typeof like === "object" && like !== null) return like;
  const found = optimizers[like] as (() => Optimizer<never>) | undefined;
  if (found !== undefined) return found();
  throw new InkgradError(
    `unknown optimizer ${typeof like === "string" ? `"${String(like)}"` : describe(like)}; ` +
      `there are ${Object.keys(optimizers).join(", ")}, or give one made with optimizers`,
  );
}
