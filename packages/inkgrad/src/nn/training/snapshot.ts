import type { Json, Variables } from "../layer.js";
import type { Health } from "./health.js";
import type { EpochFigures } from "./history.js";
import type { Carry } from "./step.js";

/** All that a training is, at a moment between two batches. */
export interface Snapshot {
  readonly carry: Carry;
  readonly place: SnapshotPlace;
  /** What callbacks remember, in their order. */
  readonly callbacks: readonly CallbackState[];
}

export interface SnapshotPlace {
  readonly epoch: number;
  /** Batches of the epoch that are done. */
  readonly batch: number;
  readonly step: number;
  readonly rateScale: number;
  readonly rate: number | null;
  readonly history: readonly EpochFigures[];
  readonly health: readonly Health[];
  /** Spent on this epoch, and on the whole. */
  readonly epochSeconds: number;
  readonly elapsedSeconds: number;
  readonly stopped: string | null;
}

export interface CallbackState {
  readonly name: string;
  readonly state: Json;
  readonly variables: Variables | null;
}
