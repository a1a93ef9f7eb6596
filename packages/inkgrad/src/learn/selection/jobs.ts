import * as errors from "../../base/errors.js";
import { storedElements } from "../../data/tensor-of.js";
import { isTensor } from "../../tensor/tensor.js";
import { isFittedClassifier } from "../input/classifier.js";
import { takeLabels, takeNumbers, takeRows } from "../input/rows.js";
import type {
  Estimator,
  Features,
  Fitted,
  FitOptions,
  FittedClassifier,
  FittedRegressor,
  Label,
} from "../types.js";
import type { Data } from "./data.js";
import { scoreOf, type Scorers } from "./scorers.js";

/** Anything that learns y from X. */
export type Learner = Estimator & {
  fit(x: Features, y: never, options?: FitOptions): Promise<Fitted>;
};

/** What is wanted of each fitted object. */
export interface Plan {
  /** Named in errors: "gridSearch". */
  readonly op: string;
  readonly scorers: Scorers;
  /** Are the rows that were learned from scored too? */
  readonly trainScores: boolean;
  /** What is predicted of the test rows; null: nothing. */
  readonly predicts: PredictMethod | null;
}

export type PredictMethod = "predict" | "predictProba" | "decisionFunction";

/** One fit: of which estimator, on which fold. */
export interface Job {
  readonly estimator: Learner;
  readonly fold: number;
  /** For errors: what tells this estimator from the others. */
  readonly params?: Readonly<Record<string, unknown>>;
}

/** What was predicted, as plain data. */
export interface Predicted {
  readonly values: readonly Label[] | Float64Array;
  readonly columns: number;
  readonly classes: readonly Label[] | null;
}

export interface Outcome {
  readonly test: readonly number[];
  readonly train: readonly number[] | null;
  readonly fitSeconds: number;
  readonly scoreSeconds: number;
  readonly predicted: Predicted | null;
}

export async function runJob(data: Data, plan: Plan, { estimator, fold }: Job): Promise<Outcome> {
  const { train, test } = data.folds[fold];
  const [x, y] = [takeRows(data.x, train), takeLabels(data.y, train)];
  const options = data.weights === null ? {} : { sampleWeight: takeNumbers(data.weights, train) };
  const begun = performance.now();
  const fitted = await estimator.fit(x, y as never, options);
  const fittedAt = performance.now();
  const [testX, testY] = [takeRows(data.x, test), takeLabels(data.y, test)];
  const scores = async (rows: Features, labels: readonly Label[]) => {
    const found: number[] = [];
    for (const [, scorer] of plan.scorers) found.push(await scoreOf(scorer, fitted, rows, labels));
    return found;
  };
  return {
    test: await scores(testX, testY),
    train: plan.trainScores ? await scores(x, y) : null,
    fitSeconds: (fittedAt - begun) / 1000,
    scoreSeconds: (performance.now() - fittedAt) / 1000,
    predicted: plan.predicts === null ? null : predictedBy(fitted, plan.predicts, testX),
  };
}

function predictedBy(fitted: Fitted, method: PredictMethod, x: Features): Predicted {
  const isClassifier = isFittedClassifier(fitted);
  if (!isClassifier && method !== "predict")
    throw new errors.ValueError(`${method} is for classifiers, and what was fitted has no classes`);
  const out = (fitted as FittedClassifier & FittedRegressor)[method](x) as unknown;
  const classes = isClassifier ? fitted.classes : null;
  if (!isTensor(out)) return { values: out as Label[], columns: 1, classes };
  const values = Float64Array.from(storedElements(out) as Float64Array);
  return { values, columns: out.shape[1] ?? 1, classes };
}

/** An error as plain data. */
export interface Failure {
  readonly name: string;
  readonly message: string;
}

export const failureOf = (error: unknown): Failure =>
  error instanceof Error
    ? { name: error.name, message: error.message }
    : { name: "Error", message: String(error) };

const classes: Readonly<Record<string, new (message: string, options?: ErrorOptions) => Error>> = {
  ShapeError: errors.ShapeError,
  DTypeError: errors.DTypeError,
  IndexError: errors.IndexError,
  TraceError: errors.TraceError,
  ValueError: errors.ValueError,
  FormatError: errors.FormatError,
  FileError: errors.FileError,
  LinearAlgebraError: errors.LinearAlgebraError,
  BackendError: errors.BackendError,
  OutOfMemoryError: errors.OutOfMemoryError,
};

/** The error of a job, of the same class, naming the fold and the parameters. */
export function namedError({ op }: Plan, { fold, params }: Job, failure: Failure): Error {
  const { name, message } = failure;
  const known = Object.hasOwn(classes, name) ? classes[name] : undefined;
  const own = known !== undefined || name === "InkgradError" || name === "InternalError";
  const where = `fold ${fold}${params === undefined ? "" : ` with ${textOf(params)}`}`;
  // An estimator sees some of the rows only, and counts those.
  const counted = /\brow \d/.test(message) ? " (rows are counted within the fold's part)" : "";
  return new (known ?? errors.InkgradError)(
    `${op}: ${where}: ${own ? message : `${name}: ${message}`}${counted}`,
  );
}

/** `{ C: 0.1, penalty: "l2" }` */
export function textOf(params: Readonly<Record<string, unknown>>): string {
  const value = (x: unknown): string => {
    if (typeof x === "string" || Array.isArray(x)) return JSON.stringify(x);
    if (typeof x === "object" && x !== null && "kind" in x) return String(x.kind);
    return typeof x === "object" && x !== null ? "{…}" : String(x);
  };
  const parts = Object.entries(params).map(([name, x]) => `${name}: ${value(x)}`);
  return `{ ${parts.join(", ")} }`;
}
