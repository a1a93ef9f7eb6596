import { InkgradError } from "../../base/errors.js";
import { key as makeKey } from "../../tensor/random/key.js";
import type { Callback, Weights } from "../callbacks/callback.js";
import type { Layer, Variables } from "../layer.js";
import { type LossLike, lossOf } from "../losses/named.js";
import { isCounted, isWhole } from "../metrics/metric.js";
import { type MetricLike, metricOf } from "../metrics/named.js";
import { type OptimizerLike, optimizerOf } from "../optimizers/named.js";
import type { Examples } from "./examples.js";
import { keysOf, Training } from "./run.js";
import { type BatchStream, isStream, sourceOf } from "./source.js";
import type { Learning } from "./step.js";
import { Trained } from "./trained.js";

export interface CompileOptions {
  /** What is made small: a loss, or its name. */
  readonly loss: LossLike;
  /** How (default "adam"). */
  readonly optimizer?: OptimizerLike;
  /** Figures that are shown: metrics or their names (default none). */
  readonly metrics?: readonly MetricLike[];
  /** Batches whose gradients are averaged for one update (default 1). */
  readonly accumulate?: number;
  /** The same bits on every machine (default: as `setDeterministic` says). */
  readonly deterministic?: boolean;
}

export interface FitOptions {
  /** How often all examples are gone through (default 1). */
  readonly epochs?: number;
  /** Examples of a step (default 32): 1 is stochastic, as many as there are is batch training. */
  readonly batchSize?: number;
  readonly validationData?: Examples | BatchStream;
  /** For all that is random: first values, order, dropout (default 0). */
  readonly seed?: number;
  /** Take the examples in another order in each epoch? (default true) */
  readonly shuffle?: boolean;
  /** Leave out the last examples of an epoch if they do not fill a batch? (default false) */
  readonly dropLast?: boolean;
  readonly callbacks?: readonly Callback[];
  /** Ends the training after the current batch when it is aborted. */
  readonly signal?: { readonly aborted: boolean };
}

/** A model with what it is trained by: loss, optimizer and metrics. */
export class Learner {
  readonly learning: Learning;

  constructor(model: Layer, options: CompileOptions) {
    const { loss, optimizer = "adam", metrics = [], accumulate = 1, deterministic } = options;
    const figures = metrics.map(metricOf);
    this.learning = {
      model,
      loss: lossOf(loss),
      optimizer: optimizerOf(optimizer),
      metrics: figures.filter(isCounted),
      whole: figures.filter(isWhole),
      accumulate,
      deterministic,
    };
  }

  /** Trains the model on examples, from first values of its own. */
  async fit(data: Examples | BatchStream, options: FitOptions = {}): Promise<Trained> {
    const { seed = 0 } = options;
    const { model, optimizer } = this.learning;
    const shape = exampleShape(model, data);
    const keys = keysOf(makeKey(seed));
    const params = model.init?.(keys.init, shape) ?? {};
    const state = model.initState?.(shape) ?? {};
    return this.train(data, options, { params, state, optimizer: optimizer.init(params) });
  }

  /** @internal */
  async train(
    data: Examples | BatchStream,
    options: FitOptions,
    start: Weights & { optimizer: Variables },
  ): Promise<Trained> {
    const { epochs = 1, batchSize = 32, seed = 0, shuffle = true, dropLast = false } = options;
    const keys = keysOf(makeKey(seed));
    const key = shuffle ? keys.order : null;
    const source = sourceOf(data, { batchSize, key, dropLast }, "fit");
    const training = new Training(
      this.learning,
      {
        epochs,
        source,
        validation: options.validationData,
        validationBatchSize: Math.max(batchSize, 256),
        callbacks: options.callbacks ?? [],
        key: keys.layers,
        signal: options.signal,
      },
      start,
    );
    await training.run();
    return new Trained(this, training.now, training.history, training.stopped);
  }
}

function exampleShape(model: Layer, data: Examples | BatchStream): number[] {
  const given = (model as { input?: readonly number[] }).input;
  if (given !== undefined) return [...given];
  if (!isStream(data)) return data.x.shape.slice(1);
  throw new InkgradError(
    "fit: the model does not know what an example looks like before the first batch is made; begin " +
      "it with input(…)",
  );
}
