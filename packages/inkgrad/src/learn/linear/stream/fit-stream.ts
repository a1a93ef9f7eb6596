import { ValueError } from "../../../base/errors.js";
import type { Table } from "../../../data/formats/csv.js";
import { splitTable } from "../../input/split-table.js";
import { passesOf, type Stream } from "../../input/stream.js";
import { matrixOf } from "../../input/matrix.js";
import type { Label, Labels, Matrix, Targets } from "../../types.js";
import type { Weights } from "../design/design.js";
import { designOf } from "../design/known.js";
import type { FittedLogisticRegression } from "../fitted-logistic-regression.js";
import { formOf, seenOf } from "../forms.js";
import type { LogisticRegressionOptions } from "../logistic-regression.js";
import { announced } from "./announced.js";
import { type LearnerOptions, learnerOf, type PassLearner } from "./learner.js";

/** Some rows with their labels. */
export interface StreamPart {
  readonly x: Matrix;
  readonly y: Labels;
  readonly sampleWeight?: Targets;
}

export interface FitStreamOptions<L extends Label = Label> extends LearnerOptions<L> {
  /** The parts are tables, of which this column holds the labels, and all others are learned from. */
  readonly target?: string;
  /** How often to go through the stream (default 1); for more than once, give a function that begins it anew. */
  readonly epochs?: number;
  /** Rows that are not learned from. Learning ends when their loss gets no better; the best is returned. */
  readonly validation?: StreamPart;
  /** How many rows to learn from before each look at them (default 100,000). */
  readonly checkRows?: number;
}

/** Learns from a stream, a part at a time. */
export async function fitStream<L extends Label>(
  options: LogisticRegressionOptions,
  parts: Stream<StreamPart> | Stream<Table>,
  streamOptions: FitStreamOptions<L>,
): Promise<FittedLogisticRegression<L>> {
  const op = "logisticRegression.fitStream";
  const { target, epochs = 1, validation, checkRows = 100_000 } = streamOptions;
  if (!(Number.isSafeInteger(epochs) && epochs >= 1))
    throw new ValueError(`${op}: epochs must be a whole number ≥ 1, got ${String(epochs)}`);
  if (!(checkRows >= 1))
    throw new ValueError(`${op}: checkRows must be a number ≥ 1, got ${String(checkRows)}`);
  const pass = passesOf<StreamPart | Table>(parts as Stream<StreamPart | Table>, epochs, op);
  const watch =
    validation === undefined ? null : watcher(options, streamOptions.classes, validation, op);
  let next = checkRows;
  const learner = learnerOf(options, { ...streamOptions, passes: epochs }, op, (now) => {
    if (watch === null || now.learned < next) return false;
    next += checkRows;
    return watch.look(now);
  });
  for (let epoch = 0; epoch < epochs && !watch?.ended; epoch++) {
    for await (const part of pass()) {
      const { x, y, sampleWeight } =
        target === undefined
          ? partOf(part, op)
          : { ...splitTable(part as Table, target, learner.rows, op), sampleWeight: undefined };
      learner.learn(x, y, sampleWeight === undefined ? {} : { sampleWeight });
      if (watch?.ended === true) break;
    }
    learner.endPass();
  }
  if (watch === null) return learner.fitted();
  watch.look(learner);
  return learner.fittedAt(watch.best(), watch.ended);
}

function partOf(part: StreamPart | Table, op: string): StreamPart {
  if (typeof part === "object" && part !== null && "x" in part && "y" in part) return part;
  throw new ValueError(
    `${op}: the parts of the stream must be { x, y }, or tables, with target naming the column of labels`,
  );
}

/** Keeps the weights at which the loss of rows that are held out was least. */
function watcher<L extends Label>(
  options: LogisticRegressionOptions,
  classes: readonly L[],
  { x, y, sampleWeight }: StreamPart,
  op: string,
) {
  const { patience = 5 } = options.descent ?? {};
  const matrix = matrixOf(x, `${op}: validation`);
  if (matrix.rows === 0 || sampleWeight !== undefined)
    throw new ValueError(`${op}: validation must be rows { x, y }, each counting the same`);
  const labels = announced(classes, op).encode(y, matrix.rows, 0);
  const design = designOf(matrix);
  const losses = seenOf(formOf(options, labels.classes.length, op), labels, null).map((seen) =>
    design.lossOf(seen),
  );
  let best: { loss: number; weights: readonly Weights[] } = { loss: Infinity, weights: [] };
  let worse = 0;
  const watch = {
    ended: false,
    best: () => best.weights,
    /** Is it time to end? */
    look(learner: PassLearner<L>): boolean {
      const weights = learner.weights();
      const loss = losses.reduce((sum, lossOf, k) => sum + lossOf(weights[k]).value, 0);
      if (loss < best.loss) {
        best = { loss, weights };
        worse = 0;
      } else worse++;
      watch.ended ||= worse >= patience;
      return watch.ended;
    },
  };
  return watch;
}
