import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { storedElements } from "../../data/tensor-of.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import { uniform } from "../../tensor/random/uniform.js";
import { isTensor } from "../../tensor/tensor.js";
import type { Features, Fitted, FitOptions, Labels, Targets } from "../types.js";
import {
  byName,
  type CrossValidateOptions,
  type FoldScores,
  requireLearner,
} from "./cross-validate.js";
import { dataOf } from "./data.js";
import type { Distribution } from "./distributions.js";
import type { Learner, Outcome } from "./jobs.js";
import { runJobs } from "./parallel.js";
import { type Scorers, scorersOf } from "./scorers.js";

export interface SearchOptions extends Omit<CrossValidateOptions, "sampleWeight"> {
  /** Which of several scores decides (default: the first). */
  readonly refit?: string;
}

export interface Candidate<P> {
  readonly params: P;
  readonly scores: Readonly<Record<string, FoldScores>>;
  readonly trainScores: Readonly<Record<string, FoldScores>> | null;
  /** The mean over the folds. */
  readonly fitSeconds: number;
  /** From 1, by the score that decides; the same for the same score. */
  readonly rank: number;
}

export interface SearchResults<P> {
  /** The best parameters, and the mean score that they had. */
  readonly params: P;
  readonly score: number;
  /** The score that decided. */
  readonly refit: string;
  /** All of them, as a table: in the order in which they were tried. */
  readonly candidates: readonly Candidate<P>[];
  /** How long the fit on all rows took. */
  readonly refitSeconds: number;
}

type FittedBy<E extends Learner> = Awaited<ReturnType<E["fit"]>>;

/** What the best estimator fitted on all rows, and how it was found. */
export type FittedSearch<F extends Fitted, P> = F & { readonly search: SearchResults<P> };

export interface Search<E extends Learner, P> {
  readonly kind: string;
  readonly options: Readonly<Record<string, unknown>>;
  fit(
    x: Features,
    y: Labels | Targets,
    options?: FitOptions,
  ): Promise<FittedSearch<FittedBy<E>, P>>;
}

export type Grid = Readonly<Record<string, readonly unknown[]>>;
export type GridParams<G extends Grid> = { -readonly [K in keyof G]: G[K][number] };

/**
 * Tries every combination of parameters by cross-validation, and fits the best on all rows. It is an estimator
 * itself: within `crossValidate` it is searched anew in every fold, which is how to judge it.
 *
 * @param make  an estimator from parameters: `({ C }) => logisticRegression({ C })`
 * @param grid  the values of each: `{ C: [0.1, 1, 10] }`; or several such
 * @throws  what a fit throws, naming fold and parameters, of the same class
 * @source scikit-learn `GridSearchCV`
 */
export const gridSearch = <E extends Learner, const G extends Grid>(
  make: (params: GridParams<G>) => E,
  grid: G | readonly G[],
  options: SearchOptions = {},
): Search<E, GridParams<G>> =>
  searchOver("gridSearch", make, { ...options, grid }, () =>
    ([grid].flat() as G[]).flatMap(combinations),
  );

function combinations<G extends Grid>(grid: G): GridParams<G>[] {
  let all: Record<string, unknown>[] = [{}];
  for (const [name, values] of Object.entries(grid)) {
    if (!Array.isArray(values) || values.length === 0)
      throw new ValueError(
        `gridSearch: ${name} must be a list of values to try, got ${describe(values)}`,
      );
    all = all.flatMap((params) => values.map((value: unknown) => ({ ...params, [name]: value })));
  }
  return all as GridParams<G>[];
}

export type Distributions = Readonly<Record<string, Distribution<unknown> | readonly unknown[]>>;
export type DrawnParams<D extends Distributions> = {
  -readonly [K in keyof D]: D[K] extends readonly (infer T)[]
    ? T
    : D[K] extends Distribution<infer T>
      ? T
      : never;
};

export interface RandomSearchOptions extends SearchOptions {
  /** Which parameters are drawn, and which rows go into which fold. */
  readonly key: Key;
  /** How many combinations (default 10). The first ones do not depend on it. */
  readonly count?: number;
}

/**
 * As `gridSearch`, over parameters drawn at random: of many parameters only some matter, and a draw tries another
 * value of each every time.
 *
 * @param distributions  `{ C: logUniform(1e-3, 1e3), penalty: ["l1", "l2"] }`
 * @source scikit-learn `RandomizedSearchCV`; Bergstra and Bengio, JMLR 13 (2012)
 */
