import { InkgradError, ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { writeFileSafely } from "../../data/system-write.js";
import { zeros } from "../../tensor/functions/create.js";
import { key as makeKey } from "../../tensor/random/key.js";
import type { Callback, CheckpointOptions, Weights } from "../callbacks/callback.js";
import { gradientHealth, type GradientHealthOptions } from "../callbacks/gradient-health.js";
import { stopOnNaN } from "../callbacks/stop-on-nan.js";
import { inference, type Json, type Layer } from "../layer.js";
import { type LossLike, lossOf } from "../losses/named.js";
import { isCounted, isWhole } from "../metrics/metric.js";
import { type MetricLike, metricsOf } from "../metrics/named.js";
import { type OptimizerLike, optimizerOf } from "../optimizers/named.js";
import { modelBytes } from "../saving/model-file.js";
import { Checkpoints } from "./checkpoints.js";
import { type ClassWeights, classWeightsOf } from "./class-weights.js";
import { evaluate } from "./evaluate.js";
import { type Examples, requireExamples, requireInputs } from "./examples.js";
import { onInterrupt } from "./interrupt.js";
import { givesProbabilities, outputOf, requireFitting } from "./output.js";
import { findRate, type RateFinding, type RateFinderOptions } from "./rate-finder.js";
import { checkpointFiles } from "./resume.js";
import { keysOf, type Start, Training } from "./run.js";
import {
  type BatchSize,
  type BatchStream,
  isStream,
  requireBatchSize,
  sourceOf,
} from "./source.js";
import { splitOff } from "./split.js";
import type { Learning } from "./step.js";
import type { Figures } from "./tally.js";
import { requireAnswers, requireTargets } from "./targets.js";
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
  /** Examples of a step (default 32): 1 is stochastic, "all" is batch training. */
  readonly batchSize?: BatchSize;
  /** Examples to look at after each epoch, which are not learned from. */
  readonly validationData?: Examples | BatchStream;
  /** Or the share of the examples that is set aside for that: 0.1. The seed chooses which. */
  readonly validationSplit?: number;
  /**
   * How much the examples of a class count in the loss: numbers by class, or "balanced". Metrics do
   * not see it. Weights of single examples come with the data: `{ x, y, weights }`.
   */
  readonly classWeights?: ClassWeights;
  /** For all that is random: first values, order, dropout (default 0). */
  readonly seed?: number;
  /** Take the examples in another order in each epoch? (default true) */
  readonly shuffle?: boolean;
  /** Leave out the last examples of an epoch if they do not fill a batch? (default false) */
  readonly dropLast?: boolean;
  readonly callbacks?: readonly Callback[];
  /** Where and when to write all that is needed to go on. */
  readonly checkpoint?: CheckpointOptions;
  /**
   * Go on from a checkpoint: from that path, which must be there; or true: from that of `checkpoint`,
   * and from the beginning if there is none.
   */
  readonly resume?: boolean | string;
  /** Look at the gradients now and then: see `gradientHealth`. */
  readonly health?: boolean | GradientHealthOptions;
  /** End the training when the loss is not a number? (default true) */
  readonly stopOnNaN?: boolean;
  /** Ends the training after the current batch when it is aborted, with a checkpoint. */
  readonly signal?: { readonly aborted: boolean };
  /** Let Ctrl-C do the same? The second one ends the program. (default false) */
  readonly interruptible?: boolean;
}

/** What a trained model hands on when it trains on. */
export interface Known {
  readonly classes?: readonly string[] | undefined;
  readonly preprocessing?: Json | undefined;
}

/** A model with what it is trained by: loss, optimizer and metrics. */
export class Learner {
  readonly learning: Learning;

  constructor(model: Layer, options: CompileOptions) {
    const { loss, optimizer = "adam", metrics = [], accumulate = 1, deterministic } = options;
    if (!(Number.isSafeInteger(accumulate) && accumulate >= 1))
      throw new InkgradError(
        `compile: accumulate must be a whole number ≥ 1, got ${String(accumulate)}`,
      );
    const made = lossOf(loss, givesProbabilities(model) ? "probabilities" : "logits");
    requireFitting(model, made);
    const figures = metricsOf(metrics, /probabilities/i.test(outputOf(model, made)));
    this.learning = {
      model,
      loss: made,
      optimizer: optimizerOf(optimizer),
      metrics: figures.filter(isCounted),
      whole: figures.filter(isWhole),
      accumulate,
      deterministic,
    };
  }

  /** Trains the model on examples, from first values of its own. */
  async fit(data: Examples | BatchStream, options: FitOptions = {}): Promise<Trained> {
    return this.train(data, options, this.start(data, options.seed));
  }

  /** The loss and the metrics of the model as it begins, before anything is learned. */
  evaluate(
    data: Examples | BatchStream,
    { batchSize = 256, seed }: { readonly batchSize?: BatchSize; readonly seed?: number } = {},
  ): Promise<Figures> {
    return evaluate(this.learning, this.start(data, seed), { data, batchSize });
  }

  /**
   * Tries ever greater learning rates, a batch each, on a model that is thrown away: the loss falls,
   * then explodes. Nothing else is changed by it.
   */
  findLearningRate(
    data: Examples | BatchStream,
    options: RateFinderOptions = {},
  ): Promise<RateFinding> {
    return findRate(this.learning, data, this.start(data, options.seed), options);
  }

