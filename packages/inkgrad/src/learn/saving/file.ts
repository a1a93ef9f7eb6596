import type { TypedArray } from "../../base/dtype.js";
import { FormatError, ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { decode, encode } from "../../data/formats/safetensors.js";
import { nameOf, readFile } from "../../data/system.js";
import { writeFileSafely } from "../../data/system-write.js";
import { tensorOf } from "../../data/tensor-of.js";
import { elementsOf } from "../../tensor/operand.js";
import type { Tensor } from "../../tensor/tensor.js";
import { restore } from "../kinds.js";
import type { Fitted } from "../types.js";
import type { State, StateValue } from "./state.js";

/**
 * Fitted objects as safetensors files: typed arrays are tensors named by their place, the rest is JSON in
 * the metadata.
 */

const version = "1";
const [formatKey, stateKey, factsKey] = ["inkgrad.learn", "state", "facts"];

/** Stands in the JSON for what JSON cannot hold. */
type Marked = { readonly $tensor: string } | { readonly $number: string };

export interface SavedFitted<F extends Fitted = Fitted> {
  readonly fitted: F;
  /** What was saved beside it: figures, names, versions. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export function fittedToBytes(
  { state }: Fitted,
  facts: Readonly<Record<string, unknown>> = {},
): Uint8Array {
  const tensors: Record<string, Tensor> = {};
  const plain = (value: StateValue, path: string): unknown => {
    if (value instanceof Float64Array || value instanceof Int32Array) {
      const dtype = value instanceof Float64Array ? "f64" : "i32";
      tensors[path] = tensorOf(value as TypedArray, [value.length], dtype);
      return { $tensor: path };
    }
    if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
      return { $number: Object.is(value, -0) ? "-0" : String(value) };
    if (typeof value === "string" || typeof value !== "object" || value === null) return value;
    if (Array.isArray(value))
      return (value as readonly StateValue[]).map((item, i) => plain(item, `${path}.${i}`));
    return Object.fromEntries(
      Object.entries(value).map(([name, item]) => [
        name,
        plain(item, path === "" ? name : `${path}.${name}`),
      ]),
    );
  };
  const text = JSON.stringify(plain(state, ""));
  return encode(tensors, {
    [formatKey]: version,
    [stateKey]: text,
    [factsKey]: JSON.stringify(facts),
  });
}

/** @throws FormatError  if the bytes are no such file, or are damaged */
export function fittedFromBytes(bytes: Uint8Array | ArrayBuffer): SavedFitted {
  const { tensors, metadata } = decode(bytes);
  if (metadata[formatKey] !== version)
    throw new FormatError(
      metadata[formatKey] === undefined
        ? "this file holds no fitted estimator; a network is loaded with loadModel of inkgrad/nn"
        : `this file has version ${metadata[formatKey]} of the format, known is ${version}`,
    );
  const parsed = parse(metadata[stateKey], stateKey);
  const whole = (value: unknown): StateValue => {
    if (Array.isArray(value)) return value.map(whole);
    if (typeof value !== "object" || value === null) return value as StateValue;
    const marked = value as Marked;
    if ("$number" in marked) return Number(marked.$number);
    if (!("$tensor" in marked))
      return Object.fromEntries(
        Object.entries(value as Record<string, unknown>).map(([name, item]) => [name, whole(item)]),
      );
    const found = tensors[marked.$tensor] as Tensor | undefined;
    if (found?.rank !== 1 || !(found.dtype === "f64" || found.dtype === "i32"))
      throw new FormatError(
        `the list "${String(marked.$tensor)}" is not in the file as f64 or i32`,
      );
    return elementsOf(found.node) as Float64Array | Int32Array;
  };
  const state = whole(parsed);
  if (typeof state !== "object" || state === null || typeof (state as State).kind !== "string")
    throw new FormatError("the file does not say what kind of estimator it holds");
  const facts = parse(metadata[factsKey] ?? "{}", factsKey) as Record<string, unknown>;
  return { fitted: restore(state as State), facts };
}

function parse(text: string | undefined, what: string): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch (cause) {
    throw new FormatError(`the file's "${what}" is no JSON`, { cause });
  }
}

/**
 * Writes what was fitted into a file, safely: there is never half of one.
 *
 * @param facts  what else is to be kept: figures, names; anything that is JSON
 */
export async function saveFitted(
  path: string | URL,
  fitted: Fitted,
  facts?: Readonly<Record<string, unknown>>,
): Promise<void> {
  await writeFileSafely(path, fittedToBytes(fitted, facts));
}

/**
 * What `saveFitted` wrote. No code is run that the file could bring.
 *
 * @param source  a path or `file:` URL, or bytes
 * @throws FileError    if it cannot be read
 * @throws FormatError  if it is damaged, or holds no fitted estimator
 */
export async function loadFitted(
  source: string | URL | Uint8Array | ArrayBuffer,
): Promise<SavedFitted> {
  const isPath = typeof source === "string" || source instanceof URL;
  if (!isPath && !(source instanceof Uint8Array) && !(source instanceof ArrayBuffer))
    throw new ValueError(`loadFitted: expected a path or bytes, got ${describe(source)}`);
  const bytes = isPath ? await readFile(source) : source;
  try {
    return fittedFromBytes(bytes);
  } catch (error) {
    if (isPath && error instanceof FormatError)
      throw new FormatError(`loadFitted ${nameOf(source)}: ${error.message}`, { cause: error });
    throw error;
  }
}
