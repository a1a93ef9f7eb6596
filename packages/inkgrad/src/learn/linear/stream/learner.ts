import { ShapeError, ValueError } from "../../../base/errors.js";
import { weightsOf } from "../../input/labels.js";
import { matrixOf, namesOf } from "../../input/matrix.js";
import { rowCount } from "../../input/rows.js";
import type { FitOptions, Label, Labels, Matrix } from "../../types.js";
import { withClassWeight } from "../class-weight.js";
import type { Weights } from "../design/design.js";
import {
  type FittedLogisticRegression,
  restoreLogisticRegression,
} from "../fitted-logistic-regression.js";
import { byOutput, centre, formOf, joined, startOf } from "../forms.js";
import type { LogisticRegressionOptions } from "../logistic-regression.js";
import { penaltyOf } from "../penalty.js";
import { type Announced, announced } from "./announced.js";
import { type Batch, batcher } from "./batches.js";
import { type Position, streamDescent } from "./descent.js";
import { type StreamHistory, streamHistory } from "./history.js";

export interface LearnerOptions<L extends Label = Label> {
  /** All labels that can come: two at least. */
  readonly classes: readonly L[];
  /**
   * Bring columns to mean 0 and deviation 1, by their moments so far (default true)? What comes out takes columns as
   * they are. The penalty is that of the scaled coefficients.
   */
  readonly standardise?: boolean;
  /** Average the coefficients along the way (default true)? Steps then need not become shorter. */
  readonly average?: boolean;
  /**
   * How many rows a pass has. C and schedules that go by the whole run need it; without it C is that of the rows
   * so far, and such schedules stay where they begin.
   */
  readonly rows?: number;
  /** Begin with the coefficients of an earlier fit (warm start). */
  readonly start?: FittedLogisticRegression<Label>;
}

/** Logistic regression that learns from parts one after the other. */
export interface LogisticRegressionLearner<L extends Label = Label> {
  readonly classes: readonly L[];
  /** Rows that came. */
  readonly rows: number;
  /** Steps that were made. */
  readonly steps: number;
  /**
   * Learns from some rows. Steps are made of `batchSize` rows each, in the order of the rows, so that it makes no
   * difference how they are cut into parts. Nothing is learned from a part that is refused.
   *
   * @throws ValueError  for a label that is none of `classes`, or numbers that are not finite, naming the row of
   *   the stream
   * @throws ShapeError  if the columns are others than before
   */
  readonly learn: (x: Matrix, y: Labels, options?: FitOptions) => void;
  /** What came of it so far; one can go on learning. @throws ValueError  before two classes came */
  readonly fitted: () => FittedLogisticRegression<L>;
}

/** For streams with an end, which know more. */
export interface PassLearner<L extends Label> extends LogisticRegressionLearner<L> {
  /** Rows that steps were made of. */
  readonly learned: number;
  /** Learns what is waiting. Rows of later passes are not new ones. */
  endPass(): void;
  /** Each model's weights now. */
  weights(): readonly Weights[];
  /** What `fitted` gives, at other weights. */
  fittedAt(weights: readonly Weights[], converged: boolean): FittedLogisticRegression<L>;
}

const defaultBatch = 256;