  /** First values. */
  private start(data: Examples | BatchStream, seed = 0): Start {
    const { model, optimizer } = this.learning;
    const shape = exampleShape(model, data);
    const params = model.init?.(keysOf(makeKey(seed)).init, shape) ?? {};
    const state = model.initState?.(shape) ?? {};
    return { params, state, optimizer: optimizer.init(params) };
  }

  /** @internal */
  async train(
    data: Examples | BatchStream,
    options: FitOptions,
    start: Start,
    known: Known = {},
  ): Promise<Trained> {
    const { learning } = this;
    const { model, loss } = learning;
    const { epochs = 1, batchSize = 32, seed = 0, shuffle = true, dropLast = false } = options;
    requireBatchSize(batchSize, "fit");
    const keys = keysOf(makeKey(seed));
    const input = exampleShape(model, data);
    const output = outputShape(model, start, input);
    for (const [name, one] of Object.entries({ data, validationData: options.validationData }))
      if (one !== undefined && !isStream(one)) {
        const op = name === "data" ? "fit" : `fit: ${name}`;
        requireExamples(one, op);
        requireInputs(one.x, input, op);
        requireTargets(loss, one.y, output, op);
        requireAnswers(learning, one.y, output);
      }
    const { among, validation } = await validationOf(data, options, keys.split);
    const classes = isStream(data) ? undefined : (data as Known).classes;
    const facts = { input, output: outputOf(model, loss), ...known };
    const named = classes === undefined ? facts : { ...facts, classes };
    const callbacks = callbacksOf(options);
    const files = checkpointFiles(learning, data, options, callbacks);
    const interrupt = options.interruptible === true ? onInterrupt() : null;
    const training: Training = new Training(
      learning,
      {
        epochs,
        source: sourceOf(
          data,
          {
            batchSize,
            key: shuffle ? keys.order : null,
            dropLast,
            among,
            check: (y) => requireTargets(loss, y, output, "fit"),
          },
          "fit",
        ),
        validation,
        callbacks,
        checkpoints: new Checkpoints(files.plans, (path) => files.write(path, training)),
        classWeights: classWeightsOf(options.classWeights, data, among),
        key: keys.layers,
        aborted: () => options.signal?.aborted === true || interrupt?.hit() === true,
        save: (path: string, weights: Weights) => {
          const { history } = training;
          return writeFileSafely(path, modelBytes(model, weights, { ...named, history }).bytes);
        },
      },
      start,
    );
    try {
      await training.run(await files.read(training.now));
    } finally {
      interrupt?.done();
    }
    const { now, history, stopped } = training;
    return new Trained(this, now, { ...named, history, stopped });
  }
}

/** Those that are asked for by options come last, when all others have seen the batch. */
function callbacksOf(options: FitOptions): Callback[] {
  const { callbacks = [], health = false, checkpoint } = options;
  requireCallbacks(callbacks);
  return [
    ...(options.stopOnNaN === false ? [] : [stopOnNaN()]),
    ...(health === false ? [] : [gradientHealth(health === true ? {} : health)]),
    ...callbacks,
    ...(checkpoint === undefined ? [] : [{ name: "checkpoint", checkpoint }]),
  ];
}

/** From untyped callers too: what is no callback would be passed over without a word. */
function requireCallbacks(callbacks: unknown): void {
  if (!Array.isArray(callbacks))
    throw new ValueError(`fit: callbacks must be a list, got ${describe(callbacks)}`);
  for (const callback of callbacks as readonly unknown[])
    if (typeof callback !== "object" || callback === null)
      throw new ValueError(
        `fit: a callback is an object with some of Callback's functions, got ${describe(callback)}` +
          (typeof callback === "function" ? "; call it, as callbacks.earlyStopping()" : ""),
      );
}

async function validationOf(
  data: Examples | BatchStream,
  { validationData, validationSplit, batchSize = 32 }: FitOptions,
  key: ReturnType<typeof keysOf>["split"],
) {
  const size = batchSize === "all" ? batchSize : Math.max(batchSize, 256);
  if (validationSplit === undefined)
    return {
      among: undefined,
      validation: validationData && { data: validationData, batchSize: size },
    };
  if (validationData !== undefined)
    throw new InkgradError("fit: give either validationData or validationSplit, not both");
  if (isStream(data))
    throw new InkgradError(
      "fit: validationSplit needs examples in memory; for batches that are made one by one give " +
        "validationData",
    );
  const { train, validation } = await splitOff(data.x.shape[0], validationSplit, key);
  return { among: train, validation: { data, batchSize: size, among: validation } };
}

/** Of what the model makes of one example; nothing is computed for it. */
const outputShape = (model: Layer, { params, state }: Weights, input: Shape): Shape =>
  model.apply(params, zeros([1, ...input]), { ...inference, state }).shape.slice(1);

function exampleShape(model: Layer, data: Examples | BatchStream): Shape {
  const given = (model as { input?: readonly number[] }).input;
  if (given !== undefined) return [...given];
  if (!isStream(data)) {
    requireExamples(data, "fit");
    return data.x.shape.slice(1);
  }
  throw new InkgradError(
    "fit: the model does not know what an example looks like before the first batch is made; begin " +
      "it with input(…)",
  );
}
