import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { camelCase, type SnakeCase } from "../names.js";
import * as initializers from "./index.js";
import type { Initializer, InitializerJson } from "./initializer.js";

type Kind = keyof typeof initializers;
/** Other names of the same: Keras's, and those after first names. */
const aliases = {
  randomNormal: "normal",
  randomUniform: "uniform",
  xavierNormal: "glorotNormal",
  xavierUniform: "glorotUniform",
  kaimingNormal: "heNormal",
  kaimingUniform: "heUniform",
} as const;

type Name = Kind | keyof typeof aliases;
export type InitializerName = Name | SnakeCase<Name>;
/** A name, an initializer, or a function (key, shape) of one's own, with which the layer cannot be saved. */
export type InitializerLike = InitializerName | Initializer | InitializerJson;

/** The initializer of a name, or as a saved model tells of it. */
export function initializerOf(like: InitializerLike, op: string): Initializer {
  if (typeof like === "function") return like;
  const name = typeof like === "string" ? camelCase(like) : (like as InitializerJson | null)?.kind;
  const kind = Object.hasOwn(aliases, name ?? "") ? aliases[name as keyof typeof aliases] : name;
  if (kind !== undefined && Object.hasOwn(initializers, kind)) {
    const make = initializers[kind as Kind] as (options?: unknown) => Initializer;
    return make(typeof like === "string" ? undefined : like.options);
  }
  throw new ValueError(
    `${op}: unknown initializer ${typeof like === "string" ? `"${String(like)}"` : describe(like)}; ` +
      `there are ${Object.keys(initializers).join(", ")}, or give a function (key, shape)`,
  );
}
