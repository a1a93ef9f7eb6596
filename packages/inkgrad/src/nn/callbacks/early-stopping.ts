import { ValueError } from "../../base/errors.js";
import type { Variables } from "../layer.js";
import type { Callback, Weights } from "./callback.js";
import { monitorOf, type MonitorOptions } from "./monitor.js";

export interface EarlyStoppingOptions extends MonitorOptions {
  /** Epochs without anything better before training ends (default 5). */
  readonly patience?: number;
  /** Go back to the weights of the best epoch at the end? (default true; Keras: false) */
  readonly restoreBest?: boolean;
}

/**
 * Ends training when a figure has not become better for some epochs, and goes back to the best
 * weights.
 */
export function earlyStopping({
  patience = 5,
  restoreBest = true,
  ...options
}: EarlyStoppingOptions = {}): Callback {
  if (!(Number.isSafeInteger(patience) && patience >= 0))
    throw new ValueError(
      `earlyStopping: patience must be a whole number ≥ 0, got ${String(patience)}`,
    );
  const monitor = monitorOf(options, "earlyStopping");
  const start = { best: null as number | null, bestEpoch: -1, waited: 0 };
  let now = start;
  let weights: Weights | null = null;
  return {
    name: "earlyStopping",
    onTrainBegin() {
      now = start;
      weights = null;
    },
    onEpochEnd(figures, run) {
      const { name, value } = monitor.of(figures);
      if (monitor.isBetter(name, value, now.best)) {
        now = { best: value, bestEpoch: figures.epoch, waited: 0 };
        if (restoreBest) weights = run.weights();
        return;
      }
      now = { ...now, waited: now.waited + 1 };
      if (now.waited >= Math.max(patience, 1))
        run.stop(
          `${name} has not become better than ${now.best} for ${now.waited} epochs ` +
            `(best in epoch ${now.bestEpoch + 1})`,
        );
    },
    onTrainEnd(run) {
      if (weights !== null) run.setWeights(weights);
    },
    state: () => now,
    variables: () => weights as Variables | null,
    restore(state, variables) {
      now = state as typeof now;
      weights = variables as Weights | null;
    },
  };
}
