import type { Tensor } from "../../tensor/tensor.js";

export interface PadOptions {
  /** Ids in each row (default: as many as the longest text has, at least 1). */
  readonly length?: number;
  /** Which ids of a longer text go (default "end"); "error" throws instead. */
  readonly truncate?: "end" | "start" | "error";
  /** On which side a shorter text is filled up (default "end"). */
  readonly pad?: "end" | "start";
}

/** Texts as rows of equal length. */
export interface TextBatch {
  /** [n, length] */
  readonly ids: Tensor<[number, number], "i32">;
  /** [n, length]: true where there is text, false where there is padding. */
  readonly mask: Tensor<[number, number], "bool">;
}

export interface DecodeOptions {
  /** Are special tokens written, by their names? (default false: they are left out) */
  readonly specials?: boolean;
}

/** Turns texts into ids. Special tokens have the first ids, padding id 0. */
export interface Tokenizer {
  readonly kind: "characters" | "words" | "ngrams" | "bytePairs";
  /** How many ids there are. */
  readonly size: number;
  /** Names of the special tokens, by id. */
  readonly specials: readonly string[];
  readonly padId: 0;
  /** The id of what is not in the vocabulary; null where everything is. */
  readonly unknownId: number | null;
  readonly encode: (text: string) => number[];
  /** Each text encoded and made as long as the others. @throws ValueError  for a text too long */
  readonly batch: (texts: readonly string[], options?: PadOptions) => TextBatch;
  /** The id of a token or a special one, undefined if there is none. */
  readonly idOf: (token: string) => number | undefined;
  /** What an id stands for. @throws IndexError  if there is no such id */
  readonly tokenOf: (id: number) => string;
  /** For `loadTokenizer`. */
  readonly toJSON: () => TokenizerState;
}

/** A tokenizer whose ids can be made text again. */
export interface ReversibleTokenizer extends Tokenizer {
  /** @throws IndexError  for an id that there is not */
  readonly decode: (ids: Tensor | ArrayLike<number>, options?: DecodeOptions) => string;
}

export interface VocabularyOptions {
  /** Tokens that occur less often become unknown (default 1). */
  readonly minCount?: number;
  /** The most ids there may be, the special tokens' included; the rarest tokens go. */
  readonly maxSize?: number;
  /** Special tokens after padding and unknown, as "<start>". */
  readonly specials?: readonly string[];
}

/** What tokenizers are saved as. */
export type TokenizerState =
  | {
      readonly version: 1;
      readonly kind: "characters" | "words" | "ngrams";
      readonly options: { readonly [name: string]: unknown };
      readonly specials: readonly string[];
      readonly tokens: readonly string[];
    }
  | {
      readonly version: 1;
      readonly kind: "bytePairs";
      readonly specials: readonly string[];
      readonly merges: readonly (readonly [number, number])[];
    };
