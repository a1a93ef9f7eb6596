import { ValueError } from "../../../base/errors.js";
import type { Variables } from "../../../nn/layer.js";
import { optimizerOf } from "../../../nn/optimizers/named.js";
import type { Label } from "../../types.js";
import {
  deviationsOf,
  mergedMoments,
  type Moments,
  momentsOf,
} from "../../preprocessing/moments.js";
import { denseDesign } from "../design/dense.js";
import type { Weights } from "../design/design.js";
import { joined, seenOf } from "../forms.js";
import { linearObjective, totalOf, weightsIn } from "../linear-objective.js";
import { penaltyOf, type PenaltyOptions } from "../penalty.js";
import type { Form } from "../probabilities.js";
import { type DescentSettings, rateOf } from "../solvers/gradient-descent.js";
import { largest } from "../solvers/solver.js";
import { stepOf } from "../solvers/step.js";
import type { Batch } from "./batches.js";

/** What is taken away from columns, and what they are divided by. */
interface Scales {
  readonly means: Float64Array;
  readonly scales: Float64Array;
}

interface Model {
  readonly state: Variables;
  readonly x: Float64Array;
  /** The average of x along the way. */
  readonly mean: Float64Array;
}

/** Where the descent has come to. Not changed by a step: that gives another one. */
export interface Position {
  readonly rows: number;
  readonly steps: number;
  /** How much the rows so far count together. */
  readonly total: number;
  readonly moments: Moments | null;
  readonly models: readonly Model[];
}

export interface DescentOptions {
  readonly columns: number;
  readonly classes: readonly Label[];
  readonly form: Form;
  readonly intercept: boolean;
  readonly standardise: boolean;
  readonly average: boolean;
  readonly penalty: PenaltyOptions;
  readonly descent: DescentSettings;
  /** Steps of the whole run, for schedules; Infinity: not known. */
  readonly totalSteps: number;
}