export const randomSearch = <E extends Learner, const D extends Distributions>(
  make: (params: DrawnParams<D>) => E,
  distributions: D,
  options: RandomSearchOptions,
): Search<E, DrawnParams<D>> =>
  searchOver("randomSearch", make, { ...options, distributions }, () => {
    const { key, count = 10 } = options;
    if (!isTensor(key))
      throw new ValueError("randomSearch: needs a key; make one with random.key(0)");
    if (!Number.isInteger(count) || count < 1)
      throw new ValueError(`randomSearch: count must be a whole number ≥ 1, got ${String(count)}`);
    const names = Object.keys(distributions);
    return Array.from({ length: count }, (_, i) => {
      const places = storedElements(uniform(foldIn(key, i), [names.length], { dtype: "f64" }));
      return Object.fromEntries(
        names.map((name, k) => [name, drawn(name, distributions[name], places[k])]),
      ) as DrawnParams<D>;
    });
  });

function drawn(name: string, from: Distributions[string], place: number): unknown {
  if (Array.isArray(from) && from.length > 0)
    return (from as readonly unknown[])[Math.floor(place * from.length)];
  if (typeof (from as Distribution<unknown> | null)?.at === "function" && !Array.isArray(from))
    return (from as Distribution<unknown>).at(place);
  throw new ValueError(
    `randomSearch: ${name} must be a distribution (uniform, logUniform, integer, choice) or a list, got ${describe(from)}`,
  );
}

function searchOver<E extends Learner, P extends Readonly<Record<string, unknown>>>(
  kind: string,
  make: (params: P) => E,
  options: SearchOptions & Readonly<Record<string, unknown>>,
  paramsOf: () => P[],
): Search<E, P> {
  return {
    kind,
    options: { ...options, make },
    async fit(x, y, { sampleWeight } = {}) {
      const scorers = scorersOf(options.scoring, kind);
      const { refit = scorers[0][0], trainScores = false } = options;
      if (!scorers.some(([name]) => name === refit))
        throw new ValueError(
          `${kind}: refit must be one of the scores ${scorers.map(([name]) => name).join(", ")}, got "${refit}"`,
        );
      const all = paramsOf();
      const estimators = all.map(make);
      for (const estimator of estimators) requireLearner(estimator, kind);
      const weights = sampleWeight === undefined ? {} : { sampleWeight };
      const data = dataOf(x, y, { ...options, ...weights }, kind);
      const jobs = estimators.flatMap((estimator, i) =>
        data.folds.map((_, fold) => ({ estimator, fold, params: all[i] })),
      );
      const plan = { op: kind, scorers, trainScores, predicts: null };
      const outcomes = await runJobs(data, plan, jobs, options);
      const candidates = ranked(all, outcomes, data.folds.length, scorers, refit, trainScores);
      const best = candidates.findIndex(({ rank }) => rank === 1);
      const begun = performance.now();
      const fitted = await estimators[best].fit(x, y as never, weights);
      const search: SearchResults<P> = {
        params: all[best],
        score: candidates[best].scores[refit].mean,
        refit,
        candidates,
        refitSeconds: (performance.now() - begun) / 1000,
      };
      return { ...(fitted as FittedBy<E>), search };
    },
  };
}

function ranked<P>(
  all: readonly P[],
  outcomes: readonly Outcome[],
  folds: number,
  scorers: Scorers,
  refit: string,
  trainScores: boolean,
): Candidate<P>[] {
  const found = all.map((params, i) => {
    const own = outcomes.slice(i * folds, (i + 1) * folds);
    return {
      params,
      scores: byName(scorers, own, "test"),
      trainScores: trainScores ? byName(scorers, own, "train") : null,
      fitSeconds: own.reduce((sum, { fitSeconds }) => sum + fitSeconds, 0) / folds,
    };
  });
  // A score that is no number is worse than all that are.
  const scoreOf = ({ scores }: (typeof found)[number]): number =>
    Number.isNaN(scores[refit].mean) ? -Infinity : scores[refit].mean;
  return found.map((candidate) => ({
    ...candidate,
    rank: 1 + found.filter((other) => scoreOf(other) > scoreOf(candidate)).length,
  }));
}
