import { ValueError } from "../../base/errors.js";
import { full, tensor, zerosLike } from "../../tensor/functions/create.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import type { BatchEvent, Callback, Run, Weights } from "../callbacks/callback.js";
import { mapVariables } from "../optimizers/trees.js";
import { breather } from "./breathe.js";
import { evaluate } from "./evaluate.js";
import type { BatchStream, Source } from "./source.js";
import type { Examples } from "./examples.js";
import type { EpochFigures } from "./history.js";
import { type Carry, type Learning, trainStep } from "./step.js";
import { figuresOf, startTally } from "./tally.js";

export interface RunOptions {
  readonly epochs: number;
  readonly source: Source;
  readonly validation: Examples | BatchStream | undefined;
  readonly validationBatchSize: number;
  readonly callbacks: readonly Callback[];
  /** For all that is random in the layers. */
  readonly key: Key;
  readonly signal: { readonly aborted: boolean } | undefined;
}

/** Where training starts, or goes on. */
export interface Start extends Weights {
  readonly optimizer: Carry["optimizer"];
}

/** One training: its state, and the loop that drives it. */
export class Training implements Run {
  epoch = 0;
  batch = 0;
  step = 0;
  rateScale = 1;
  readonly history: EpochFigures[] = [];
  /** Why it ended before the last epoch. */
  stopped: string | null = null;
  private carry: Carry;
  private readonly advance: ReturnType<typeof trainStep>;
  private readonly breathe = breather();

  constructor(
    private readonly learning: Learning,
    private readonly options: RunOptions,
    { params, state, optimizer }: Start,
  ) {
    const { accumulate, metrics } = learning;
    if (!(Number.isSafeInteger(options.epochs) && options.epochs >= 0))
      throw new ValueError(`fit: epochs must be a whole number ≥ 0, got ${options.epochs}`);
    this.advance = trainStep(learning);
    this.carry = {
      params,
      state,
      optimizer,
      gradients: accumulate > 1 ? mapVariables(zerosLike, params) : null,
      step: tensor(0, { dtype: "i32" }),
      tally: startTally(metrics),
    };
  }

  get epochs(): number {
    return this.options.epochs;
  }

  get batches(): number | undefined {
    return this.options.source.batches;
  }

  /** All that a step changes, as of now. */
  get now(): Start {
    return this.carry;
  }

  stop(reason: string): void {
    this.stopped ??= reason;
  }

  weights(): Weights {
    return { params: copy(this.carry.params), state: copy(this.carry.state) };
  }

  setWeights({ params, state }: Weights): void {
    this.carry = { ...this.carry, params: copy(params), state: copy(state) };
  }

  async run(): Promise<void> {
    const { callbacks, signal } = this.options;
    for (const callback of callbacks) await callback.onTrainBegin?.(this);
    while (this.epoch < this.epochs && this.stopped === null) {
      await this.runEpoch();
      if (signal?.aborted) this.stop("aborted");
    }
    for (const callback of callbacks) await callback.onTrainEnd?.(this);
  }

  private async runEpoch(): Promise<void> {
    const { source, callbacks, signal } = this.options;
    const { metrics } = this.learning;
    const startedAt = performance.now();
    if (this.batch === 0) {
      this.carry = { ...this.carry, tally: startTally(metrics) };
      for (const callback of callbacks) await callback.onEpochBegin?.(this.epoch, this);
    }
    let learningRate = this.rate();
    for await (const { data, rows, count } of source.epoch(this.epoch, this.batch)) {
      learningRate = this.rate();
      const update = (this.batch + 1) % this.learning.accumulate === 0;
      const rate = full([], learningRate, { dtype: "f64" });
      const { key } = this.options;
      const result = this.advance(this.carry, data, rows, key, rate, update);
      this.carry = result.carry;
      if (update) this.step++;
      this.batch++;
      const event: BatchEvent = {
        epoch: this.epoch,
        batch: this.batch - 1,
        loss: result.loss.item() as number,
        learningRate,
        count,
        figures: () => figuresOf(this.carry.tally, metrics),
      };
      for (const callback of callbacks) await callback.onBatchEnd?.(event, this);
      await this.breathe();
      if (signal?.aborted) this.stop("aborted");
      // Half an epoch has no figures: it is gone on with when training is resumed.
      if (this.stopped !== null && this.batch !== source.batches) return;
    }
    await this.endEpoch(learningRate, (performance.now() - startedAt) / 1000);
  }

  private async endEpoch(learningRate: number, seconds: number): Promise<void> {
    const { validation, validationBatchSize, callbacks } = this.options;
    const { metrics } = this.learning;
    const train = figuresOf(this.carry.tally, metrics);
    const figures: EpochFigures = {
      epoch: this.epoch,
      train,
      ...(validation === undefined
        ? {}
        : {
            validation: await evaluate(this.learning, this.carry, validation, validationBatchSize),
          }),
      learningRate,
      seconds,
    };
    this.history.push(figures);
    this.epoch++;
    this.batch = 0;
    for (const callback of callbacks) await callback.onEpochEnd?.(figures, this);
  }

  /** The learning rate of the step to come. */
  private rate(): number {
    const { learningRate } = this.learning.optimizer;
    const total = this.epochs * Math.ceil((this.batches ?? 1) / this.learning.accumulate);
    const rate = typeof learningRate === "number" ? learningRate : learningRate(this.step, total);
    return rate * this.rateScale;
  }
}

/** What a step takes over must be nobody else's. */
const copy = <T extends Weights["params"]>(tree: T): T =>
  mapVariables(
    (x) => tensor(x.toArray() as never, { dtype: x.dtype, shape: x.shape }) as never,
    tree,
  );

/** A run's own key, from the seed: layers and order draw from parts of it that do not meet. */
export const keysOf = (key: Key): { init: Key; order: Key; layers: Key } => ({
  init: foldIn(key, 0),
  order: foldIn(key, 1),
  layers: foldIn(key, 2),
});
