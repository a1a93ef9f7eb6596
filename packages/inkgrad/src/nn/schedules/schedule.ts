import { ValueError } from "../../base/errors.js";
import type { Json } from "../layer.js";

/** The learning rate of a step. One made here can say what it is, and so be saved. */
export interface Schedule {
  /**
   * @param step   steps done before: 0 for the first
   * @param total  steps of the whole run
   */
  (step: number, total: number): number;
  /** "cosine". */
  readonly kind?: string;
  /** What the function of its kind takes to make it again. */
  readonly options?: Json;
}

/** A schedule with what it is made from. */
export const schedule = (kind: string, options: object, rate: Schedule): Schedule =>
  Object.assign((step: number, total: number) => rate(step, total), {
    kind,
    options: plain(options) as Json,
  });

/** Schedules among options as what they can be made from again; null: of one's own. */
function plain(options: object): object {
  const entries = Object.entries(options).map(([key, value]: [string, unknown]) => [
    key,
    typeof value === "function" ? describeRate(value as Schedule) : value,
  ]);
  return Object.fromEntries(entries) as object;
}

/** A rate as JSON: a number, or { schedule, ...its options }; null for a function of one's own. */
export function describeRate(rate: number | Schedule): Json {
  if (typeof rate === "number") return rate;
  if (rate.kind === undefined) return null;
  return { schedule: rate.kind, ...(rate.options as { readonly [key: string]: Json }) };
}

/** A rate as a function of the step. */
export const asSchedule = (rate: number | Schedule): Schedule =>
  typeof rate === "number" ? () => rate : rate;

export function requireRate(value: number, op: string, name = "the rate"): void {
  if (!(typeof value === "number" && value >= 0 && value < Infinity))
    throw new ValueError(`${op}: ${name} must be a number ≥ 0, got ${String(value)}`);
}

export function requireSteps(value: number | undefined, op: string, name = "steps"): void {
  if (value !== undefined && !(Number.isFinite(value) && value >= 1))
    throw new ValueError(`${op}: ${name} must be a number ≥ 1, got ${String(value)}`);
}
