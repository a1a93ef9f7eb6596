/** Texts as rows of ids: characters, words, n-grams, byte pairs. */

export { bytePairTokenizer } from "./byte-pairs.js";
export type { BytePairOptions } from "./byte-pairs.js";
export { loadTokenizer } from "./load.js";
export type { CharacterOptions, NgramOptions, WordOptions } from "./pieces.js";
export { characterTokenizer, ngramTokenizer, wordTokenizer } from "./tokenizers.js";
export type {
  DecodeOptions,
  PadOptions,
  ReversibleTokenizer,
  TextBatch,
  Tokenizer,
  TokenizerState,
  VocabularyOptions,
} from "./types.js";
