import { InkgradError, ValueError } from "../../base/errors.js";
import { storedElements, tensorOf } from "../../data/tensor-of.js";
import { tensor } from "../../tensor/functions/create.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import type { BatchEvent, Callback, Run, Weights } from "../callbacks/callback.js";
import type { Variables } from "../layer.js";
import { mapVariables } from "../optimizers/trees.js";
import { breather } from "./breathe.js";
import type { Checkpoints } from "./checkpoints.js";
import { evaluate, type Validation } from "./evaluate.js";
import { type Examples, pick } from "./examples.js";
import { type Health, healthStep } from "./health.js";
import type { EpochFigures } from "./history.js";
import type { Snapshot } from "./snapshot.js";
import type { Batch, Source } from "./source.js";
import { type Carry, gatherNothing, type Learning, trainStep } from "./step.js";
import { figuresOf, startTally } from "./tally.js";

export interface RunOptions {
  readonly epochs: number;
  readonly source: Source;
  readonly validation: Validation | undefined;
  readonly callbacks: readonly Callback[];
  readonly checkpoints: Checkpoints;
  readonly classWeights: readonly number[] | undefined;
  /** For all that is random in the layers. */
  readonly key: Key;
  readonly aborted: () => boolean;
  /** Writes a model file of weights. */
  readonly save: (path: string, weights: Weights) => Promise<void>;
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
  rate: number | null = null;
  history: EpochFigures[] = [];
  /** Why it ended before the last epoch. */
  stopped: string | null = null;
  /** Are the parameters worth a checkpoint? */
  private spoiled = false;
  private carry: Carry;
  private current: Batch | null = null;
  /** What was found about gradients in this epoch, and for the batch that is being done. */
  private health_: Health[] = [];
  private examined: Health | undefined;
  /** Of this epoch, before training was resumed within it. */
  private secondsBefore = 0;
  private startedAt = performance.now();
  private elapsedBefore = 0;
  private readonly begunAt = performance.now();
  private readonly advance: ReturnType<typeof trainStep>;
  private examine: ReturnType<typeof healthStep> | undefined;
  private readonly breathe = breather();

