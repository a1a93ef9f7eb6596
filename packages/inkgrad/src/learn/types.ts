import type { Table } from "../data/formats/csv.js";
import type { Label } from "../data/transforms/label-encoder.js";
import type { Tensor } from "../tensor/tensor.js";
import type { NamedMatrix } from "./input/names.js";
import type { SparseRows } from "./input/sparse-rows.js";
import type { State } from "./saving/state.js";

/**
 * The contract of all estimators. What can be fitted and what has been fitted are two things, so that
 * predicting before fitting does not compile.
 */

export type { Label };

/** One label for each row. */
export type Labels<L extends Label = Label> = Tensor | ArrayLike<L>;

/** Numbers [rows, features], f32 or f64; a table whose columns are all numbers is one too. */
export type Matrix = Tensor | SparseRows | NamedMatrix | readonly (readonly number[])[] | Table;

/** What a transformer gives: f64, sparse rows, or a table where columns of texts stay texts. */
export type Transformed = Tensor<[number, number], "f64"> | SparseRows | Table;

/**
 * What transformers of texts and categories take besides: a table with columns of any type, rows of
 * texts and numbers (null: missing), or one text for each row.
 */
export type Features =
  Matrix | readonly (readonly (string | number | boolean | null)[])[] | readonly (string | null)[];

/** One number for each row. */
export type Targets = Tensor | ArrayLike<number>;

export interface FitOptions {
  /** How much each row counts, ≥ 0 (default: all the same). */
  readonly sampleWeight?: Targets;
}

/** Plain values and other estimators: all that an estimator is, so that it can go to a worker. */
export type Options = Readonly<Record<string, unknown>>;

/** What has been learned. */
export interface Fitted {
  /** All of it: `restore(state)` gives the same object again, in another process too. */
  readonly state: State;
  /** How many columns it takes. */
  readonly features: number;
  /** Their names, where it was fitted on columns with names. */
  readonly featureNames: readonly string[] | null;
}

/** Options, and a way to learn from data. Options are checked when fitting. */
export interface Estimator {
  readonly kind: string;
  readonly options: Options;
}

export interface FittedClassifier<L extends Label = Label> extends Fitted {
  /** The labels, in the order of all columns that go by class. */
  readonly classes: readonly L[];
  /** The most probable label of each row. */
  predict(x: Features): L[];
  /** [rows, classes], each row summing to 1. */
  predictProba(x: Features): Tensor<[number, number], "f64">;
  /** Before probabilities: [rows] for two classes (> 0: the second), else [rows, classes]. */
  decisionFunction(x: Features): Tensor<number[], "f64">;
}

export interface Classifier extends Estimator {
  fit<L extends Label>(
    x: Features,
    y: Labels<L>,
    options?: FitOptions,
  ): Promise<FittedClassifier<L>>;
}

export interface FittedRegressor extends Fitted {
  /** [rows] */
  predict(x: Features): Tensor<[number], "f64">;
}

export interface Regressor extends Estimator {
  fit(x: Features, y: Targets, options?: FitOptions): Promise<FittedRegressor>;
}

export interface FittedTransformer extends Fitted {
  /** [rows, columns]. Nothing is learned from these rows. */
  transform(x: Features): Transformed;
  /** Names of the columns that come out. */
  readonly outputNames: readonly string[];
}

export interface Transformer<F extends FittedTransformer = FittedTransformer> extends Estimator {
  /** Transformers that look at the labels (selection) need y. */
  fit(x: Features, y?: Labels, options?: FitOptions): Promise<F>;
}
