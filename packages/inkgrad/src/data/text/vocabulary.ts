import { IndexError, ValueError } from "../../base/errors.js";
import type { VocabularyOptions } from "./types.js";

/** Tokens and their numbers. */
export interface Vocabulary {
  readonly specials: readonly string[];
  readonly tokens: readonly string[];
  readonly size: number;
  /** Ordinary tokens only: what looks like a special one in a text is text. */
  readonly idOf: (token: string) => number | undefined;
  readonly tokenOf: (id: number) => string;
}

const padding = "<pad>";
const unknown = "<unk>";

/**
 * The tokens that occur, the most frequent first and of equally frequent ones that with the lower
 * characters' codes, after the special ones.
 */
export function vocabularyOf(
  texts: Iterable<Iterable<string>>,
  { minCount = 1, maxSize = Infinity, specials = [] }: VocabularyOptions,
): Vocabulary {
  const all = specialTokens(specials, [padding, unknown]);
  if (!(minCount >= 1)) throw new ValueError(`vocabulary: minCount must be ≥ 1, got ${minCount}`);
  if (!(maxSize >= all.length))
    throw new ValueError(
      `vocabulary: maxSize must leave room for ${all.length} special tokens, got ${maxSize}`,
    );
  const counts = new Map<string, number>();
  for (const tokens of texts)
    for (const token of tokens) counts.set(token, (counts.get(token) ?? 0) + 1);
  const kept = [...counts]
    .filter(([, count]) => count >= minCount)
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .slice(0, maxSize - all.length)
    .map(([token]) => token);
  return vocabulary(all, kept);
}

/** @throws ValueError  if a special token is there twice, or has no name */
export function specialTokens(own: readonly string[], first: readonly string[]): string[] {
  const all = [...first, ...own];
  if (new Set(all).size !== all.length || all.some((s) => typeof s !== "string" || s === ""))
    throw new ValueError(
      `vocabulary: special tokens must have names of their own, got ${JSON.stringify(all)}`,
    );
  return all;
}

export function vocabulary(specials: readonly string[], tokens: readonly string[]): Vocabulary {
  const numbers = new Map(tokens.map((token, i) => [token, specials.length + i]));
  const size = specials.length + tokens.length;
  return {
    specials,
    tokens,
    size,
    idOf: (token) => numbers.get(token),
    tokenOf(id) {
      requireId(id, size);
      return id < specials.length ? specials[id] : tokens[id - specials.length];
    },
  };
}

export function requireId(id: number, size: number): void {
  if (!(Number.isInteger(id) && id >= 0 && id < size))
    throw new IndexError(`tokenizer: there is no id ${id}, only 0 to ${size - 1}`);
}
