import { ShapeError } from "../base/errors.js";
import { removeAxes, show, sizeOf } from "../base/shape.js";
import { type Check, type SampleSource, specials } from "./check.js";
import { kernel, type KernelName } from "./lowering.js";
import type { BatchContext, Builder, Node, Op, VjpContext } from "./op.js";
import { exclusiveProduct, invert, shift, spread } from "./recipes.js";
import { bools, computable, discrete, gives, keeps, numbers } from "./rules.js";

/** Reductions over some axes, which disappear; cumulative ones along an axis, which stays. */

export interface Axes {
  /** Ascending, counted from the front, each once. */
  readonly axes: readonly number[];
}

const noGradient = "the result is discrete";

const samples = (
  source: Partial<SampleSource> = {},
  extra: Partial<Check<Axes>> = {},
): Check<Axes> => ({
  cases: [
    { shape: [], axes: [] },
    { shape: [5], axes: [0] },
    { shape: [1], axes: [0] },
    { shape: [3, 4], axes: [1] },
    { shape: [3, 4], axes: [0, 1] },
    { shape: [2, 3, 4], axes: [0, 2] },
    { shape: [2, 3, 4], axes: [1] },
    { shape: [2, 0, 3], axes: [0] },
    { shape: [2, 1, 3, 2], axes: [1, 3] },
    { shape: [67], axes: [0] },
  ].map(({ shape, axes }) => ({ src: [{ shape, ...source }], attrs: { axes } })),
  special: specials,
  ...extra,
});

const shiftAxes = (_b: Builder, { src: [x], attrs, again }: BatchContext<1, Axes>): Node =>
  again([x], { axes: attrs.axes.map((axis) => axis + 1) });

type Vjp = (b: Builder, context: VjpContext<1, Axes>) => readonly (Node | null)[];
const reduction = (name: KernelName, vjp: Vjp, check = samples()): Op<1, Axes> => ({
  arity: 1,
  shape: ([x], { axes }) => removeAxes(x.shape, axes),
  dtype: keeps(numbers),
  vjp,
  lower: kernel(name),
  batch: shiftAxes,
  check,
});

/** The sum; 0 for no elements. The order in which floats are added is up to the backend. */
export const sum: Op<1, Axes> = reduction("sum", (b, { src: [x], attrs: { axes }, cotangent }) => [
  spread(b, cotangent, x, axes),
]);

/** The product; 1 for no elements. Its gradient holds at zeros too. */
export const prod: Op<1, Axes> = reduction(
  "prod",
  (b, { src: [x], attrs: { axes }, cotangent }) => {
    const order = [...x.shape.keys()].filter((i) => !axes.includes(i)).concat(axes);
    const moved = b.permute(x, { axes: order });
    const rest = removeAxes(x.shape, axes);
    const axis = rest.length;
    const rows = b.reshape(moved, { shape: [...rest, sizeOf(axes.map((i) => x.shape[i]))] });
    // ∂/∂xᵢ is the product of all before i and all after i: no division that a zero would spoil.
    const others = b.mul(
      exclusiveProduct(b, rows, axis, false),
      exclusiveProduct(b, rows, axis, true),
    );
    const back = b.permute(b.reshape(others, { shape: [...moved.shape] }), { axes: invert(order) });
    return [b.mul(spread(b, cotangent, x, axes), back)];
  },
);

/** Refuses to reduce nothing where there is no neutral element to give. */
const nonEmpty = (x: Node, axes: readonly number[], name: string): void => {
  const empty = axes.find((axis) => x.shape[axis] === 0);
  if (empty !== undefined && sizeOf(removeAxes(x.shape, axes)) > 0)
    throw new ShapeError(
      `${name}: axis ${empty} of shape ${show(x.shape)} has no elements, and ${name} of nothing ` +
        "is not defined; check the size first",
    );
};

const extreme = (name: "max" | "min"): Op<1, Axes> => {
  const check = samples({ kind: "distinct" });
  return {
    ...reduction(
      name,
      (b, { src: [x], attrs: { axes }, out, cotangent }) => {
        const chosen = b.cast(b.equal(x, spread(b, out, x, axes)), { dtype: x.dtype });
        const shared = b.div(cotangent, b.sum(chosen, { axes }));
        return [b.mul(chosen, spread(b, shared, x, axes))];
      },
      check,
    ),
    shape([x], { axes }, rule) {
      nonEmpty(x, axes, rule);
      return removeAxes(x.shape, axes);
    },
    dtype: keeps(computable),
  };
};

