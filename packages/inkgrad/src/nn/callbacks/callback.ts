import type { Json, Variables } from "../layer.js";
import type { Examples } from "../training/examples.js";
import type { Health } from "../training/health.js";
import type { EpochFigures } from "../training/history.js";
import type { Figures } from "../training/tally.js";

/** What a callback may ask of the training it looks on, and do to it. */
export interface Run {
  readonly epochs: number;
  /** Batches of an epoch, if that is known. */
  readonly batches: number | undefined;
  /** The epoch that is being done, from 0, and the batches of it that are done. */
  readonly epoch: number;
  readonly batch: number;
  /** Updates made since training began. */
  readonly step: number;
  readonly history: readonly EpochFigures[];
  /** Why training ends before its last epoch, once that is so. */
  readonly stopped: string | null;
  /** The learning rate of the step to come. */
  readonly learningRate: number;
  /** The learning rate of the step to come is multiplied with this (default 1). */
  rateScale: number;
  /** Takes the place of the optimizer's learning rate, and of its schedule; null: it does not. */
  rate: number | null;
  /**
   * Ends the training after the batch that is being done.
   *
   * @param options.spoiled  the parameters are of no use: no checkpoint of them is written
   */
  stop(reason: string, options?: { readonly spoiled?: boolean }): void;
  /** The parameters and what layers keep, as of now; these stay as they are while training goes on. */
  weights(): Weights;
  /** Goes on from other ones. */
  setWeights(weights: Weights): void;
  /** The examples of the batch that is being done. */
  examples(): Examples;
  /** In `onBatchBegin`: how gradients flow in the step to come. As dear as a step. */
  health(): Health;
  /** Writes the model as of now to a file, for `loadModel`. */
  save(path: string): Promise<void>;
}

export interface Weights {
  readonly params: Variables;
  readonly state: Variables;
  /** The optimizer's state, if its averages are what is evaluated. */
  readonly optimizer?: Variables;
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
  readonly figures: () => Figures;
  /** What was found about its gradients, if somebody asked. */
  readonly health?: Health;
}

/** When a run's state is written. Besides, it is at the end and when training is stopped. */
export interface CheckpointOptions {
  readonly path: string;
  /** Epochs, updates, seconds from one to the next (default: every epoch). */
  readonly everyEpochs?: number;
  readonly everySteps?: number;
  readonly everySeconds?: number;
}

/**
 * Looks on while a model is trained. Each function may be async, and training waits for it. A
 * callback that remembers something gives it as `state` (and tensors as `variables`) and takes it back,
 * so that training can be resumed to the same bits.
 */
export interface Callback {
  readonly name?: string;
  onTrainBegin?(run: Run): void | Promise<void>;
  /** Not again for an epoch in whose middle training is resumed. */
  onEpochBegin?(epoch: number, run: Run): void | Promise<void>;
  onBatchBegin?(batch: number, run: Run): void | Promise<void>;
  onBatchEnd?(event: BatchEvent, run: Run): void | Promise<void>;
  onEpochEnd?(figures: EpochFigures, run: Run): void | Promise<void>;
  onTrainEnd?(run: Run): void | Promise<void>;
  state?(): Json;
  variables?(): Variables | null;
  restore?(state: Json, variables: Variables | null): void;
  /** Asks the training for checkpoints: see `checkpoint`. */
  readonly checkpoint?: CheckpointOptions;
}
