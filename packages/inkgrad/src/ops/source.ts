import type { DType } from "../base/dtype.js";
import { DTypeError, ShapeError } from "../base/errors.js";
import { type Shape, show } from "../base/shape.js";
import { forward, kernel } from "./lowering.js";
import type { Builder, Node, Op } from "./op.js";
import { anyType, discrete, keeps, leading, requireHeld, requireType } from "./rules.js";

/** Where values come from, and the operations that only say something about them. */

export interface Typed {
  readonly shape: readonly number[];
  readonly dtype: DType;
}

/** Never asked for: what has no input is never batched. */
const unbatched = (): never => {
  throw new ShapeError("batching: an operation without inputs has nothing to batch");
};

const source = <A extends Typed>(
  name: "constant" | "placeholder" | "full",
  cases: A[],
): Op<0, A> => ({
  arity: 0,
  shape: (_src, { shape }) => [...shape],
  dtype: (_src, { dtype }) => dtype,
  vjp: discrete,
  lower: kernel(name),
  batch: unbatched,
  check: { cases: cases.map((attrs) => ({ src: [], attrs })), noGradient: "it has no input" },
});

/** Elements that are known; they lie on the node. */
export const constant: Op<0, Typed> = source<Typed>("constant", []);

/** Elements yet to come: an argument of a function that is being traced. */
export const placeholder: Op<0, Typed> = source<Typed>("placeholder", []);

export interface Filled extends Typed {
  readonly value: number;
}

/** One number everywhere. */
export const full: Op<0, Filled> = {
  ...source<Filled>("full", [
    { shape: [], value: 2, dtype: "f32" },
    { shape: [2, 3], value: -1.5, dtype: "f64" },
    { shape: [0], value: 1, dtype: "i32" },
    { shape: [4], value: NaN, dtype: "f32" },
    { shape: [3], value: 1, dtype: "bool" },
  ]),
  dtype(_src, { value, dtype }, name) {
    requireHeld(value, dtype, name);
    return dtype;
  },
};

/** 0, 1, 2, … `size` − 1. */
export const iota: Op<0, { readonly size: number; readonly dtype: DType }> = {
  arity: 0,
  shape: (_src, { size }) => [size],
  dtype(_src, { size, dtype }, name) {
    if (dtype === "bool") throw new DTypeError(`${name}: bool cannot count; take i32`);
    if (size > 0) requireHeld(size - 1, dtype, name);
    return dtype;
  },
  vjp: discrete,
  lower: kernel("iota"),
  batch: unbatched,
  check: {
    cases: [0, 1, 5, 67].map((size) => ({ src: [], attrs: { size, dtype: "f32" as const } })),
    noGradient: "it has no input",
  },
};

/**
 * Random 32-bit words: the Threefry block function of the key [..., 2] (u32) over the counters 0,
 * 1, 2, …, two words each. Leading axes of the key are independent streams.
 */
export const randomBits: Op<1, { readonly shape: readonly number[] }> = {
  arity: 1,
  shape([key], { shape }, name): Shape {
    if (key.shape.at(-1) !== 2)
      throw new ShapeError(`${name}: a key has two words, got shape ${show(key.shape)}`);
    return [...key.shape.slice(0, -1), ...shape];
  },
  dtype([key], _attrs, name) {
    requireType(key, ["u32"], `${name}: the key`);
    return "u32";
  },
  vjp: discrete,
  lower: kernel("randomBits"),
  batch: leading,
  check: {
    cases: [
      { key: [2], shape: [5] },
      { key: [2], shape: [2, 3] },
      { key: [2], shape: [] },
      { key: [3, 2], shape: [4] },
      { key: [2], shape: [0] },
    ].map(({ key, shape }) => ({
      src: [{ shape: key, dtype: "u32", values: [7, 4294967295, 0, 12, 1, 99] }],
      attrs: { shape },
    })),
    noGradient: "the result is discrete",
  },
};

/** x itself. A new node, so that a derivative with respect to it ends here. */
export const identity: Op<1> = {
  arity: 1,
  shape: ([x]) => [...x.shape],
  dtype: keeps(anyType),
  vjp: (_b, { cotangent }) => [cotangent],
  lower: forward,
  batch: leading,
  check: { cases: [[], [3], [2, 3], [0]].map((shape) => ({ src: [{ shape }], attrs: {} })) },
};

/** x, but not before `other` is known: it orders what would else be free. */
export const after: Op<2> = {
  arity: 2,
  shape: ([x]) => [...x.shape],
  dtype: ([x]) => x.dtype,
  vjp: (_b, { cotangent }) => [cotangent, null],
  lower: forward,
  batch: leading,
  check: {
    cases: [[], [3], [0]].map((shape) => ({ src: [{ shape }, { shape: [2] }], attrs: {} })),
  },
};

/** A gradient rule that stands in for the one that the graph would give. */
export interface CustomRule {
  /** The cotangents of the inputs. */
  readonly vjp: (
    b: Builder,
    inputs: readonly Node[],
    out: Node,
    cotangent: Node,
  ) => readonly (Node | null)[];
  /** The same rule for a batch: `batched` says which inputs have the axis. */
  readonly batch: (batched: readonly boolean[], size: number) => CustomRule;
}

/**
 * The first input's value, with a gradient rule of its own towards the others: `custom(f(x), x)`
 * is f(x) whose derivative is what `rule` says. Nothing flows into the first input.
 */
export const custom: Op<"any", { readonly rule: CustomRule }> = {
  arity: "any",
  shape: ([value]) => [...value.shape],
  dtype: ([value]) => value.dtype,
  vjp: (b, { src: [, ...inputs], out, attrs: { rule }, cotangent }) => [
    null,
    ...rule.vjp(b, inputs, out, cotangent),
  ],
  lower: forward,
  batch(b, { src, batched, size, attrs, again }) {
    const [value, ...inputs] = src;
    const whole = batched[0] ? value : b.expand(value, { shape: [size, ...value.shape] });
    return again([whole, ...inputs], { rule: attrs.rule.batch(batched.slice(1), size) });
  },
  check: { cases: [] },
};
