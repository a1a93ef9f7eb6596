import type { Json, Variables } from "../layer.js";
import type { EpochFigures } from "../training/history.js";
import type { Figures } from "../training/tally.js";

/** What a callback may ask of the training it looks on, and do to it. */
export interface Run {
  readonly epochs: number;
  /** Batches of an epoch, if that is known. */
  readonly batches: number | undefined;
  /** The epoch that is being done, from 0, and the batch within it. */
  readonly epoch: number;
  readonly batch: number;
  /** Updates made since training began. */
  readonly step: number;
  readonly history: readonly EpochFigures[];
  /** The learning rate of the step to come is multiplied with this. */
  rateScale: number;
  /** Ends the training after the batch that is being done. */
  stop(reason: string): void;
  /** The parameters and what layers keep, as of now. */
  weights(): Weights;
  /** Goes on from other ones. */
  setWeights(weights: Weights): void;
}

export interface Weights {
  readonly params: Variables;
  readonly state: Variables;
}

export interface BatchEvent {
  readonly epoch: number;
  readonly batch: number;
  /** Mean loss of the batch, before its update. */
  readonly loss: number;
  readonly learningRate: number;
  /** Examples in the batch. */
  readonly count: number;
  /** The epoch's figures so far. Asking costs a little time. */
  figures(): Figures;
}

/**
 * Looks on while a model is trained. Each function may be async, and training waits for it. A
 * callback that remembers something gives it as `state` and takes it back, so that training can be
 * resumed.
 */
export interface Callback {
  readonly name?: string;
  onTrainBegin?(run: Run): void | Promise<void>;
  onEpochBegin?(epoch: number, run: Run): void | Promise<void>;
  onBatchEnd?(event: BatchEvent, run: Run): void | Promise<void>;
  onEpochEnd?(figures: EpochFigures, run: Run): void | Promise<void>;
  onTrainEnd?(run: Run): void | Promise<void>;
  state?(): Json;
  restore?(state: Json): void;
}
