import { FormatError, InkgradError } from "../../base/errors.js";
import type { Json, Layer } from "../layer.js";
import { layerOf } from "./layers.js";

/** A model's layers as JSON, and layers from it. */

/** A layer as it is written. */
export type Architecture = {
  readonly kind: string;
  readonly options: Json;
  /** The layers within, with the names of their parameters. */
  readonly inner?: readonly { readonly name: string; readonly layer: Architecture }[];
};

/** Why a layer cannot be made again from JSON, or null. */
export function whyNotSaved(layer: Layer): string | null {
  const { kind, options, inner = [] } = layer;
  if (options === null || options === undefined) return `${kind} is a function of one's own`;
  const own = functionIn(withoutInitializers(options));
  if (own !== null)
    return `${own === "" ? "an option" : `the option ${own}`} of ${kind} is a function`;
  for (const { layer } of inner) {
    const why = whyNotSaved(layer);
    if (why !== null) return why;
  }
  try {
    layerOf(
      kind,
      withoutInitializers(options),
      inner.map(({ layer }) => layer),
    );
  } catch (error) {
    if (error instanceof FormatError) return `${kind} is a layer of one's own`;
    throw error;
  }
  return null;
}

/** What `layerFrom` makes the layer again from. Only if `whyNotSaved` gives null. */
export function architectureOf({ kind, options, inner }: Layer): Architecture {
  const written = { kind, options: withoutInitializers(options) };
  if (inner === undefined) return written;
  return {
    ...written,
    inner: inner.map(({ name, layer }) => ({ name, layer: architectureOf(layer) })),
  };
}

const deepest = 64;

/** @throws FormatError  for what no layer is written as */
export function layerFrom(written: unknown, depth = 0): Layer {
  const { kind, options = null, inner } = (written ?? {}) as Partial<Architecture>;
  if (typeof kind !== "string" || depth > deepest)
    throw new FormatError("the architecture is not one of layers with kind and options");
  if (inner === undefined) return layerOf(kind, options);
  if (!Array.isArray(inner)) throw new FormatError(`the layers within ${kind} are no list`);
  const layers = (inner as Partial<(typeof inner)[number]>[]).map((part) =>
    layerFrom(part?.layer, depth + 1),
  );
  const made = layerOf(kind, options, layers);
  (inner as { name?: unknown }[]).forEach(({ name }, i) => {
    if (made.inner?.[i]?.name !== name)
      throw new FormatError(
        `layer ${i} of ${kind} should be called "${String(name)}", not "${made.inner?.[i]?.name}"`,
      );
  });
  return made;
}

/** First values matter no more once there are others; a function for them need not be written. */
function withoutInitializers(options: Json): Json {
  if (typeof options !== "object" || options === null || Array.isArray(options)) return options;
  return Object.fromEntries(
    Object.entries(options).filter(
      ([key, value]) => !(/initializer$/i.test(key) && functionIn(value) !== null),
    ),
  );
}

/** Where a function is among options, or null. */
function functionIn(value: unknown): string | null {
  if (typeof value === "function" || typeof value === "symbol") return "";
  if (typeof value !== "object" || value === null) return null;
  for (const [key, part] of Object.entries(value)) {
    const found = functionIn(part);
    if (found !== null) return found === "" ? key : `${key}.${found}`;
  }
  return null;
}

/** Runs what a file may make fail: then it is the file that is wrong. */
export function asFormatError<R>(what: string, run: () => R): R {
  try {
    return run();
  } catch (cause) {
    const { message } = cause as Error;
    if (cause instanceof FormatError) throw new FormatError(`${what}: ${message}`, { cause });
    const own = cause instanceof InkgradError || cause instanceof TypeError;
    if (!own && !(cause instanceof RangeError)) throw cause;
    throw new FormatError(`${what}: ${message}`, { cause });
  }
}
