import { ValueError } from "../../base/errors.js";
import type { CheckpointOptions, Run } from "../callbacks/callback.js";

/** When checkpoints are due, and their writing. */
export class Checkpoints {
  private readonly plans: readonly Plan[];

  /** @param write  writes the run as of now */
  constructor(
    options: readonly CheckpointOptions[],
    private readonly write: (path: string) => Promise<void>,
  ) {
    this.plans = options.map((one) => {
      for (const key of ["everyEpochs", "everySteps", "everySeconds"] as const) {
        const every = one[key];
        const whole = key === "everySeconds" || Number.isSafeInteger(every);
        if (every !== undefined && !(every > 0 && whole))
          throw new ValueError(
            `checkpoint: ${key} must be a ${key === "everySeconds" ? "" : "whole "}number above 0, ` +
              `got ${String(every)}`,
          );
      }
      const { path, everySteps, everySeconds } = one;
      const {
        everyEpochs = everySteps === undefined && everySeconds === undefined ? 1 : undefined,
      } = one;
      return { path, everyEpochs, everySteps, everySeconds, at: performance.now(), step: 0 };
    });
  }

  /** Between two batches. */
  async afterBatch(run: Run): Promise<void> {
    for (const plan of this.plans) if (this.isDue(plan, run)) await this.make(plan, run);
  }

  /** After an epoch and its callbacks. */
  async afterEpoch(run: Run): Promise<void> {
    for (const plan of this.plans) {
      const { everyEpochs } = plan;
      if (this.isDue(plan, run) || (everyEpochs !== undefined && run.epoch % everyEpochs === 0))
        await this.make(plan, run);
    }
  }

  /** When training ends, for whatever reason. */
  async atEnd(): Promise<void> {
    for (const { path } of this.plans) await this.write(path);
  }

  /** Where training was resumed. */
  begin(step: number): void {
    for (const plan of this.plans) plan.step = step;
  }

  private isDue({ everySteps, everySeconds, at, step }: Plan, run: Run): boolean {
    if (everySteps !== undefined && run.step - step >= everySteps) return true;
    return everySeconds !== undefined && performance.now() - at >= everySeconds * 1000;
  }

  private async make(plan: Plan, run: Run): Promise<void> {
    await this.write(plan.path);
    plan.at = performance.now();
    plan.step = run.step;
  }
}

interface Plan extends CheckpointOptions {
  /** When, and at which step, the last one was written. */
  at: number;
  step: number;
}
