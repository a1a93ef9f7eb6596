import type {
  Classifier,
  Estimator,
  Features,
  Fitted,
  FitOptions,
  FittedClassifier,
  FittedRegressor,
  FittedTransformer,
  Label,
  Labels,
  Regressor,
  Targets,
  Transformer,
} from "../types.js";

/** What an estimator's `fit` gives. */
export type FittedOf<E> = E extends { fit(...args: never[]): Promise<infer F> } ? F : Fitted;

/** Estimators one after the other: all but the last transform. */
export type Steps = readonly [...Transformer[], Classifier | Regressor | Transformer];

export interface FittedSteps<S extends Steps = Steps> {
  /** What each step has learned. */
  readonly steps: { readonly [I in keyof S]: FittedOf<S[I]> };
}

type Last<S extends Steps> = S extends readonly [...unknown[], infer L] ? L : S[number];

/** Gives back what went in, if every step can. */
interface Inverse {
  readonly inverseTransform?: (x: never) => unknown;
}

export interface PipelineClassifier<S extends Steps> extends Classifier {
  fit<L extends Label>(
    x: Features,
    y: Labels<L>,
    options?: FitOptions,
  ): Promise<FittedClassifier<L> & FittedSteps<S>>;
}

export interface PipelineRegressor<S extends Steps> extends Regressor {
  fit(x: Features, y: Targets, options?: FitOptions): Promise<FittedRegressor & FittedSteps<S>>;
}

/** A pipeline is what its last step is. */
export type Pipeline<S extends Steps> = Estimator &
  (FittedOf<Last<S>> extends FittedClassifier
    ? PipelineClassifier<S>
    : FittedOf<Last<S>> extends FittedRegressor
      ? PipelineRegressor<S>
      : Transformer<FittedTransformer & FittedSteps<S> & Inverse>);