/** The greatest element; NaN if any is. Ties share the gradient evenly. */
export const max: Op<1, Axes> = extreme("max");
/** The least element; NaN if any is. Ties share the gradient evenly. */
export const min: Op<1, Axes> = extreme("min");

const truth = (name: "any" | "all"): Op<1, Axes> => ({
  ...reduction(name, discrete, samples({}, { noGradient })),
  dtype: keeps(bools),
});
/** Is any element true? False for no elements. */
export const any: Op<1, Axes> = truth("any");
/** Are all elements true? True for no elements. */
export const all: Op<1, Axes> = truth("all");

export interface Axis {
  readonly axis: number;
}

const position = (name: "argmax" | "argmin"): Op<1, Axis> => ({
  arity: 1,
  shape([x], { axis }, rule) {
    nonEmpty(x, [axis], rule);
    return removeAxes(x.shape, [axis]);
  },
  dtype: gives("i32", computable),
  vjp: discrete,
  lower: kernel(name),
  batch: (_b, { src: [x], attrs, again }) => again([x], { axis: attrs.axis + 1 }),
  check: {
    cases: [
      { shape: [5], axis: 0 },
      { shape: [3, 4], axis: 1 },
      { shape: [3, 4], axis: 0 },
      { shape: [2, 3, 1], axis: 2 },
      { shape: [2, 5, 3], axis: 1 },
      { shape: [1], axis: 0 },
      { shape: [3, 0], axis: 0 },
    ].map(({ shape, axis }) => ({ src: [{ shape }], attrs: { axis } })),
    special: specials,
    noGradient,
  },
});
/** Where the greatest element stands: the first of equals, the first NaN before all. */
export const argmax: Op<1, Axis> = position("argmax");
/** Where the least element stands: the first of equals, the first NaN before all. */
export const argmin: Op<1, Axis> = position("argmin");

export interface Cumulative extends Axis {
  /** From the end backwards. */
  readonly reverse: boolean;
}

const cumulative = (
  name: "cumsum" | "cumprod",
  vjp: (b: Builder, context: VjpContext<1, Cumulative>) => readonly (Node | null)[],
): Op<1, Cumulative> => ({
  arity: 1,
  shape: ([x]) => [...x.shape],
  dtype: keeps(numbers),
  vjp,
  lower: kernel(name),
  batch: (_b, { src: [x], attrs, again }) => again([x], { ...attrs, axis: attrs.axis + 1 }),
  check: {
    cases: [
      { shape: [5], axis: 0, reverse: false },
      { shape: [5], axis: 0, reverse: true },
      { shape: [3, 4], axis: 0, reverse: false },
      { shape: [2, 3, 4], axis: 1, reverse: true },
      { shape: [2, 0], axis: 1, reverse: false },
      { shape: [2, 1], axis: 1, reverse: false },
      { shape: [1], axis: 0, reverse: true },
    ].map(({ shape, ...attrs }) => ({ src: [{ shape }], attrs })),
    special: specials,
  },
});

/** Sums of all elements up to and including each one. */
export const cumsum: Op<1, Cumulative> = cumulative(
  "cumsum",
  (b, { attrs: { axis, reverse }, cotangent }) => [
    b.cumsum(cotangent, { axis, reverse: !reverse }),
  ],
);

/** Products of all elements up to and including each one. Its gradient holds at zeros too. */
export const cumprod: Op<1, Cumulative> = cumulative(
  "cumprod",
  (b, { src: [x], attrs: { axis, reverse }, cotangent }) => {
    // With sᵢ = cᵢ + xᵢ₊₁ sᵢ₊₁ the gradient is sᵢ times the product of all before i. The linear
    // recurrence is solved by doubling: log₂ n rounds, and no division that a zero would spoil.
    const step = reverse ? 1 : -1;
    let factor = shift(b, x, axis, step, 0);
    let total = cotangent;
    for (let by = 1; by < x.shape[axis]; by *= 2) {
      total = b.add(total, b.mul(factor, shift(b, total, axis, step * by, 0)));
      factor = b.mul(factor, shift(b, factor, axis, step * by, 0));
    }
    return [b.mul(total, exclusiveProduct(b, x, axis, reverse))];
  },
);
