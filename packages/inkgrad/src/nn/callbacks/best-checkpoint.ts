import type { Callback } from "./callback.js";
import { monitorOf, type MonitorOptions } from "./monitor.js";

export interface BestCheckpointOptions extends MonitorOptions {
  /** The model file that the best epoch is kept in, for `loadModel`. */
  readonly path: string;
}

/** Writes the model to a file after each epoch that is better than all before. */
export function bestCheckpoint({ path, ...options }: BestCheckpointOptions): Callback {
  const monitor = monitorOf(options, "bestCheckpoint");
  let best: number | null = null;
  return {
    name: "bestCheckpoint",
    onTrainBegin() {
      best = null;
    },
    async onEpochEnd(figures, run) {
      const { name, value } = monitor.of(figures);
      if (!monitor.isBetter(name, value, best)) return;
      best = value;
      await run.save(path);
    },
    state: () => best,
    restore(state) {
      best = state as number | null;
    },
  };
}