  constructor(
    private readonly learning: Learning,
    private readonly options: RunOptions,
    { params, state, optimizer }: Start,
  ) {
    const { accumulate, metrics } = learning;
    if (!(Number.isSafeInteger(options.epochs) && options.epochs >= 0))
      throw new ValueError(`fit: epochs must be a whole number ≥ 0, got ${options.epochs}`);
    this.advance = trainStep(learning, options.classWeights);
    this.carry = {
      params,
      state,
      optimizer,
      gathered: gatherNothing(params, accumulate),
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
  get now(): Carry {
    return this.carry;
  }

  get learningRate(): number {
    if (this.rate !== null) return this.rate * this.rateScale;
    const { learningRate } = this.learning.optimizer;
    // Of a stream nobody may know how many batches there are: what is made of it is no number.
    const total = this.epochs * Math.ceil((this.batches ?? NaN) / this.learning.accumulate);
    const rate = typeof learningRate === "number" ? learningRate : learningRate(this.step, total);
    return rate * this.rateScale;
  }

  stop(reason: string, { spoiled = false }: { readonly spoiled?: boolean } = {}): void {
    this.stopped ??= reason;
    this.spoiled ||= spoiled;
  }

  weights(): Weights {
    const { params, state, optimizer } = this.carry;
    const weights = { params: copy(params), state: copy(state) };
    return this.learning.optimizer.averaged === undefined
      ? weights
      : { ...weights, optimizer: copy(optimizer) };
  }

  setWeights({ params, state, optimizer = this.carry.optimizer }: Weights): void {
    const own = { params: copy(params), state: copy(state), optimizer: copy(optimizer) };
    this.carry = { ...this.carry, ...own };
  }

  examples(): Examples {
    const { data, rows } = this.batchNow("examples");
    return pick(data, rows);
  }

  health(): Health {
    const { data, rows } = this.batchNow("health");
    this.examine ??= healthStep(this.learning, this.options.classWeights);
    const { epoch, batch, step } = this;
    const rate = tensor(this.learningRate, { dtype: "f64" });
    const place = { epoch, batch, step };
    this.examined = this.examine(place, this.carry, data, rows, this.options.key, rate);
    this.health_.push(this.examined);
    return this.examined;
  }

  save(path: string): Promise<void> {
    return this.options.save(path, this.evaluated());
  }

  /** All there is to go on from. */
  snapshot(): Snapshot {
    const { epoch, batch, step, rateScale, rate, history } = this;
    const now = performance.now();
    return {
      carry: this.carry,
      place: {
        epoch,
        batch,
        step,
        rateScale,
        rate,
        history: [...history],
        health: [...this.health_],
        epochSeconds: batch === 0 ? 0 : this.secondsBefore + (now - this.startedAt) / 1000,
        elapsedSeconds: this.elapsedBefore + (now - this.begunAt) / 1000,
        stopped: this.stopped === "aborted" ? null : this.stopped,
      },
      callbacks: this.options.callbacks.map((callback) => ({
        name: callback.name ?? "callback",
        state: callback.state?.() ?? null,
        variables: callback.variables?.() ?? null,
      })),
    };
  }

  private restore({ carry, place, callbacks }: Snapshot): void {
    const { history, health, epochSeconds, elapsedSeconds, ...rest } = place;
    Object.assign(this, rest);
    this.carry = carry;
    this.options.checkpoints.begin(this.step);
    this.history = [...history];
    this.health_ = [...health];
    this.secondsBefore = epochSeconds;
    this.elapsedBefore = elapsedSeconds;
    this.options.callbacks.forEach((callback, i) => {
      callback.restore?.(callbacks[i].state, callbacks[i].variables);
    });
  }

  async run(from?: Snapshot): Promise<void> {
    const { callbacks, aborted, checkpoints } = this.options;
    for (const callback of callbacks) await callback.onTrainBegin?.(this);
    if (from !== undefined) this.restore(from);
    while (this.epoch < this.epochs && this.stopped === null) {
      if (aborted()) this.stop("aborted");
      else await this.runEpoch();
    }
    if (!this.spoiled) await checkpoints.atEnd();
    for (const callback of callbacks) await callback.onTrainEnd?.(this);
  }

  private async runEpoch(): Promise<void> {
    const { source, callbacks, aborted } = this.options;
    const { metrics } = this.learning;
    this.startedAt = performance.now();
    if (this.batch === 0) {
      this.carry = { ...this.carry, tally: startTally(metrics) };
      this.health_ = [];
      this.secondsBefore = 0;
      for (const callback of callbacks) await callback.onEpochBegin?.(this.epoch, this);
    }
    const begins = callbacks.filter((callback) => "onBatchBegin" in callback);
    const ends = callbacks.filter((callback) => "onBatchEnd" in callback);
    let rate = this.learningRate;
    let any = false;
    for await (const batch of source.epoch(this.epoch, this.batch)) {
      any = true;
      this.current = batch;
      this.examined = undefined;
      for (const callback of begins) await callback.onBatchBegin?.(this.batch, this);
      rate = this.learningRate;
      const loss = this.learn(batch, rate);
      if (aborted()) this.stop("aborted");
      if (ends.length > 0) {
        const event = this.eventOf(batch, loss, rate);
        for (const callback of ends) await callback.onBatchEnd?.(event, this);
      }
      // Half an epoch has no figures: it is gone on with when training is resumed.
      if (this.stopped !== null && !batch.last) return;
      if (!batch.last && !this.spoiled) await this.options.checkpoints.afterBatch(this);
      await this.breathe();
    }
    this.current = null;
    if (!any)
      throw new ValueError(`fit: epoch ${this.epoch + 1} has no batches; is the data used up?`);
    await this.endEpoch(rate);
  }

  /** One batch; returns its mean loss. */
  private learn({ data, rows, last }: Batch, rate: number): number {
    requireRate(rate, this.step, this.batches !== undefined);
    const update = last || (this.batch + 1) % this.learning.accumulate === 0;
    const { key } = this.options;
    const scalar = tensor(rate, { dtype: "f64" });
    const result = this.advance(this.carry, data, rows, key, scalar, update);
    this.carry = result.carry;
    if (update) this.step++;
    this.batch++;
    return result.loss.item() as number;
  }

  private eventOf({ count }: Batch, loss: number, learningRate: number): BatchEvent {
    const { metrics } = this.learning;
    return {
      epoch: this.epoch,
      batch: this.batch - 1,
      loss,
      learningRate,
      count,
      figures: () => figuresOf(this.carry.tally, metrics),
      ...(this.examined === undefined ? {} : { health: this.examined }),
    };
  }

  private async endEpoch(learningRate: number): Promise<void> {
    const { validation, callbacks, checkpoints } = this.options;
    const { metrics } = this.learning;
    const train = figuresOf(this.carry.tally, metrics);
    const figures: EpochFigures = {
      epoch: this.epoch,
      train,
      ...(validation === undefined
        ? {}
        : { validation: await evaluate(this.learning, this.evaluated(), validation) }),
      learningRate,
      seconds: this.secondsBefore + (performance.now() - this.startedAt) / 1000,
      ...(this.health_.length === 0 ? {} : { health: this.health_ }),
    };
    this.history.push(figures);
    this.epoch++;
    this.batch = 0;
    for (const callback of callbacks) await callback.onEpochEnd?.(figures, this);
    if (!this.spoiled) await checkpoints.afterEpoch(this);
  }

  /** What is evaluated: averages, if the optimizer keeps any. */
  private evaluated(): Weights {
    const { params, state, optimizer } = this.carry;
    const averaged = this.learning.optimizer.averaged?.(optimizer, params) ?? params;
    return { params: averaged, state };
  }

  private batchNow(op: string): Batch {
    if (this.current !== null) return this.current;
    throw new InkgradError(`${op}: no batch is being done; ask in onBatchBegin or onBatchEnd`);
  }
}

function requireRate(rate: number, step: number, lengthKnown: boolean): void {
  if (rate >= 0 && rate < Infinity) return;
  throw new ValueError(
    `fit: the learning rate of step ${step + 1} must be a number ≥ 0, got ${String(rate)}; ` +
      (lengthKnown || !Number.isNaN(rate)
        ? "look at the schedule, or at the callback that sets it"
        : "nobody knows how long the run is, which its schedule goes by: give the schedule `steps`, or " +
          "the stream `batches`"),
  );
}

/** What a step takes over must be nobody else's: arrays of one's own are never written to. */
export const copy = <T extends Variables>(tree: T): T =>
  mapVariables((x) => tensorOf(storedElements(x), x.shape, x.dtype), tree);

/** A run's own key, from the seed: parts of it that do not meet. */
export const keysOf = (key: Key): { init: Key; order: Key; layers: Key; split: Key } => ({
  init: foldIn(key, 0),
  order: foldIn(key, 1),
  layers: foldIn(key, 2),
  split: foldIn(key, 3),
});
