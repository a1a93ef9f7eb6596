import type { Figures } from "./tally.js";

/** The figures of an epoch, as `history` lists them. */
export interface EpochFigures {
  readonly epoch: number;
  /** Of the training examples while they were learned from: "loss" and the metrics. */
  readonly train: Figures;
  /** Of the validation examples after the epoch, if there are any. */
  readonly validation?: Figures;
  readonly learningRate: number;
  readonly seconds: number;
}
