import fc from "fast-check";
import { type DType, isFloat, type TypedArray } from "@src/base/dtype.js";
import { sizeOf } from "@src/base/shape.js";
import { builder as b } from "@src/graph/builder.js";
import { constantNode, type GraphNode } from "@src/graph/node.js";
import { print } from "@src/graph/print.js";
import type { Node } from "@src/ops/op.js";
import { argument, elementsOf } from "./evaluate-graph.js";
import { Picker } from "./picker.js";
import { roughSteps, smoothSteps, type Step } from "./random-steps.js";

/** A well-formed graph made at random, and elements for its arguments. */
export interface RandomGraph {
  readonly inputs: readonly GraphNode[];
  readonly values: readonly TypedArray[];
  /** Every node that no other uses, and some others. */
  readonly outputs: readonly GraphNode[];
}

export interface RandomGraphOptions {
  /** At most this many operations besides the leaves. */
  readonly maxSteps?: number;
  /** Only f64, only smooth operations of bounded values, and only float outputs. */
  readonly smooth?: boolean;
  /** Default: "any", with tensors of known elements among them. */
  readonly leaves?: "any" | "arguments";
}

/** Small numbers are as good as any: without bias towards them the graphs differ more. */
const seed = fc.noBias(fc.integer());

/**
 * Random graphs of many operations, types and shapes. A graph is made from a list of numbers, one a
 * step; so fast-check shrinks a failure by leaving steps out.
 */
export const randomGraph = (options: RandomGraphOptions = {}): fc.Arbitrary<RandomGraph> =>
  fc
    .record({
      leaves: seed,
      steps: fc.array(seed, { minLength: 1, maxLength: options.maxSteps ?? 12 }),
    })
    .map(({ leaves, steps }) => build(new Picker(leaves), steps, options));

function build(
  pick: Picker,
  seeds: readonly number[],
  { smooth = false, leaves = "any" }: RandomGraphOptions,
): RandomGraph {
  const dims = Array.from({ length: pick.one([0, 1, 2, 2, 3, 3]) }, () => pick.one(sizes));
  const inputs: GraphNode[] = [];
  const values: TypedArray[] = [];
  const pool: Node[] = [];
  const count = 1 + pick.below(3);
  for (let i = 0; i < count; i++) {
    const dtype: DType = smooth ? "f64" : pick.one(leafTypes);
    const shape = smooth ? dims.map((n) => Math.max(n, 1)) : broadcastable(dims, pick);
    const { node, value } = argument(shape, dtype, numbersFor(dtype, sizeOf(shape), smooth, pick));
    inputs.push(node);
    values.push(value);
    pool.push(node);
  }
  if (!smooth && leaves === "any") pool.push(...constants(dims, pick));
  const steps: readonly Step[] = smooth ? smoothSteps : roughSteps;
  for (const seed of seeds) {
    const at = new Picker(seed);
    const made = at.one(steps)(pool, at);
    if (made !== null) pool.push(made);
  }
  const used = new Set(pool.flatMap((node) => node.src));
  const results = pool.filter((node) => !used.has(node) && (!smooth || isFloat(node.dtype)));
  const outputs = [...results, pick.one(pool)] as GraphNode[];
  // What fast-check shows of a graph that fails.
  const shown = { [fc.toStringMethod]: () => `\n${print(outputs)}\n` };
  return { inputs, values, outputs, ...shown };
}

const sizes = [0, 1, 1, 2, 2, 2, 3, 3, 3, 4];
const leafTypes: readonly DType[] = ["f32", "f32", "f32", "f64", "i32", "u32", "u8", "bool", "f16"];

/** A shape that stretches to `dims`: some axes of size 1, some missing in front. */
const broadcastable = (dims: readonly number[], pick: Picker): number[] =>
  dims.map((n) => (pick.below(5) === 0 ? 1 : n)).slice(pick.below(6) === 0 ? 1 : 0);

const hard = [0, -0, 1, -1, 2, 0.5, -2.5, NaN, Infinity, -Infinity, 1e-40, 3e38];

function numbersFor(dtype: DType, size: number, smooth: boolean, pick: Picker): number[] {
  return Array.from({ length: Math.max(size, 1) }, () => {
    if (dtype === "bool") return pick.below(2);
    if (smooth) return pick.between(-1.5, 1.5);
    if (isFloat(dtype)) return pick.below(2) === 0 ? pick.one(hard) : pick.between(-3, 3);
    return pick.below(4) === 0 ? pick.one([0, 1, -1, 2 ** 31 - 1, -(2 ** 31)]) : pick.below(19) - 9;
  });
}

/** Leaves that a rewrite may look into. */
function constants(dims: readonly number[], pick: Picker): Node[] {
  const dtype = pick.one(leafTypes);
  const shape = broadcastable(dims, pick);
  const bool = dtype === "bool";
  const whole = bool ? [0, 1] : dtype[0] === "u" ? [0, 1, 2] : [0, 1, -1, 2];
  const value = isFloat(dtype) && pick.below(2) === 0 ? pick.one([-0, ...hard]) : pick.one(whole);
  const size = sizeOf(shape);
  const elements = elementsOf(numbersFor(dtype, size, false, pick).slice(0, size), dtype);
  return [
    b.full({ shape, value, dtype }),
    constantNode(elements, shape, dtype),
    ...(bool ? [] : [b.iota({ size: dims.at(-1) ?? 2, dtype })]),
  ];
}
