import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import type { Json, Layer } from "../layer.js";

/** What the options of layers have in common. */

/**
 * Options as JSON, without those that are not given; null if a function is among them that cannot be
 * written down.
 */
export function savable(options: object): Json {
  const result: Record<string, Json> = {};
  for (const [name, value] of Object.entries(options) as [string, unknown][]) {
    if (value === undefined) continue;
    if (typeof value === "function") {
      const { json } = value as { json?: Json };
      if (json === undefined) return null;
      result[name] = json;
    } else result[name] = value as Json;
  }
  return result;
}

/** What a layer is made from again: the function of its kind, called with these options. */
export interface LayerJson {
  readonly [name: string]: Json | undefined;
  readonly kind: string;
  readonly options: Json;
  /** The name that its parameters go by, if it has one of its own. */
  readonly name?: string;
}

/** Layers as JSON; null if one of them cannot be made again. */
export function savableLayers(layers: readonly Layer[]): LayerJson[] | null {
  const all = layers.map(({ kind, options, name }) => ({
    kind,
    options,
    ...(name !== undefined && { name }),
  }));
  return all.every(({ options }) => options !== null) ? all : null;
}

/** Throws unless it is a whole number ≥ 1. */
export function requireCount(value: unknown, what: string, op: string): void {
  if (!(Number.isSafeInteger(value) && (value as number) >= 1))
    throw new ValueError(`${op}: ${what} must be a whole number ≥ 1, got ${String(value)}`);
}

/** Throws unless it is a number > 0. */
export function requirePositive(value: unknown, what: string, op: string): void {
  if (!(typeof value === "number" && value > 0 && value < Infinity))
    throw new ValueError(`${op}: ${what} must be a number > 0, got ${String(value)}`);
}

/** How examples with so many spatial axes are laid out, and what makes them so. */
const spatial = {
  1: { layout: "[steps, c]", hint: "reshape(steps, c)" },
  2: { layout: "[h, w, c]", hint: "reshape(h, w, c)" },
} as const;

/** Throws unless examples are [...spatial, c]. */
export function requireSpatial(example: readonly number[], rank: 1 | 2, op: string): void {
  if (example.length === rank + 1) return;
  const { layout, hint } = spatial[rank];
  throw new ShapeError(
    `${op}: each example must be ${layout}, not ${show(example)}; put ${hint} before it`,
  );
}
