import { FormatError } from "../../base/errors.js";
import { cutShort, latin1, startsWith, viewOf } from "./bytes.js";
import type { Kind } from "./elements.js";

/**
 * The header of an NPY file: a magic, a version, the length of the rest, and a Python dictionary.
 *
 * @source NumPy, `numpy.lib.format`, versions 1.0 to 3.0
 */
export interface NpyHeader {
  readonly kind: Kind;
  readonly littleEndian: boolean;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the elements begin. */
  readonly start: number;
}

const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
export const isNpy = (bytes: Uint8Array): boolean => startsWith(bytes, magic);

/** A header is some hundred bytes; NumPy refuses more than this as well. */
const maxHeaderBytes = 10_000;
/** As many axes as NumPy has. */
const maxRank = 64;

export function decodeHeader(bytes: Uint8Array): NpyHeader {
  if (bytes.length < 10) throw cutShort("NPY header", 10, bytes.length);
  if (!isNpy(bytes))
    throw new FormatError('NPY: the file does not begin with "\\x93NUMPY"; is it an .npy file?');
  const [major, minor] = [bytes[6], bytes[7]];
  if (major < 1 || major > 3 || minor !== 0)
    throw new FormatError(`NPY: version ${major}.${minor} is not known; 1.0, 2.0 and 3.0 are`);
  const first = major === 1 ? 10 : 12;
  if (bytes.length < first) throw cutShort("NPY header", first, bytes.length);
  const view = viewOf(bytes);
  const length = major === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maxHeaderBytes)
    throw new FormatError(
      `NPY: the header claims ${length} bytes, more than the ${maxHeaderBytes} that are allowed`,
    );
  const start = first + length;
  if (bytes.length < start) throw cutShort("NPY header", start, bytes.length);
  return { ...parse(latin1(bytes.subarray(first, start))), start };
}

const entry = {
  descr: /^'descr'\s*:\s*(?:'([^']*)'|"([^"]*)"|(\[))/,
  fortran_order: /^'fortran_order'\s*:\s*(True|False)/,
  // Python 2 wrote long integers with an L.
  shape: /^'shape'\s*:\s*\(((?:\s*\d{1,16}L?\s*,)*(?:\s*\d{1,16}L?)?\s*)\)/,
};
type Key = keyof typeof entry;

function parse(text: string): Omit<NpyHeader, "start"> {
  let rest = text.trim();
  if (!rest.startsWith("{") || !rest.endsWith("}")) throw notADictionary(text);
  rest = rest.slice(1, -1).trim();
  const found = new Map<Key, RegExpExecArray>();
  while (rest !== "") {
    const key = (Object.keys(entry) as Key[]).find((name) => rest.startsWith(`'${name}'`));
    const match = key === undefined ? null : entry[key].exec(rest);
    if (key === undefined || match === null || found.has(key)) throw notADictionary(text);
    found.set(key, match);
    rest = rest.slice(match[0].length).trim();
    if (rest.startsWith(",")) rest = rest.slice(1).trim();
    else if (rest !== "") {
      if (match[3] === "[") throw unknownType("a structured type");
      throw notADictionary(text);
    }
  }
  const [descr, order, shape] = [
    found.get("descr"),
    found.get("fortran_order"),
    found.get("shape"),
  ];
  if (descr === undefined || order === undefined || shape === undefined) throw notADictionary(text);
  const sizes = shape[1]
    .split(",")
    .map((size) => size.trim())
    .filter((size) => size !== "")
    .map((size) => Number(size.replace("L", "")));
  if (sizes.length > maxRank)
    throw new FormatError(
      `NPY: the shape has ${sizes.length} axes, at most ${maxRank} are allowed`,
    );
  if (!sizes.every(Number.isSafeInteger))
    throw new FormatError(`NPY: the shape (${shape[1]}) has sizes that no array can have`);
  return { ...typeOf(descr[1] ?? descr[2]), fortranOrder: order[1] === "True", shape: sizes };
}

const notADictionary = (text: string): FormatError =>
  new FormatError(
    "NPY: the header must be a dictionary of descr, fortran_order and shape, got " +
      JSON.stringify(text.length > 100 ? `${text.slice(0, 100)}…` : text),
  );

const kindOfCode: Readonly<Record<string, Kind>> = {
  b1: "bool",
  i1: "i8",
  u1: "u8",
  i2: "i16",
  u2: "u16",
  i4: "i32",
  u4: "u32",
  i8: "i64",
  u8: "u64",
  f2: "f16",
  f4: "f32",
  f8: "f64",
};

function typeOf(descr: string | undefined): { kind: Kind; littleEndian: boolean } {
  const order = descr?.[0] ?? "";
  const code = descr?.slice(1) ?? "";
  const kind = Object.hasOwn(kindOfCode, code) ? kindOfCode[code] : undefined;
  if (kind === undefined || !"<>|=".includes(order)) throw unknownType(`the type '${descr}'`);
  return { kind, littleEndian: order !== ">" };
}

const unknownType = (type: string): FormatError =>
  new FormatError(
    `NPY: ${type} is none of bool, integers of 8 to 64 bits, and floats of 16 to 64; convert it ` +
      "before saving, for example with array.astype(numpy.float32)",
  );

/** A header of version 1.0, padded so that the elements begin at a multiple of 64. */
export function encodeHeader(descr: string, shape: readonly number[]): Uint8Array<ArrayBuffer> {
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(", ");
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64;
  const out = new Uint8Array(length).fill(0x20);
  out.set([...magic, 1, 0]);
  viewOf(out).setUint16(8, length - 10, true);
  for (let i = 0; i < text.length; i++) out[10 + i] = text.charCodeAt(i);
  out[length - 1] = 0x0a;
  return out;
}
