import { FormatError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { cutShort, viewOf, wrapping } from "./bytes.js";
import { bytesOfKind, countOf, type Kind } from "./elements.js";
import { firstDuplicateKey } from "./json-keys.js";

/** The header of a safetensors file, checked against the bytes that are there. */
export interface SafeTensorsHeader {
  /** By their place in the file. */
  readonly entries: readonly TensorEntry[];
  readonly metadata: Record<string, string>;
  /** Where the elements begin. */
  readonly start: number;
}

interface TensorEntry {
  readonly name: string;
  readonly kind: Kind;
  readonly shape: readonly number[];
  /** Offsets from where the elements begin. */
  readonly begin: number;
  readonly end: number;
}

/** The format's own bound. */
export const maxHeaderBytes = 100_000_000;

const kindOfName: Readonly<Record<string, Kind>> = {
  BOOL: "bool",
  U8: "u8",
  I8: "i8",
  I16: "i16",
  U16: "u16",
  F16: "f16",
  BF16: "bf16",
  I32: "i32",
  U32: "u32",
  F32: "f32",
  F64: "f64",
  I64: "i64",
  U64: "u64",
};

const wrong = (said: string): FormatError => new FormatError(`safetensors: ${said}`);

export function decodeHeader(bytes: Uint8Array): SafeTensorsHeader {
  if (bytes.length < 8) throw cutShort("safetensors header", 8, bytes.length);
  const length = viewOf(bytes).getBigUint64(0, true);
  if (length > BigInt(maxHeaderBytes))
    throw wrong(
      `the header claims ${length} bytes, at most ${maxHeaderBytes} are allowed; is it a safetensors file?`,
    );
  const start = 8 + Number(length);
  if (start > bytes.length) throw cutShort("safetensors header", start, bytes.length);
  const fields = parse(bytes.subarray(8, start));
  const entries: TensorEntry[] = [];
  let metadata: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of Object.entries(fields))
    if (name === "__metadata__") metadata = texts(value);
    else entries.push(entryOf(name, value));
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  const size = assertSeamless(entries);
  if (start + size > bytes.length) throw cutShort("safetensors", start + size, bytes.length);
  if (start + size < bytes.length)
    throw wrong(
      `the tensors end at byte ${start + size}, but the file has ${bytes.length}; every byte must belong to one`,
    );
  return { entries, metadata, start };
}

function parse(bytes: Uint8Array): Record<string, unknown> {
  if (bytes[0] !== 0x7b) throw wrong('the header must begin with "{"; is it a safetensors file?');
  const text = wrapping("safetensors header", () =>
    new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes),
  );
  const fields = wrapping("safetensors header", () => JSON.parse(text) as Record<string, unknown>);
  const twice = firstDuplicateKey(text);
  if (twice !== undefined) throw wrong(`the header has the key "${twice}" twice in one object`);
  return fields;
}

function texts(value: unknown): Record<string, string> {
  if (!isObject(value)) throw wrong(`__metadata__ must be an object, got ${describe(value)}`);
  const found = Object.create(null) as Record<string, string>;
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string")
      throw wrong(`metadata are texts, but "${key}" is ${describe(text)}`);
    found[key] = text;
  }
  return found;
}

function entryOf(name: string, value: unknown): TensorEntry {
  const of = `tensor "${name}"`;
  if (!isObject(value)) throw wrong(`${of} must be described by an object, got ${describe(value)}`);
  const { dtype, shape, data_offsets: offsets } = value;
  const kind =
    typeof dtype === "string" && Object.hasOwn(kindOfName, dtype) ? kindOfName[dtype] : undefined;
  if (kind === undefined)
    throw wrong(
      `${of} has the type ${describe(dtype)}, which is none of ${Object.keys(kindOfName).join(", ")}`,
    );
  if (!isCounts(shape)) throw wrong(`${of} has a shape that is no list of whole numbers ≥ 0`);
  if (!isCounts(offsets) || offsets.length !== 2 || offsets[1] < offsets[0])
    throw wrong(`${of} has data_offsets that are not a begin and an end`);
  const [begin, end] = offsets;
  const size = countOf(shape) * BigInt(bytesOfKind(kind));
  if (size !== BigInt(end - begin))
    throw wrong(
      `${of} of type ${String(dtype)} and shape [${shape.join(", ")}] takes ${size} bytes, ` +
        `its data_offsets [${begin}, ${end}] give it ${end - begin}`,
    );
  return { name, kind, shape, begin, end };
}

/** No holes and nothing twice; returns where the last tensor ends. */
function assertSeamless(entries: readonly TensorEntry[]): number {
  let at = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== at)
      throw wrong(
        `tensor "${name}" begins at byte ${begin} of the data, where ${at} was expected; ` +
          `there is ${begin > at ? "a hole before it" : "an overlap with the one before"}`,
      );
    at = end;
  }
  return at;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && (n as number) >= 0);
