import { FormatError, ValueError } from "../../../base/errors.js";

/**
 * Bytes in whatever encoding, as UTF-8 without a byte order mark. Pieces go in as they come and come
 * out as far as they are complete.
 */
export interface Recoder {
  push(piece: Uint8Array): Uint8Array;
  end(): Uint8Array;
}

type Decoder = InstanceType<typeof TextDecoder>;

const empty = new Uint8Array(0);

export function recoder(encoding: string | undefined): Recoder {
  let decoder: Decoder | undefined;
  let begun = false;
  let held: Uint8Array = empty;
  const encoder = new TextEncoder();
  const recode = (bytes: Uint8Array, stream: boolean): Uint8Array => {
    if (decoder === undefined) return bytes;
    try {
      return encoder.encode(decoder.decode(bytes, { stream }));
    } catch (cause) {
      throw new FormatError(`CSV: the text is not in the encoding ${decoder.encoding}`, { cause });
    }
  };
  const begin = (bytes: Uint8Array): Uint8Array => {
    begun = true;
    const [a, b, c] = bytes;
    const marked =
      a === 0xff && b === 0xfe ? "utf-16le" : a === 0xfe && b === 0xff ? "utf-16be" : undefined;
    const wanted = marked ?? encoding;
    if (wanted !== undefined && !/^utf-?8$/i.test(wanted)) decoder = decoderFor(wanted);
    return a === 0xef && b === 0xbb && c === 0xbf ? bytes.subarray(3) : bytes;
  };
  return {
    push(piece) {
      if (begun) return recode(piece, true);
      held = held.length === 0 ? piece : concat([held, piece]);
      return held.length < 3 ? empty : recode(begin(held), true);
    },
    end: () => recode(begun ? empty : begin(held), false),
  };
}

function decoderFor(encoding: string): Decoder {
  try {
    return new TextDecoder(encoding, { fatal: true });
  } catch (cause) {
    throw new ValueError(`csv: the encoding ${JSON.stringify(encoding)} is not known here`, {
      cause,
    });
  }
}

const strict = new TextDecoder("utf-8", { fatal: true });

/** Throws unless the bytes are UTF-8: letters must not turn into question marks unseen. */
export function assertUtf8(bytes: Uint8Array): void {
  try {
    strict.decode(bytes);
  } catch (cause) {
    throw new FormatError(
      'CSV: the text is not UTF-8; say what it is, for example { encoding: "windows-1252" }',
      { cause },
    );
  }
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}
