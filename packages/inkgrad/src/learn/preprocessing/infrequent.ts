import { ValueError } from "../../base/errors.js";

/** Categories that are too rare for a column of their own. */

export interface FrequencyOptions {
  readonly minFrequency?: number;
  readonly maxCategories?: number;
}

export function requireFrequencies(
  { minFrequency, maxCategories }: FrequencyOptions,
  op: string,
): void {
  if (minFrequency !== undefined && !(minFrequency > 0))
    throw new ValueError(
      `${op}: minFrequency must be a count from 1 on or a share below 1, got ${minFrequency}`,
    );
  if (maxCategories !== undefined && !(Number.isInteger(maxCategories) && maxCategories >= 1))
    throw new ValueError(`${op}: maxCategories must be a whole number ≥ 1, got ${maxCategories}`);
}

/** The numbers of the categories that are infrequent, ascending. */
export function infrequentOf(
  counts: readonly number[],
  rows: number,
  { minFrequency, maxCategories }: FrequencyOptions,
): number[] {
  const least =
    minFrequency === undefined ? 0 : minFrequency < 1 ? minFrequency * rows : minFrequency;
  const rare = new Set(counts.map((_, i) => i).filter((i) => counts[i] < least));
  if (maxCategories !== undefined && counts.length - rare.size + 1 > maxCategories) {
    // Of those that are equally frequent the first are left out, as scikit-learn does.
    const rising = counts.map((_, i) => i).sort((a, b) => counts[a] - counts[b] || a - b);
    for (const i of rising.slice(0, counts.length - (maxCategories - 1))) rare.add(i);
  }
  return [...rare].sort((a, b) => a - b);
}