/** @param afterStep  told of the rows so far; what it answers ends the learning */
export function learnerOf<L extends Label>(
  options: LogisticRegressionOptions,
  learnerOptions: LearnerOptions<L> & { readonly passes?: number },
  op: string,
  afterStep: (learner: PassLearner<L>) => boolean = () => false,
): PassLearner<L> {
  const { fitIntercept = true, classWeight, descent = {} } = options;
  const { standardise = true, average = true, rows, start, passes = 1 } = learnerOptions;
  const batchSize = requireStreamable(options, rows, op);
  const known: Announced<L> = announced(learnerOptions.classes, op);
  const { classes } = known;
  const form = formOf(options, classes.length, op);
  const came = new Set<number>();
  let rowsCame = 0;
  let rowsOfPass = rows ?? null;
  let laterPass = false;
  let ended = false;
  let run: Run | null = null;

  const begin = (columns: number, names: readonly string[] | null): Run => {
    const descending = streamDescent(
      {
        ...{ columns, classes, form, standardise, average, descent },
        intercept: fitIntercept,
        penalty: options,
        totalSteps: rows === undefined ? Infinity : Math.ceil(rows / batchSize) * passes,
      },
      op,
    );
    const position = descending.begin(startOf(start, form, classes.length, columns, op));
    const histories = position.models.map(streamHistory);
    const like = { features: columns, featureNames: names };
    return { descending, position, histories, like, batches: batcher(batchSize, columns) };
  };
  const advance = (of: Run, batch: Batch): void => {
    if (ended) return;
    const { position, looks } = of.descending.step(of.position, batch, rowsOfPass, laterPass);
    of.position = position;
    looks?.forEach(({ cost, gradientSize }, k) => of.histories[k].add(cost, gradientSize));
    ended = afterStep(learner);
  };
  const begun = (): Run => {
    if (run === null || came.size < 2)
      throw new ValueError(
        came.size === 0
          ? `${op}: there were no rows to learn from`
          : `${op}: all rows so far are of one class, ${JSON.stringify(classes[[...came][0]])}; there must be two at least`,
      );
    return run;
  };
  /** As if the stream ended here. */
  const positionNow = (of: Run): Position => {
    const batch = ended ? null : of.batches.waiting();
    return batch === null
      ? of.position
      : of.descending.step(of.position, batch, rowsOfPass, laterPass).position;
  };

  const learner: PassLearner<L> = {
    classes,
    get rows() {
      return rowsCame;
    },
    get learned() {
      return run?.position.rows ?? 0;
    },
    get steps() {
      return run?.position.steps ?? 0;
    },
    learn(x, y, { sampleWeight } = {}) {
      const count = rowCount(x, op);
      if (count === 0) return;
      const matrix = matrixOf(x, op, { firstRow: rowsCame, like: run?.like });
      const labels = known.encode(y, count, rowsCame);
      const own = weightsOf(sampleWeight, count, op);
      const weights = withClassWeight(own, classWeight, labels, op);
      if (matrix.columns === 0) throw new ShapeError(`${op}: X has no columns to learn from`);
      const now = (run ??= begin(matrix.columns, namesOf(x)));
      for (const k of labels.numbers) came.add(k);
      rowsCame += count;
      now.batches.add(matrix, labels.numbers, weights, (batch) => {
        advance(now, batch);
      });
    },
    fitted() {
      const of = begun();
      return learner.fittedAt(of.descending.weights(positionNow(of)), false);
    },
    endPass() {
      const of = begun();
      const batch = of.batches.waiting();
      of.batches.clear();
      if (batch !== null) advance(of, batch);
      rowsOfPass ??= of.position.total;
      laterPass = true;
    },
    weights: () => begun().descending.weights(begun().position),
    fittedAt(weights, converged) {
      const of = begun();
      const { outputs } = of.descending;
      const { steps, moments, total } = positionNow(of);
      const penalty = penaltyOf(options, rowsOfPass ?? total, op);
      const lines = weights.map(({ W, b }) => {
        const x = joined([W, b]);
        if (outputs > 1) centre(x, of.like.features, outputs, penalty);
        const split = W.length;
        return { W: byOutput(x.subarray(0, split), outputs), b: x.slice(split) };
      });
      return restoreLogisticRegression<L>({
        kind: "logisticRegression",
        names: of.like.featureNames,
        features: of.like.features,
        classes,
        form,
        coefficients: joined(lines.map(({ W }) => W)),
        intercepts: joined(lines.map(({ b }) => b)),
        deviations: moments!.variances.map(Math.sqrt),
        covariance: null,
        noInference: "it was learned from a stream, by steps that stop near the minimum, not at it",
        fitIntercept,
        solver: "gradientDescent",
        solverReason: `rows came as a stream, and were learned from in batches of ${batchSize}`,
        converged,
        iterations: Int32Array.from(weights, () => steps),
        costs: of.histories.map(({ costs }) => costs),
        gradientSizes: of.histories.map(({ gradientSizes }) => gradientSizes),
        warnings: [],
      });
    },
  };
  return learner;
}

interface Run {
  readonly descending: ReturnType<typeof streamDescent>;
  readonly histories: readonly StreamHistory[];
  readonly like: { readonly features: number; readonly featureNames: readonly string[] | null };
  readonly batches: ReturnType<typeof batcher>;
  position: Position;
}

/** Throws for options that a stream cannot fulfil; else how many rows a step has. */
function requireStreamable(
  options: LogisticRegressionOptions,
  rows: number | undefined,
  op: string,
): number {
  const { solver = "auto", descent = {}, classWeight } = options;
  const { batchSize = defaultBatch, validationFraction = 0 } = descent;
  const { ratio, strength } = penaltyOf(options, 1, op);
  if (solver !== "auto" && solver !== "gradientDescent")
    throw new ValueError(
      `${op}: a stream is learned from by gradient descent, and solver is ${JSON.stringify(solver)}; leave it out`,
    );
  if (strength > 0 && ratio > 0)
    throw new ValueError(
      `${op}: steps of gradient descent need a smooth cost, and an L1 penalty has a kink at 0; take penalty: "l2"`,
    );
  if (batchSize === "all" || !(Number.isSafeInteger(batchSize) && batchSize >= 1))
    throw new ValueError(
      `${op}: descent.batchSize must be a whole number ≥ 1, got ${JSON.stringify(batchSize)}; a stream is never there as a whole`,
    );
  if (validationFraction !== 0)
    throw new ValueError(
      `${op}: no share of a stream can be held out; give rows of their own: fitStream(…, { validation: { x, y } })`,
    );
  if (classWeight === "balanced")
    throw new ValueError(
      `${op}: how often classes come is not known before a stream ends; give classWeight as numbers, { a: 1, b: 3 }`,
    );
  if (rows !== undefined && !(Number.isFinite(rows) && rows >= 1))
    throw new ValueError(`${op}: rows must be a number ≥ 1, got ${String(rows)}`);
  return batchSize;
}
