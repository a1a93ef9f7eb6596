import { tensor, zerosLike } from "../../tensor/functions/create.js";
import { foldIn } from "../../tensor/random/key.js";
import { compile } from "../../tensor/transforms/compile.js";
import { valueAndGrad } from "../../tensor/transforms/grad.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Context, inference, type Layer, type Observed, type Variables } from "../layer.js";
import { exampleWeights, perWeight, weightedMean, type Loss } from "../losses/loss.js";
import type { Metric, WholeMetric } from "../metrics/metric.js";
import type { Optimizer } from "../optimizers/optimizer.js";
import { mapVariables } from "../optimizers/trees.js";
import { type Examples, pick } from "./examples.js";
import { weightsOf } from "./class-weights.js";
import { addToTally, type Tally } from "./tally.js";

/** The programs of training: a step, and the figures of a batch without learning from it. */

/** Gradients of Σ wᵢ lᵢ, and Σ wᵢ: so that k batches of b examples make the step of one of k · b. */
export type Gathered = { readonly gradients: Variables; readonly weight: Tensor };

/** All that a step changes. */
export type Carry = {
  readonly params: Variables;
  /** What layers keep. */
  readonly state: Variables;
  readonly optimizer: Variables;
  /** What is gathered so far, if several batches make a step; null otherwise. */
  readonly gathered: Gathered | null;
  /** Batches done, which also numbers the random keys: i32. */
  readonly step: Tensor;
  readonly tally: Tally;
};

export interface Learning {
  readonly model: Layer;
  readonly loss: Loss;
  readonly optimizer: Optimizer;
  readonly metrics: readonly Metric[];
  /** Metrics of all predictions together. */
  readonly whole: readonly WholeMetric[];
  /** Batches whose gradients are averaged for one update. */
  readonly accumulate: number;
  readonly deterministic: boolean | undefined;
}

/** Nothing gathered yet; null if each batch makes a step. */
export const gatherNothing = (params: Variables, accumulate: number): Gathered | null =>
  accumulate > 1
    ? { gradients: mapVariables(zerosLike, params), weight: tensor(0, { dtype: "f32" }) }
    : null;

/** The model on a batch, and what its layers keep afterwards. With nothing in `how`: as it is used. */
export function forward(
  model: Layer,
  params: Variables,
  state: Variables,
  x: Tensor,
  how: Pick<Partial<Context>, "training" | "key" | "momentum" | "observe"> = {},
): { predictions: Tensor; state: Variables } {
  let kept = state;
  const predictions = model.apply(params, x, {
    ...inference,
    ...how,
    state,
    keep: (next) => {
      kept = next;
    },
  });
  return { predictions, state: kept };
}

/** Programs by what they were made for, so that training again need not compile again. */
export function remembered<Of extends object, Args extends unknown[], R>(
  make: (of: Of, ...args: Args) => R,
): (of: Of, ...args: Args) => R {
  const known = new WeakMap<Of, Map<string, R>>();
  return (of, ...args) => {
    const own = known.get(of) ?? new Map<string, R>();
    known.set(of, own);
    const key = JSON.stringify(args);
    const made = own.get(key) ?? make(of, ...args);
    own.set(key, made);
    return made;
  };
}

/** What a batch says to the parameters. */
export interface Slope {
  /** Of the mean loss; of Σ wᵢ lᵢ, if it is to be gathered. */
  readonly gradients: Variables;
  /** Mean of the losses. */
  readonly loss: Tensor;
  readonly losses: Tensor;
  readonly weight: Tensor;
  readonly predictions: Tensor;
  /** What layers keep from now on. */
  readonly state: Variables;
  /** What activations gave, if somebody looks. */
  readonly observed: readonly Observed[];
}

/** The gradients of a batch, as part of a program. */
export function slopeOf(
  { model, loss, accumulate }: Learning,
  { params, state }: { readonly params: Variables; readonly state: Variables },
  batch: Examples,
  key: Key,
  { classWeights, observing = false }: SlopeOptions,
): Slope {
  const seen: Omit<Observed, "output">[] = [];
  const cost = (params: Variables): [Tensor, Omit<Slope, "gradients" | "observed"> & Outputs] => {
    const outputs: Tensor[] = [];
    seen.length = 0;
    const observe = ({ path, kind, output }: Observed): void => {
      seen.push({ path, kind });
      outputs.push(output);
    };
    const made = forward(model, params, state, batch.x, {
      training: true,
      key,
      ...(observing && { observe }),
    });
    const { predictions } = made;
    const losses = loss.perExample(predictions, batch.y);
    const weights = weightsOf(loss, batch, predictions, classWeights);
    const gathering = accumulate > 1;
    const sum = gathering ? (weights === undefined ? losses : losses.mul(weights)).sum() : null;
    const weight = weights?.sum() ?? tensor(losses.shape[0], { dtype: "f32" });
    const mean = sum === null ? weightedMean(losses, weights) : perWeight(sum, weight);
    return [sum ?? mean, { loss: mean, losses, weight, predictions, state: made.state, outputs }];
  };
  const differentiate = valueAndGrad(cost as never, 0, { hasAux: true }) as unknown as (
    params: Variables,
  ) => [ReturnType<typeof cost>, Variables];
  const [[, { outputs, ...rest }], gradients] = differentiate(params);
  const observed = seen.map((what, i) => ({ ...what, output: outputs[i] }));
  return { ...rest, gradients, observed };
}

