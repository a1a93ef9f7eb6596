import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { tensorAround } from "../rows.js";
import type { PadOptions, TextBatch } from "./types.js";

/**
 * Rows of ids as a tensor: longer ones cut, shorter ones filled up with id 0.
 *
 * @throws ValueError  for a length that is none, or a row that is too long where that is an error
 */
export function padded(rows: readonly (readonly number[])[], options: PadOptions = {}): TextBatch {
  const { truncate = "end", pad = "end" } = options;
  const length = options.length ?? rows.reduce((most, row) => Math.max(most, row.length), 1);
  if (!Number.isInteger(length) || length < 1)
    throw new ValueError(`tokenizer: the length must be a whole number ≥ 1, got ${length}`);
  if (!["end", "start", "error"].includes(truncate))
    throw new ValueError(
      `tokenizer: truncate must be "end", "start" or "error", got ${describe(truncate)}`,
    );
  if (!["end", "start"].includes(pad))
    throw new ValueError(`tokenizer: pad must be "end" or "start", got ${describe(pad)}`);
  const ids = new Int32Array(rows.length * length);
  const mask = new Uint8Array(rows.length * length);
  rows.forEach((row, i) => {
    if (row.length > length && truncate === "error")
      throw new ValueError(
        `tokenizer: text ${i} has ${row.length} ids, more than the length of ${length}; ` +
          'allow more, or cut it with truncate: "end"',
      );
    const kept = truncate === "start" ? row.slice(-length) : row.slice(0, length);
    const at = i * length + (pad === "start" ? length - kept.length : 0);
    ids.set(kept, at);
    mask.fill(1, at, at + kept.length);
  });
  const shape = [rows.length, length];
  return {
    ids: tensorAround(ids, shape, "i32") as TextBatch["ids"],
    mask: tensorAround(mask, shape, "bool") as TextBatch["mask"],
  };
}
