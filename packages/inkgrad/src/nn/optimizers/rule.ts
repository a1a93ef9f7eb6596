import { ValueError } from "../../base/errors.js";
import { full, tensor, zerosLike } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Json, Variables } from "../layer.js";
import { describeRate } from "../schedules/schedule.js";
import { clipped, type CommonOptions, isDecayed, penalized, requireCommon } from "./common.js";
import type { LearningRate, Optimizer } from "./optimizer.js";
import { rateOf } from "./rate.js";
import { pathsOf, tensorsOf, withTensors } from "./trees.js";

/** What makes an optimizer out of its formula for one parameter. */

type Named<Name extends string> = { readonly [K in Name]: Tensor };

export interface Rule<Slot extends string, Scalar extends string, Shared extends string = never> {
  /** What is kept for each parameter, and the number it begins with. */
  readonly slots: { readonly [K in Slot]: number };
  /** Numbers that are kept for all parameters together, in f64, and what they begin with. */
  readonly shared?: { readonly [K in Shared]: number };
  /**
   * What is the same for all parameters in a step, in f64.
   *
   * @param t  the step, counted from 1
   */
  scalars?(t: Tensor, shared: Named<Shared>): Named<Scalar | Shared>;
  /**
   * What is taken from a parameter, and what is kept of it. All scalars come in its type.
   *
   * @param g  its gradient
   */
  step(
    g: Tensor,
    slots: Named<Slot>,
    scalars: Named<Scalar> & { readonly rate: Tensor },
  ): {
    readonly change: Tensor;
  } & Named<Slot>;
}

/** Trees like the parameters, the count of steps (i32), and numbers for all. */
export type RuleState = { readonly step: Tensor; readonly [slot: string]: Variables };

/**
 * An optimizer from its rule. Gradients are clipped, then penalties are added, then the rule is
 * applied; decoupled decay is taken from the parameter beside it. Parameters keep their type.
 */
export function optimizer<Slot extends string, Scalar extends string, Shared extends string>(
  kind: string,
  learningRate: LearningRate,
  options: CommonOptions,
  rule: Rule<Slot, Scalar, Shared>,
): Optimizer<RuleState> {
  requireCommon(options, kind);
  requireLearningRate(learningRate, kind);
  const slots = Object.keys(rule.slots) as Slot[];
  const shared = Object.keys(rule.shared ?? {}) as Shared[];
  const { weightDecay = 0 } = options;
  return {
    kind,
    learningRate,
    options: described(learningRate, options),
    init: (params) => ({
      step: tensor(0, { dtype: "i32" }),
      ...record(shared, (name) => tensor(rule.shared![name], { dtype: "f64" })),
      ...record(slots, (name) =>
        withTensors(params, tensorsOf(params).map(filledWith(rule.slots[name]))),
      ),
    }),
    update(state, gradients, params, how) {
      const step = state.step.add(1);
      const rate = rateOf(learningRate, how);
      const before = record(shared, (name) => state[name] as Tensor);
      const scalars = {
        ...(rule.scalars?.(step.cast("f64"), before) ?? ({} as Named<Scalar | Shared>)),
        rate,
      };
      const paths = pathsOf(params);
      const kept = record(slots, (name) => tensorsOf(state[name]));
      const all = clipped(tensorsOf(gradients), options);
      const results = tensorsOf(params).map((p, i) => {
        const own = record(Object.keys(scalars) as (Scalar | "rate")[], (name) =>
          scalars[name].cast(p.dtype),
        );
        const decays = isDecayed(options, paths[i], p);
        const g = decays ? penalized(all[i], p, options) : all[i];
        const { change, ...next } = rule.step(
          g,
          record(slots, (name) => kept[name][i]),
          own,
        );
        const smaller = decays && weightDecay > 0 ? p.sub(p.mul(own.rate.mul(weightDecay))) : p;
        return { p: smaller.sub(change).cast(p.dtype), next: next as unknown as Named<Slot> };
      });
      return {
        params: withTensors(
          params,
          results.map(({ p }) => p),
        ),
        state: {
          step,
          ...record(shared, (name) => scalars[name]),
          ...record(slots, (name) =>
            withTensors(
              state[name],
              results.map(({ next }) => next[name]),
            ),
          ),
        },
      };
    },
  };
}

const record = <Name extends string, T>(
  names: readonly Name[],
  value: (name: Name) => T,
): { [K in Name]: T } =>
  Object.fromEntries(names.map((name) => [name, value(name)])) as { [K in Name]: T };

const filledWith =
  (value: number) =>
  (p: Tensor): Tensor =>
    value === 0 ? zerosLike(p) : full(p.shape as never, value, { dtype: p.dtype as "f32" });

/** Options as JSON: functions of one's own cannot be written. */
function described(learningRate: LearningRate, options: object): Json {
  const entries = Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]: [string, unknown]) => [name, typeof value === "function" ? null : value]);
  return { learningRate: describeRate(learningRate), ...(Object.fromEntries(entries) as object) };
}

export function requireLearningRate(rate: LearningRate, kind: string): void {
  if (typeof rate === "function" || (rate >= 0 && rate < Infinity)) return;
  throw new ValueError(
    `${kind}: the learning rate must be a number ≥ 0 or a schedule, got ${String(rate)}`,
  );
}

/** Throws unless each number is from 0 to below 1. */
export function requireShares(values: { readonly [name: string]: number }, kind: string): void {
  for (const [name, value] of Object.entries(values))
    if (!(value >= 0 && value < 1))
      throw new ValueError(`${kind}: ${name} must be from 0 to below 1, got ${String(value)}`);
}

/** Throws unless each number is ≥ 0. */
export function requireNotNegative(
  values: { readonly [name: string]: number },
  kind: string,
): void {
  for (const [name, value] of Object.entries(values))
    if (!(value >= 0 && value < Infinity))
      throw new ValueError(`${kind}: ${name} must be a number ≥ 0, got ${String(value)}`);
}