/** Mini-batch descent over a stream: pure steps from position to position. */
export function streamDescent(options: DescentOptions, op: string) {
  const { columns, classes, form, intercept, standardise, descent } = options;
  const { optimizer = "adam" } = descent;
  const rule = optimizerOf(optimizer);
  const { init, step, averaged } = stepOf(rule);
  const isDefault = descent.optimizer === undefined && descent.learningRate === undefined;
  const rate = isDefault ? defaultRate : rateOf({ ...descent, optimizer });
  const modelCount = form === "ovr" ? classes.length : 1;
  const outputs = form === "multinomial" ? classes.length : 1;
  const size = (columns + (intercept ? 1 : 0)) * outputs;

  const scalesOf = (moments: Moments): Scales => ({
    means: intercept ? moments.means : new Float64Array(columns),
    scales: deviationsOf(moments),
  });

  return {
    outputs,
    /** @param first  parameters of each model, for columns as they come */
    begin(first: (k: number, outputs: number) => Weights | null): Position {
      const models = Array.from({ length: modelCount }, (_, k) => {
        const weights = first(k, outputs);
        const x =
          weights === null ? new Float64Array(size) : joined([weights.W, weights.b]).slice(0, size);
        return { state: init(x), x, mean: x };
      });
      return { rows: 0, steps: 0, total: 0, moments: null, models };
    },

    /**
     * @param batch      its values are standardised where they lie
     * @param total      how much all rows count, if it is known
     * @param laterPass  have the rows come before, so that the columns' moments are known?
     */
    step(from: Position, batch: Batch, total: number | null, laterPass: boolean) {
      const { rows, numbers, weights } = batch;
      const filled = batch.values.subarray(0, rows * columns);
      const part = { format: "dense", rows, columns, values: filled } as const;
      const moments =
        laterPass && from.moments !== null
          ? from.moments
          : mergedMoments(from.moments, momentsOf(part, null));
      let { models } = from;
      if (standardise) {
        const now = scalesOf(moments);
        const before = from.moments === null ? null : scalesOf(from.moments);
        const moved = (x: Float64Array) => toScaled(toRaw(x, before, outputs), now, outputs);
        // Other scales must not make it another model.
        if (moments !== from.moments)
          models = models.map(({ state, x, mean }) => ({ state, x: moved(x), mean: moved(mean) }));
        const { means, scales } = now;
        for (let i = 0; i < filled.length;)
          for (let k = 0; k < columns; k++, i++) filled[i] = (filled[i] - means[k]) / scales[k];
      }
      const design = denseDesign({
        format: "dense",
        rows: weights?.length ?? rows,
        columns,
        values: batch.values,
      });
      const counts = totalOf({ weights } as Parameters<typeof totalOf>[0], rows);
      const seenSoFar = from.total + counts;
      const position = {
        rows: from.rows + rows,
        steps: from.steps,
        total: seenSoFar,
        moments,
        models,
      };
      // Rows that do not count move nothing.
      if (counts === 0) return { position, looks: null };
      const penalty = penaltyOf(options.penalty, total ?? seenSoFar, op);
      const learningRate = rate(from.steps, options.totalSteps);
      const looks: { cost: number; gradientSize: number }[] = [];
      const next = seenOf(form, { classes, numbers }, weights).map((seen, k) => {
        const objective = linearObjective({ design, seen, penalty, intercept });
        const { value, gradient } = objective.look(models[k].x);
        if (!Number.isFinite(value))
          throw new ValueError(
            `${op}: the cost is ${value} after ${from.rows} rows: steps are too long, or the numbers too large; ` +
              "lower the learning rate, or scale the columns (standardise: true)",
          );
        looks.push({ cost: value, gradientSize: largest(gradient) });
        const { state, x, mean } = models[k];
        const next = step(state, x, gradient, learningRate);
        return { ...next, mean: meanWith(mean, averaged(next.state, next.x), from.steps + 1) };
      });
      return { position: { ...position, steps: from.steps + 1, models: next }, looks };
    },

    /** The models' weights for columns as they come, averages where they are kept. */
    weights({ models, moments }: Position): Weights[] {
      return models.map(({ state, x, mean }) => {
        const best = options.average ? mean : averaged(state, x);
        const scaled = standardise && moments !== null;
        const raw = toRaw(best, scaled ? scalesOf(moments) : null, outputs);
        const { W, b } = weightsIn(raw, columns, outputs);
        return { W: W.slice(), b: b.slice() };
      });
    },
  };
}

/**
 * Long steps at first, so that a short stream is enough, then shorter ones with the root of their number.
 *
 * @source Kingma & Ba, arXiv:1412.6980 (theorem 4.1)
 */
const defaultRate = (step: number): number => 0.1 / Math.sqrt(1 + step / 10);

/** How much more the later of the steps count in the average. */
const eta = 3;

/**
 * The average of all steps, after another one: the last half of them makes up most of it, however many there are.
 *
 * @source Shamir & Zhang, Stochastic gradient descent for non-smooth optimization, 2013 (polynomial decay)
 */
function meanWith(mean: Float64Array, x: Float64Array, steps: number): Float64Array {
  const share = (eta + 1) / (eta + steps);
  return mean.map((value, i) => value + share * (x[i] - value));
}

/** Parameters for columns as they come as those for scaled columns. */
function toScaled(x: Float64Array, { means, scales }: Scales, outputs: number): Float64Array {
  const out = x.slice();
  const split = means.length * outputs;
  for (let j = 0, i = 0; j < means.length; j++)
    for (let k = 0; k < outputs; k++, i++) {
      if (split + k < out.length) out[split + k] += x[i] * means[j];
      out[i] = x[i] * scales[j];
    }
  return out;
}

/** And back; null: they are not scaled. */
function toRaw(x: Float64Array, by: Scales | null, outputs: number): Float64Array {
  if (by === null) return x;
  const { means, scales } = by;
  const out = x.slice();
  const split = means.length * outputs;
  for (let j = 0, i = 0; j < means.length; j++)
    for (let k = 0; k < outputs; k++, i++) {
      out[i] = x[i] / scales[j];
      if (split + k < out.length) out[split + k] -= out[i] * means[j];
    }
  return out;
}
