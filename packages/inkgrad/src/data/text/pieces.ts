import { ValueError } from "../../base/errors.js";

/** Texts in pieces. */

export interface CharacterOptions {
  /** Are capitals made small? (default false) */
  readonly lowercase?: boolean;
}

export interface WordOptions {
  /** Are capitals made small? (default true) */
  readonly lowercase?: boolean;
  /** Do marks such as commas count, each as a word of its own? (default true) */
  readonly punctuation?: boolean;
}

export interface NgramOptions {
  /** What is counted (default "characters"). */
  readonly of?: "characters" | "words";
  /** How many in a row, at least (default 1) … */
  readonly min?: number;
  /** … and at most (default: `min`). */
  readonly max?: number;
  /** Default: false for characters, true for words. */
  readonly lowercase?: boolean;
  readonly punctuation?: boolean;
}

/** Code points; half of a surrogate pair counts as one. */
export const charactersIn = (text: string, { lowercase = false }: CharacterOptions): string[] =>
  Array.from(lowercase ? text.toLowerCase() : text);

/**
 * Letters with their marks and digits, also across an apostrophe or a hyphen ("don't", "well-kept");
 * anything else that is not white space by itself.
 */
const word = /[\p{L}\p{M}\p{N}_]+(?:['’-][\p{L}\p{M}\p{N}_]+)*|[^\s]/gu;
const wordy = /^[\p{L}\p{M}\p{N}_]/u;

export function wordsIn(
  text: string,
  { lowercase = true, punctuation = true }: WordOptions,
): string[] {
  const found: string[] = (lowercase ? text.toLowerCase() : text).match(word) ?? [];
  return punctuation ? found : found.filter((piece) => wordy.test(piece));
}

/** Every run of `min` to `max` pieces, by where it begins and then by its length. */
export function ngramsIn(text: string, options: NgramOptions): string[] {
  const { of = "characters", min = 1, max = min } = options;
  const pieces = of === "words" ? wordsIn(text, options) : charactersIn(text, options);
  const glue = of === "words" ? " " : "";
  const out: string[] = [];
  for (let i = 0; i < pieces.length; i++)
    for (let n = min; n <= max && i + n <= pieces.length; n++)
      out.push(pieces.slice(i, i + n).join(glue));
  return out;
}

export function requireNgrams({ of = "characters", min = 1, max = min }: NgramOptions): void {
  if (of !== "characters" && of !== "words")
    throw new ValueError(`ngramTokenizer: of must be "characters" or "words", got ${String(of)}`);
  if (!Number.isInteger(min) || !Number.isInteger(max) || min < 1 || max < min)
    throw new ValueError(
      `ngramTokenizer: min and max must be whole numbers with 1 ≤ min ≤ max, got ${min} and ${max}`,
    );
}