interface Outputs {
  readonly outputs: readonly Tensor[];
}

export interface SlopeOptions {
  readonly classWeights: readonly number[] | undefined;
  readonly observing?: boolean;
}

/**
 * A whole step as one program: forward, backward, update, figures. With `update: false` gradients
 * are gathered only.
 */
export const trainStep = remembered((learning: Learning, classWeights?: readonly number[]) => {
  const { loss, optimizer, metrics, ...how } = learning;
  const step = (
    carry: Carry,
    data: Examples,
    rows: Tensor | null,
    key: Key,
    learningRate: Tensor,
    update: boolean,
  ): { carry: Carry; loss: Tensor } => {
    const batch = pick(data, rows);
    const slope = slopeOf(learning, carry, batch, foldIn(key, carry.step), { classWeights });
    const gathered = gather(carry.gathered, slope);
    const next = update
      ? optimizer.update(carry.optimizer, meanGradients(gathered, slope), carry.params, {
          learningRate,
        })
      : { params: carry.params, state: carry.optimizer };
    const { losses, predictions } = slope;
    const weights = weightsOf(loss, batch, predictions, classWeights);
    return {
      carry: {
        params: next.params,
        state: slope.state,
        optimizer: next.state,
        gathered: gathered !== null && update ? mapGathered(zerosLike, gathered) : gathered,
        step: carry.step.add(1),
        tally: addToTally(
          carry.tally,
          metrics,
          { losses, lossWeights: weights },
          predictions,
          batch,
        ),
      },
      loss: slope.loss,
    };
  };
  return compile(step, { donate: 0, name: "training step", deterministic: how.deterministic });
});

export const gather = (before: Gathered | null, { gradients, weight }: Slope): Gathered | null =>
  before === null
    ? null
    : {
        gradients: mapVariables((sum, g) => sum.add(g), before.gradients, gradients),
        weight: before.weight.add(weight),
      };

/** The gradients to step by. */
export const meanGradients = (gathered: Gathered | null, { gradients }: Slope): Variables =>
  gathered === null
    ? gradients
    : mapVariables((sum) => perWeight(sum, gathered.weight), gathered.gradients);

const mapGathered = (f: (x: Tensor) => Tensor, { gradients, weight }: Gathered): Gathered => ({
  gradients: mapVariables(f, gradients),
  weight: f(weight),
});

/** A batch, for metrics that need all of them. */
export interface Seen {
  readonly predictions: Tensor;
  readonly y: Tensor;
  readonly weights?: Tensor;
}

/** The figures of a batch, as part of a program. */
export const evaluateStep = remembered(({ model, loss, metrics, whole, ...how }: Learning) => {
  const step = (
    tally: Tally,
    params: Variables,
    state: Variables,
    data: Examples,
    rows: Tensor | null,
  ): { tally: Tally; seen: Seen | null } => {
    const { y, ...batch } = pick(data, rows);
    const { predictions } = forward(model, params, state, batch.x);
    const { weights } = batch;
    const counted = {
      losses: loss.perExample(predictions, y),
      lossWeights: exampleWeights(loss, y, weights),
    };
    const seen = { predictions, y, ...(weights === undefined ? {} : { weights }) };
    return {
      tally: addToTally(tally, metrics, counted, predictions, seen),
      seen: whole.length === 0 ? null : seen,
    };
  };
  return compile(step, { donate: 0, name: "evaluation", deterministic: how.deterministic });
});

/** What the model makes of a batch. */
export const predictStep = remembered((model: Layer, deterministic?: boolean) => {
  const step = (params: Variables, state: Variables, x: Tensor, rows: Tensor | null): Tensor => {
    const { x: inputs } = pick({ x, y: x }, rows);
    return forward(model, params, state, inputs).predictions;
  };
  return compile(step, { name: "prediction", deterministic });
});

/**
 * What layers keep after a batch of which the share 1 − momentum comes in. Nothing is random, and the
 * statistics of a batch are used right away.
 */
export const statisticsStep = remembered((model: Layer, deterministic?: boolean) => {
  const step = (
    params: Variables,
    state: Variables,
    data: Examples,
    rows: Tensor | null,
    momentum: Tensor,
  ): Variables => {
    const { x } = pick(data, rows);
    return forward(model, params, state, x, { training: true, momentum }).state;
  };
  return compile(step, { name: "statistics", deterministic });
});
