import type { EpochFigures } from "../training/history.js";
import type { Health } from "../training/health.js";
import type { Figures } from "../training/tally.js";
import type { Callback } from "./callback.js";

/** What a display shows. */
export type ProgressEvent =
  | { readonly type: "begin"; readonly epochs: number; readonly batches: number | undefined }
  | BatchProgress
  | { readonly type: "epoch"; readonly figures: EpochFigures; readonly epochs: number }
  | { readonly type: "health"; readonly health: Health }
  | { readonly type: "end"; readonly stopped: string | null };

export interface BatchProgress {
  readonly type: "batch";
  /** Counted from 0. */
  readonly epoch: number;
  readonly epochs: number;
  /** Batches of the epoch that are done, and all of them, if that is known. */
  readonly batch: number;
  readonly batches: number | undefined;
  /** The epoch's figures so far. */
  readonly figures: Figures;
  readonly learningRate: number;
  readonly examplesPerSecond: number;
  /** Till the end of training, validation not counted; undefined where batches are not known. */
  readonly secondsLeft: number | undefined;
}

/**
 * Tells a display what happens; it shows nothing itself.
 *
 * @param options.everyMs  least time between two events of batches (default 100)
 */
export function progress(
  show: (event: ProgressEvent) => void,
  { everyMs = 100 }: { readonly everyMs?: number } = {},
): Callback {
  let shownAt = 0;
  let begunAt = 0;
  let examples = 0;
  let done = 0;
  return {
    name: "progress",
    onTrainBegin({ epochs, batches }) {
      [shownAt, begunAt, examples, done] = [0, performance.now(), 0, 0];
      show({ type: "begin", epochs, batches });
    },
    onBatchEnd({ epoch, batch, learningRate, count, figures, health }, { epochs, batches }) {
      examples += count;
      done++;
      if (health !== undefined) show({ type: "health", health });
      const now = performance.now();
      if (now - shownAt < everyMs && batch + 1 !== batches) return;
      shownAt = now;
      const seconds = (now - begunAt) / 1000;
      const left = batches === undefined ? undefined : (epochs - epoch) * batches - (batch + 1);
      show({
        type: "batch",
        epoch,
        epochs,
        batch: batch + 1,
        batches,
        figures: figures(),
        learningRate,
        examplesPerSecond: examples / seconds,
        secondsLeft: left === undefined ? undefined : (left * seconds) / done,
      });
    },
    onEpochEnd(figures, { epochs }) {
      show({ type: "epoch", figures, epochs });
    },
    onTrainEnd({ stopped }) {
      show({ type: "end", stopped });
    },
  };
}
