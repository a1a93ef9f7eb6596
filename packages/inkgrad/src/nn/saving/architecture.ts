import { FormatError, InkgradError } from "../../base/errors.js";
import type { Json, Layer } from "../layer.js";
import { layerOf } from "./layers.js";

/** A model's layers as JSON, and layers from it. */

/** A layer as it is written: layers within it stand among its options. */
export type Architecture = { readonly kind: string; readonly options: Json };

/** Why a layer cannot be made again from JSON, or null. */
export function whyNotSaved(layer: Layer): string | null {
  const { kind, options, inner = [] } = layer;
  for (const { layer } of inner) {
    const why = whyNotSaved(layer);
    if (why !== null) return why;
  }
  if (options === null || options === undefined)
    return `${kind} is, or has, a function of one's own`;
  try {
    layerOf(kind, options);
    return null;
  } catch (error) {
    if (error instanceof FormatError) return `${kind} is a layer of one's own`;
    throw error;
  }
}

/** What `layerFrom` makes the layer again from. Only if `whyNotSaved` gives null. */
export const architectureOf = ({ kind, options }: Layer): Architecture => ({ kind, options });

/** @throws FormatError  for what no layer is written as */
export function layerFrom(written: unknown): Layer {
  const { kind, options = null } = (written ?? {}) as Partial<Architecture>;
  if (typeof kind !== "string")
    throw new FormatError("the architecture is not a layer with kind and options");
  return layerOf(kind, options);
}

/** Runs what a file may make fail: then it is the file that is wrong. */
export function asFormatError<R>(what: string, run: () => R): R {
  try {
    return run();
  } catch (cause) {
    const own = cause instanceof InkgradError || cause instanceof TypeError;
    if (!own && !(cause instanceof RangeError)) throw cause;
    throw new FormatError(`${what}: ${cause.message}`, { cause });
  }
}
