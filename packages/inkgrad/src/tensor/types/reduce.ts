import type { Shape } from "../../base/shape.js";
import type { AxesIn, Axis, AxisArg, BadAxis, Drop, OutOfRange, Put } from "./axes.js";
import type { AnyRank, Good, Loose, Unknowns } from "./rule.js";

/** Reductions: the axes go, or stay with size 1 under `keepDims`. No axis means all of them. */
export type Reduce<S extends Shape, A extends AxisArg, Keep extends boolean, Op extends string> = [
  A,
  Keep,
] extends [undefined, false]
  ? Good<[]>
  : AnyRank<S> extends true
    ? Loose
    : [A] extends [undefined]
      ? boolean extends Keep
        ? Loose
        : Good<Put<S, number, 1>>
      : [AxesIn<A>] extends [never]
        ? Good<S>
        : ReduceAt<S, AxesIn<A>, Keep, Op>;

type ReduceAt<
  S extends Shape,
  A extends number,
  Keep extends boolean,
  Op extends string,
> = number extends A
  ? Keep extends true
    ? Good<Unknowns<S>>
    : Loose
  : [BadAxis<S, A>] extends [never]
    ? boolean extends Keep
      ? Loose
      : Keep extends true
        ? Good<Put<S, Axis<S, A>, 1>>
        : Good<Drop<S, Axis<S, A>>>
    : OutOfRange<S, BadAxis<S, A>, Op>;
