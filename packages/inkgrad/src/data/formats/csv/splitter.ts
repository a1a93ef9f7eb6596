import { FormatError } from "../../../base/errors.js";
import { concat } from "./text.js";

/** Cuts text where rows end, so that the parser gets whole rows, a piece at a time. */
export interface Splitter {
  /** The rows that are complete by now. */
  push(piece: Uint8Array): Uint8Array;
  /** What is left. */
  end(): Uint8Array;
}

const [lineFeed, carriageReturn] = [10, 13];
const empty = new Uint8Array(0);

/**
 * A line ends a row if the number of quotes before it is even. That is exact for every text that the
 * parser accepts, for it refuses a quote within a value that is not quoted.
 */
export function splitter(quote: string | null, maxRowBytes: number): Splitter {
  const mark = quote === null ? -1 : quote.charCodeAt(0);
  let held: Uint8Array[] = [];
  let heldBytes = 0;
  let quoted = false;
  let afterReturn = false;
  return {
    push(piece) {
      let cut = -1;
      // Where no quotes are and lines end with line feeds, the last of them is found much faster.
      const plainCut =
        quoted || (mark >= 0 && piece.includes(mark)) ? 0 : piece.lastIndexOf(lineFeed) + 1;
      if (plainCut > 0) {
        cut = plainCut;
        afterReturn = piece.at(-1) === carriageReturn;
      }
      for (let i = 0; i < piece.length && plainCut === 0; i++) {
        const byte = piece[i];
        // A lone carriage return ends a row too, but what follows must be seen first.
        if (afterReturn && byte !== lineFeed) cut = i;
        afterReturn = byte === carriageReturn && !quoted;
        if (byte === mark) quoted = !quoted;
        else if (byte === lineFeed && !quoted) cut = i + 1;
      }
      if (cut < 0) {
        held.push(piece);
        heldBytes += piece.length;
        if (heldBytes > maxRowBytes) throw tooLong(maxRowBytes);
        return empty;
      }
      const rows = concat([...held, piece.subarray(0, cut)]);
      const rest = piece.subarray(cut);
      held = [rest];
      heldBytes = rest.length;
      if (heldBytes > maxRowBytes) throw tooLong(maxRowBytes);
      return rows;
    },
    end() {
      const rest = held.length === 0 ? empty : concat(held);
      held = [];
      return rest;
    },
  };
}

const tooLong = (maxRowBytes: number): FormatError =>
  new FormatError(
    `CSV: a row is longer than ${maxRowBytes} bytes; is a quote left open, or is it no CSV file? ` +
      "Raise maxRowBytes if it is meant, or pass { quote: null } if quotes are letters",
  );
