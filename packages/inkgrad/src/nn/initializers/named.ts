import { InkgradError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import type { Initializer } from "./initializer.js";
import { glorotUniform } from "./variance-scaling.js";

const initializers = { glorotUniform: glorotUniform() };

export type InitializerName = keyof typeof initializers;
/** A name, or a function of one's own (which cannot be saved). */
export type InitializerLike = InitializerName | Initializer;

/** The initializer of a name. */
export function initializerOf(like: InitializerLike, op: string): Initializer {
  if (typeof like === "function") return like;
  const found = initializers[like] as Initializer | undefined;
  if (found !== undefined) return found;
  throw new InkgradError(
    `${op}: unknown initializer ${typeof like === "string" ? `"${String(like)}"` : describe(like)}; ` +
      `there are ${Object.keys(initializers).join(", ")}, or give a function`,
  );
}
