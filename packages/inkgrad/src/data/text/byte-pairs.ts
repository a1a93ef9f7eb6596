import { FormatError, ValueError } from "../../base/errors.js";
import { fromBytes, toBytes } from "./bytes.js";
import { padded } from "./padded.js";
import { idsIn, specialId } from "./tokenizers.js";
import { joined, type Pair, trainPairs } from "./train-pairs.js";
import type { ReversibleTokenizer } from "./types.js";
import { requireId, specialTokens } from "./vocabulary.js";

export interface BytePairOptions {
  /**
   * The most ids there may be: 256 for the bytes, the special tokens', and one for each pair that is
   * joined (default 1024).
   */
  readonly size?: number;
  /** Pairs that occur less often are not joined (default 2). */
  readonly minCount?: number;
  /** Special tokens after padding, as "<start>". */
  readonly specials?: readonly string[];
}

/**
 * A tokenizer whose tokens are sequences of bytes that are frequent in `texts`. Every text can be
 * encoded and comes back exactly, for what is not frequent is spelt in bytes. Tokens do not reach
 * beyond a word with the space before it.
 *
 * @throws ValueError  if the size leaves no room for the bytes
 * @source Radford et al., "Language models are unsupervised multitask learners", 2019 (byte level)
 */
export function bytePairTokenizer(
  texts: Iterable<string>,
  { size = 1024, minCount = 2, specials = [] }: BytePairOptions = {},
): ReversibleTokenizer {
  const all = specialTokens(specials, ["<pad>"]);
  if (!Number.isInteger(size) || size < 256 + all.length || size > 2 ** 20)
    throw new ValueError(
      `bytePairTokenizer: the size must be a whole number from ${256 + all.length} (the bytes and the ` +
        `special tokens) to 2²⁰, got ${size}`,
    );
  const counts = new Map<string, number>();
  for (const text of texts)
    for (const chunk of chunksOf(text)) counts.set(chunk, (counts.get(chunk) ?? 0) + 1);
  const chunks = Array.from(counts, ([chunk, n]) => [toBytes(chunk), n] as const);
  return bytePairs(all, trainPairs(chunks, size - 256 - all.length, minCount));
}

/**
 * Letters, digits or other signs with a space before them, or white space. At most 64 in one, so that
 * the time for a text grows with its length, whatever it is.
 */
const chunk = / ?[\p{L}\p{M}]{1,64}| ?\p{N}{1,64}| ?[^\s\p{L}\p{M}\p{N}]{1,64}|\s{1,64}(?!\S)|\s/gu;

const chunksOf = (text: string): string[] => text.match(chunk) ?? [];

/** How many chunks' ids are remembered. */
const remembered = 20_000;

export function bytePairs(
  specials: readonly string[],
  merges: readonly Pair[],
): ReversibleTokenizer {
  const first = specials.length;
  const size = first + 256 + merges.length;
  const ranks = new Map<string, number>();
  const bytes: number[][] = Array.from({ length: 256 }, (_, byte) => [byte]);
  merges.forEach(([a, b], k) => {
    if (bytes[a] === undefined || bytes[b] === undefined)
      throw new FormatError(
        `bytePairs: pair ${k} joins ${a} and ${b}, and there are only ${bytes.length} tokens by then`,
      );
    ranks.set(`${a} ${b}`, k);
    bytes.push([...bytes[a], ...bytes[b]]);
  });
  const known = new Map<string, number[]>();

  /** Joins pairs in the order in which they were learnt. */
  const merged = (text: string): number[] => {
    let tokens = toBytes(text);
    for (;;) {
      let best = Infinity;
      for (let i = 1; i < tokens.length; i++)
        best = Math.min(best, ranks.get(`${tokens[i - 1]} ${tokens[i]}`) ?? Infinity);
      if (best === Infinity) return tokens.map((token) => first + token);
      tokens = joined(tokens, merges[best], 256 + best);
    }
  };
  const encode = (text: string): number[] =>
    chunksOf(text).flatMap((part) => {
      const before = known.get(part);
      if (before !== undefined) return before;
      const ids = merged(part);
      if (known.size >= remembered) known.clear();
      known.set(part, ids);
      return ids;
    });

  return {
    kind: "bytePairs",
    size,
    specials,
    padId: 0,
    unknownId: null,
    encode,
    batch: (texts, how) => padded(texts.map(encode), how),
    decode(ids, { specials: written = false } = {}) {
      const parts: number[] = [];
      for (const id of idsIn(ids)) {
        requireId(id, size);
        if (id >= first) for (const byte of bytes[id - first]) parts.push(byte);
        else if (written) for (const byte of toBytes(specials[id])) parts.push(byte);
      }
      return fromBytes(parts);
    },
    idOf(token) {
      const ids = encode(token);
      return ids.length === 1 ? ids[0] : specialId(specials, token);
    },
    tokenOf(id) {
      requireId(id, size);
      return id < first ? specials[id] : fromBytes(bytes[id - first]);
    },
    toJSON: () => ({ version: 1, kind: "bytePairs", specials, merges }),
  };
}
