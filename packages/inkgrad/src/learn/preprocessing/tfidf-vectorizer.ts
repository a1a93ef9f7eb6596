import { ValueError } from "../../base/errors.js";
import type { SparseRows } from "../input/sparse-rows.js";
import type { Features, Transformer } from "../types.js";
import { countTerms, type VocabularyOptions } from "./count-terms.js";
import {
  type FittedVectorizer,
  learnTerms,
  type TermState,
  vectorizer,
} from "./count-vectorizer.js";
import { type Norm, normalizeRows } from "./normalizer.js";
import { termsOf } from "./texts.js";

export interface TfidfVectorizerOptions extends VocabularyOptions {
  /** Which norm of a row becomes 1 (default "l2"); null: rows stay as long as they are. */
  readonly norm?: Norm | null;
  /** Weigh terms by how rare they are? Default true. */
  readonly idf?: boolean;
  /** Count as if a further text held every term, so that nothing is divided by 0? Default true. */
  readonly smoothIdf?: boolean;
  /** 1 + log(count) in the place of the count? Default false. */
  readonly sublinear?: boolean;
}

export interface FittedTfidfVectorizer extends FittedVectorizer {
  /** [terms] what counts are multiplied with; null without `idf`. */
  readonly idf: Float64Array | null;
}

interface TfidfVectorizerState extends TermState {
  readonly kind: "tfidfVectorizer";
  readonly norm: Norm | null;
  readonly sublinear: boolean;
  readonly idf: Float64Array | null;
}

/**
 * Counts of terms, weighed by log((1 + texts) / (1 + texts with the term)) + 1 and divided by the norm of
 * the row, as sparse rows.
 *
 * @throws ValueError  when fitting, if the texts hold no terms
 * @source scikit-learn `TfidfVectorizer`
 */
export const tfidfVectorizer = (
  options: TfidfVectorizerOptions = {},
): Transformer<FittedTfidfVectorizer> => ({
  kind: "tfidfVectorizer",
  options: { ...options },
  async fit(x: Features) {
    const op = "tfidfVectorizer.fit";
    const { norm = "l2", idf = true, smoothIdf = true, sublinear = false } = options;
    if (!["l1", "l2", "max", null].includes(norm))
      throw new ValueError(`${op}: norm must be "l1", "l2", "max" or null, got ${String(norm)}`);
    const { list, state } = learnTerms(x, options, op);
    const columns = new Map(state.terms.map((term, i) => [term, i]));
    const weights = idf
      ? idfOf(countTerms(list, columns, termsOf(options, op), true), Number(smoothIdf))
      : null;
    const more = { norm, sublinear, idf: weights };
    return restoreTfidfVectorizer({ ...state, ...more, kind: "tfidfVectorizer" });
  },
});

function idfOf({ rows, columns, indices }: SparseRows, more: number): Float64Array {
  const texts = new Float64Array(columns);
  for (const column of indices) texts[column]++;
  // A term of a given vocabulary that no text has is as rare as one that a single text has.
  return texts.map((count) => Math.log((rows + more) / Math.max(1, count + more)) + 1);
}

export function restoreTfidfVectorizer(state: TfidfVectorizerState): FittedTfidfVectorizer {
  const { norm, sublinear, idf } = state;
  const finish = (counts: SparseRows): SparseRows => {
    const values = counts.values.map((count, i) => {
      const value = sublinear ? Math.log(count) + 1 : count;
      return idf === null ? value : value * idf[counts.indices[i]];
    });
    if (norm !== null) normalizeRows(counts, values, norm);
    return { ...counts, values };
  };
  return { ...vectorizer(state, finish), idf };
}
