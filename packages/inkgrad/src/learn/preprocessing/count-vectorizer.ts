import { ValueError } from "../../base/errors.js";
import { denseOf, requireColumns } from "../input/matrix.js";
import { isSparse, type SparseRows } from "../input/sparse-rows.js";
import type { State } from "../saving/state.js";
import type { Features, FittedTransformer, Matrix, Transformer } from "../types.js";
import { countTerms, type VocabularyOptions, vocabularyOf } from "./count-terms.js";
import { type TermOptions, termsOf, textsOf } from "./texts.js";

export type CountVectorizerOptions = VocabularyOptions;

export interface FittedVectorizer extends FittedTransformer {
  /** The terms, in order of the columns. */
  readonly terms: readonly string[];
  transform(x: Features): SparseRows;
  /** The terms of each text, without order. */
  inverseTransform(x: Matrix): string[][];
}

/** What cutting and counting need, as plain data. */
export interface TermState extends State {
  readonly names: readonly string[] | null;
  readonly terms: readonly string[];
  readonly cut: Required<Omit<TermOptions, "tokenPattern">> & {
    readonly tokenPattern: string | null;
  };
  readonly binary: boolean;
}

interface CountVectorizerState extends TermState {
  readonly kind: "countVectorizer";
}

/**
 * How often each term occurs in each text, as sparse rows. Texts are a list, a table of one column, or
 * rows of one text; terms that were not there when fitting are passed over.
 *
 * @throws ValueError  when fitting, if the texts hold no terms
 * @source scikit-learn `CountVectorizer`
 */
export const countVectorizer = (
  options: CountVectorizerOptions = {},
): Transformer<FittedVectorizer> => ({
  kind: "countVectorizer",
  options: { ...options },
  async fit(x: Features) {
    const { state } = learnTerms(x, options, "countVectorizer.fit");
    return restoreCountVectorizer({ ...state, kind: "countVectorizer" });
  },
});

/** The terms of texts, and the texts. */
export function learnTerms(x: Features, options: VocabularyOptions, op: string) {
  const { list, names } = textsOf(x, op);
  if (list.length === 0) throw new ValueError(`${op}: there are no rows to learn from`);
  termsOf(options, op);
  const { lowercase = true, stripAccents = false, analyzer = "word" } = options;
  const { ngrams = [1, 1] as const, stopWords = [], tokenPattern = null } = options;
  const cut = { lowercase, stripAccents, analyzer, ngrams, stopWords, tokenPattern };
  const terms = vocabularyOf(list, options, op);
  return { list, state: { names, terms, cut, binary: options.binary ?? false } };
}

export const restoreCountVectorizer = (state: CountVectorizerState): FittedVectorizer =>
  vectorizer(state, (counts) => counts);

/** Terms counted, and the counts made into something. */
export function vectorizer<S extends TermState>(
  state: S,
  finish: (counts: SparseRows) => SparseRows,
): FittedVectorizer & { readonly state: S } {
  const { names, terms, binary } = state;
  const cut = termsOf(
    { ...state.cut, tokenPattern: state.cut.tokenPattern ?? undefined },
    state.kind,
  );
  const columns = new Map(terms.map((term, i) => [term, i]));
  return {
    state,
    features: 1,
    featureNames: names,
    terms,
    outputNames: terms,
    transform: (x) => {
      requireColumns(x, { featureNames: names }, `${state.kind}.transform`);
      const { list } = textsOf(x, `${state.kind}.transform`);
      return finish(countTerms(list, columns, cut, binary));
    },
    inverseTransform: (x) => {
      const like = { features: terms.length, featureNames: null };
      if (isSparse(x) && x.columns === terms.length)
        return Array.from({ length: x.rows }, (_, row) =>
          Array.from(x.indices.subarray(x.starts[row], x.starts[row + 1]))
            .filter((_, i) => x.values[x.starts[row] + i] !== 0)
            .map((k) => terms[k]),
        );
      const { rows, values } = denseOf(x, `${state.kind}.inverseTransform`, { like });
      return Array.from({ length: rows }, (_, row) =>
        terms.filter((_, k) => values[row * terms.length + k] !== 0),
      );
    },
  };
}
