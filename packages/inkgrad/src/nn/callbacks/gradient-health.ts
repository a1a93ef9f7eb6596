import { ValueError } from "../../base/errors.js";
import type { Health } from "../training/health.js";
import type { Callback } from "./callback.js";

export interface GradientHealthOptions {
  /** Updates from one look to the next (default 100). */
  readonly every?: number;
  /** Is told what was found. It is in the history and the events of batches too. */
  readonly onHealth?: (health: Health) => void;
}

/**
 * Looks at the gradients now and then: norms of each layer, dead and saturated units, and warnings
 * with a hint when they vanish or explode. That is a program of its own, as dear as a step; the steps
 * in between cost nothing.
 */
export function gradientHealth({ every = 100, onHealth }: GradientHealthOptions = {}): Callback {
  if (!(Number.isSafeInteger(every) && every >= 1))
    throw new ValueError(`gradientHealth: every must be a whole number ≥ 1, got ${String(every)}`);
  let last = -1;
  return {
    name: "gradientHealth",
    onTrainBegin() {
      last = -1;
    },
    onBatchBegin(_batch, run) {
      // Several batches may belong to one step.
      if (run.step === last || run.step % every !== 0) return;
      last = run.step;
      const health = run.health();
      onHealth?.(health);
    },
    state: () => last,
    restore(state) {
      last = state as number;
    },
  };
}
