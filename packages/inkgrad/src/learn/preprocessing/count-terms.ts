import { ValueError } from "../../base/errors.js";
import { type SparseRows, sparseBuilder } from "../input/sparse-rows.js";
import { type TermOptions, termsOf } from "./texts.js";

export interface VocabularyOptions extends TermOptions {
  /** Terms of fewer texts are left out: a count from 1, or a share of the texts below 1 (default 1). */
  readonly minDf?: number;
  /** Terms of more texts are left out: a count from 1, or a share of the texts below 1 (default: none). */
  readonly maxDf?: number;
  /** Only so many terms, those that occur most often. */
  readonly maxFeatures?: number;
  /** The terms, in order of the columns (default: those that occur, sorted). */
  readonly vocabulary?: readonly string[];
  /** Does a term count once for each text? Default false. */
  readonly binary?: boolean;
}

/** The terms that columns stand for. @throws ValueError  if there are none */
export function vocabularyOf(
  texts: readonly string[],
  options: VocabularyOptions,
  op: string,
): readonly string[] {
  const { vocabulary, minDf = 1, maxDf, maxFeatures } = options;
  if (vocabulary !== undefined) {
    if (vocabulary.length === 0 || new Set(vocabulary).size !== vocabulary.length)
      throw new ValueError(`${op}: the vocabulary must have terms, each once`);
    return vocabulary;
  }
  for (const [name, value] of Object.entries({ minDf, maxDf, maxFeatures }))
    if (value !== undefined && !(value > 0))
      throw new ValueError(`${op}: ${name} must be above 0, got ${value}`);
  const least = minDf < 1 ? minDf * texts.length : minDf;
  const most = maxDf === undefined ? Infinity : maxDf < 1 ? maxDf * texts.length : maxDf;
  if (most < least) throw new ValueError(`${op}: maxDf allows fewer texts than minDf demands`);
  const cut = termsOf(options, op);
  const found = new Map<string, { texts: number; times: number; last: number }>();
  texts.forEach((text, row) => {
    for (const term of cut(text)) {
      const one = found.get(term) ?? { texts: 0, times: 0, last: -1 };
      if (one.last !== row) {
        one.texts++;
        one.last = row;
      }
      one.times++;
      found.set(term, one);
    }
  });
  if (found.size === 0)
    throw new ValueError(`${op}: the texts hold no terms; all may be stop words or too short`);
  const times = (term: string): number =>
    options.binary === true ? found.get(term)!.texts : found.get(term)!.times;
  let terms = [...found.keys()]
    .filter((term) => found.get(term)!.texts >= least && found.get(term)!.texts <= most)
    .sort();
  if (terms.length === 0)
    throw new ValueError(`${op}: no term is left; lower minDf or raise maxDf`);
  if (maxFeatures !== undefined && maxFeatures < terms.length)
    terms = terms
      .sort((a, b) => times(b) - times(a) || (a < b ? -1 : 1))
      .slice(0, maxFeatures)
      .sort();
  return terms;
}

/** How often each term occurs in each text: sparse rows [texts, terms]. */
export function countTerms(
  texts: readonly string[],
  terms: ReadonlyMap<string, number>,
  cut: (text: string) => string[],
  binary: boolean,
): SparseRows {
  const out = sparseBuilder(terms.size);
  for (const text of texts) {
    const counts = new Map<number, number>();
    for (const term of cut(text)) {
      const column = terms.get(term);
      if (column !== undefined) counts.set(column, (counts.get(column) ?? 0) + 1);
    }
    for (const column of [...counts.keys()].sort((a, b) => a - b))
      out.add(column, binary ? 1 : counts.get(column)!);
    out.endRow();
  }
  return out.build();
}
