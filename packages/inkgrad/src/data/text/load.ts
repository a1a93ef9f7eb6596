import { FormatError } from "../../base/errors.js";
import { bytePairs } from "./byte-pairs.js";
import { requireNgrams } from "./pieces.js";
import { characters, ngrams, words } from "./tokenizers.js";
import type { ReversibleTokenizer, Tokenizer, TokenizerState } from "./types.js";
import { vocabulary } from "./vocabulary.js";

/**
 * A tokenizer from what its `toJSON` gave, or that as text.
 *
 * @throws FormatError  if it is something else
 */
export function loadTokenizer(saved: TokenizerState | string): Tokenizer | ReversibleTokenizer {
  const state = checked(typeof saved === "string" ? parsed(saved) : saved);
  if (state.kind === "bytePairs") return bytePairs(state.specials, state.merges);
  const { options } = state;
  const known = vocabulary(state.specials, state.tokens);
  if (state.kind === "characters") return characters(known, options);
  if (state.kind === "words") return words(known, options);
  requireNgrams(options);
  return ngrams(known, options);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new FormatError("loadTokenizer: the text is not JSON", { cause });
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const areNames = (value: unknown): value is string[] =>
  Array.isArray(value) &&
  value.every((name) => typeof name === "string") &&
  new Set(value).size === value.length;

const arePairs = (value: unknown): boolean =>
  Array.isArray(value) &&
  value.every(
    (pair) =>
      Array.isArray(pair) && pair.length === 2 && pair.every((n) => Number.isInteger(n) && n >= 0),
  );

function checked(state: unknown): TokenizerState {
  const fail = (what: string): never => {
    throw new FormatError(`loadTokenizer: expected what a tokenizer's toJSON gave; ${what}`);
  };
  if (!isObject(state)) return fail("it is no object");
  const { version, kind, specials, tokens, merges, options } = state;
  if (version !== 1) fail(`its version is ${JSON.stringify(version)}, not 1`);
  const least = kind === "bytePairs" ? 1 : 2;
  if (!areNames(specials) || specials.length < least)
    fail("its special tokens are no list of different names");
  if (kind === "bytePairs") {
    if (!arePairs(merges)) fail("its merges are no list of pairs of numbers");
  } else if (kind === "characters" || kind === "words" || kind === "ngrams") {
    if (!areNames(tokens)) fail("its tokens are no list of different strings");
    if (!isObject(options)) fail("its options are missing");
  } else fail(`its kind is ${JSON.stringify(kind)}`);
  return state as unknown as TokenizerState;
}
