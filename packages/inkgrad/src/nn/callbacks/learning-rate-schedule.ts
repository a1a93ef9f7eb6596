import type { Callback } from "./callback.js";

/**
 * Sets the learning rate of each epoch, in place of the optimizer's: Keras's LearningRateScheduler.
 * (Schedules by the step are given to the optimizer itself.)
 *
 * @param schedule  from the epoch, counted from 0, and the learning rate as it is, to the next one
 */
export const learningRateSchedule = (
  schedule: (epoch: number, learningRate: number) => number,
): Callback => ({
  name: "learningRateSchedule",
  onEpochBegin(epoch, run) {
    run.rate = schedule(epoch, run.learningRate / run.rateScale);
  },
});
