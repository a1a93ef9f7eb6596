import type { Key } from "../../tensor/random/types.js";

/**
 * How training rows are to be resampled, as plain data. A sampler can do nothing by itself: it is given to
 * `resampled(…)`, which applies it when fitting and never when predicting.
 */
export type Sampler = SamplerOptions &
  (
    | { readonly sampler: "randomOver" }
    | { readonly sampler: "randomUnder" }
    | { readonly sampler: "smote"; readonly neighbours: number }
  );

export interface SamplerOptions {
  /** Which rows are drawn. The same key gives the same rows. */
  readonly key: Key;
  /**
   * Rows of each smaller class for one of the largest, after it (default 1: all the same). Classes that are
   * nearer to that already stay as they are.
   */
  readonly ratio?: number;
  /** Instead of a ratio: how many rows of a class there are to be after it, by the class's name. */
  readonly counts?: Readonly<Record<string, number>>;
}

/**
 * Rows of the smaller classes are repeated, drawn at random with replacement, after all the rows there are.
 *
 * @source imbalanced-learn `RandomOverSampler`
 */
export const randomOverSampler = (options: SamplerOptions): Sampler => ({
  ...options,
  sampler: "randomOver",
});

/**
 * Of the larger classes rows are left out at random; those that stay keep their order.
 *
 * @source imbalanced-learn `RandomUnderSampler`
 */
export const randomUnderSampler = (options: SamplerOptions): Sampler => ({
  ...options,
  sampler: "randomUnder",
});

export interface SmoteOptions extends SamplerOptions {
  /** Among how many nearest rows of the class the second is drawn (default 5; fewer in a smaller class). */
  readonly neighbours?: number;
}

/**
 * New rows of the smaller classes: of a random row and one of its nearest neighbours in the class, x and x′, a
 * random point x + u (x′ − x) between. Distances are Euclidean: scale the columns first.
 *
 * @source Chawla et al., SMOTE, JAIR 16 (2002); imbalanced-learn `SMOTE`
 */
export const smote = ({ neighbours = 5, ...options }: SmoteOptions): Sampler => ({
  ...options,
  sampler: "smote",
  neighbours,
});
