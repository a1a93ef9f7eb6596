/**
 * The learning rate of a step.
 *
 * @param step   steps done before: 0 for the first
 * @param total  steps of the whole run
 */
export type Schedule = (step: number, total: number) => number;
