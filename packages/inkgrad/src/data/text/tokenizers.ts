import { elementsOf } from "../../tensor/operand.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import { padded } from "./padded.js";
import {
  type CharacterOptions,
  charactersIn,
  type NgramOptions,
  ngramsIn,
  requireNgrams,
  type WordOptions,
  wordsIn,
} from "./pieces.js";
import type { ReversibleTokenizer, Tokenizer, VocabularyOptions } from "./types.js";
import { type Vocabulary, vocabularyOf } from "./vocabulary.js";

/** Tokenizers whose tokens are pieces of the text, found by a rule. */

/** The id of what is not known: after padding. */
const unknownId = 1;

/**
 * One token for each character (Unicode code point). Decoding gives back the text, with U+FFFD for
 * characters that are not in the vocabulary.
 *
 * @param texts  what the vocabulary is made from
 */
export const characterTokenizer = (
  texts: Iterable<string>,
  options: CharacterOptions & VocabularyOptions = {},
): ReversibleTokenizer =>
  characters(vocabularyOf(each(texts, charactersIn, options), options), plain(options));

/**
 * One token for each word: letters, digits and what joins them, and each other mark by itself; small
 * letters unless told otherwise. Decoding puts one space between tokens, and "<unk>" for what is not
 * in the vocabulary.
 */
export const wordTokenizer = (
  texts: Iterable<string>,
  options: WordOptions & VocabularyOptions = {},
): ReversibleTokenizer =>
  words(vocabularyOf(each(texts, wordsIn, options), options), plain(options));

/** One token for each run of characters or words; runs overlap, so that there is no way back. */
export function ngramTokenizer(
  texts: Iterable<string>,
  options: NgramOptions & VocabularyOptions = {},
): Tokenizer {
  requireNgrams(options);
  return ngrams(vocabularyOf(each(texts, ngramsIn, options), options), plain(options));
}

export const characters = (v: Vocabulary, options: CharacterOptions): ReversibleTokenizer => ({
  ...tokenizer("characters", v, { ...options }, (text) => charactersIn(text, options)),
  decode: (ids, { specials = false } = {}) =>
    tokensFrom(v, ids, specials)
      .map(({ id, token }) => (id === unknownId && !specials ? "\ufffd" : token))
      .join(""),
});

export const words = (v: Vocabulary, options: WordOptions): ReversibleTokenizer => ({
  ...tokenizer("words", v, { ...options }, (text) => wordsIn(text, options)),
  decode: (ids, { specials = false } = {}) =>
    tokensFrom(v, ids, specials)
      .map(({ token }) => token)
      .join(" "),
});

export const ngrams = (v: Vocabulary, options: NgramOptions): Tokenizer =>
  tokenizer("ngrams", v, { ...options }, (text) => ngramsIn(text, options));

function* each<O>(
  texts: Iterable<string>,
  cut: (text: string, options: O) => string[],
  options: O,
): Generator<string[]> {
  for (const text of texts) yield cut(text, options);
}

/** What says how texts are cut, without what the vocabulary was made by. */
const plain = <O extends VocabularyOptions>({
  minCount: _,
  maxSize: __,
  specials: ___,
  ...cut
}: O): Omit<O, keyof VocabularyOptions> => cut;

function tokenizer(
  kind: "characters" | "words" | "ngrams",
  v: Vocabulary,
  options: { readonly [name: string]: unknown },
  cut: (text: string) => string[],
): Tokenizer {
  const encode = (text: string): number[] => cut(text).map((token) => v.idOf(token) ?? unknownId);
  return {
    kind,
    size: v.size,
    specials: v.specials,
    padId: 0,
    unknownId,
    encode,
    batch: (texts, how) => padded(texts.map(encode), how),
    idOf: (token) => v.idOf(token) ?? specialId(v.specials, token),
    tokenOf: v.tokenOf,
    toJSON: () => ({ version: 1, kind, options, specials: v.specials, tokens: v.tokens }),
  };
}

export function specialId(specials: readonly string[], token: string): number | undefined {
  const at = specials.indexOf(token);
  return at < 0 ? undefined : at;
}

export const idsIn = (ids: Tensor | ArrayLike<number>): number[] =>
  Array.from(isTensor(ids) ? elementsOf(ids.node) : ids);

/** The tokens; special ones, but for the unknown, only if they are asked for. */
const tokensFrom = (
  v: Vocabulary,
  ids: Tensor | ArrayLike<number>,
  specials: boolean,
): { id: number; token: string }[] =>
  idsIn(ids)
    .map((id) => ({ id, token: v.tokenOf(id) }))
    .filter(({ id }) => specials || id >= v.specials.length || id === unknownId);
