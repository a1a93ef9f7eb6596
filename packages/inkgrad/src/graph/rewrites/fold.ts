import { allocate, type TypedArray } from "../../base/dtype.js";
import { elementAt, roundTo, stored } from "../../base/rounding.js";
import { sizeOf, stridesOf } from "../../base/shape.js";
import type { Layout, Lowering } from "../../ops/lowering.js";
import type { Node } from "../../ops/op.js";
import { compileExpr, isExact } from "../../ops/scalar.js";
import { ops } from "../../ops/table.js";
import { constantNode, type GraphNode } from "../node.js";
import { fill, loweredBy, maxSmall, rule } from "./rule.js";

/**
 * What is known is computed at once: the scalar meanings of `ops/scalar.ts` in float64, rounded to
 * the type, as the reference backend does. Elementary functions are left to the backend, for the
 * engine's may have other last digits.
 */

type Fn = (...args: number[]) => number;

/** The scalar function that an elementwise node applies. */
function scalarOf({ op, src, attrs, dtype }: Node): Fn | null {
  const lower = ops[op].lower as Lowering<object>;
  if (lower.kind !== "map") return null;
  const inputs = src.map((_, index) => ({ kind: "input", index }) as const);
  const expr = lower.expr(inputs, attrs);
  if (!isExact(expr)) return null;
  const f = compileExpr(
    expr,
    src.map((x) => x.dtype),
    dtype,
  );
  return (...args) => roundTo(dtype, f(...args));
}

const elements = ({ value, dtype }: GraphNode): number[] =>
  Array.from(value!, (_, i) => elementAt(value!, dtype, i));

function constantOf({ shape, dtype }: Node, element: (i: number) => number): GraphNode {
  const value: TypedArray = allocate(dtype, sizeOf(shape));
  for (let i = 0; i < value.length; i++) value[i] = stored(dtype, element(i));
  return constantNode(value, shape, dtype);
}

/** Where the i-th element in row-major order lies. */
function placeOf(i: number, { shape, strides, offset }: Layout): number {
  let at = offset;
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    at += (i % shape[axis]) * strides[axis];
    i = Math.floor(i / shape[axis]);
  }
  return at;
}

export const fold = {
  /** An elementwise operation on tensors full of one number each. */
  foldElementwise: rule(loweredBy("map"), (node, site) => {
    const values = node.src.map((x) => site.uniform(x));
    const f = values.includes(null) ? null : scalarOf(node);
    return f && fill(site, node, f(...(values as number[])));
  }),

  /** A tensor full of one number is the same however its elements are moved. */
  foldView: rule(loweredBy("view"), (node, site) => {
    const value = site.uniform(node.src[0]!);
    return value === null ? null : fill(site, node, value);
  }),

  /** Padding with the number that the tensor is full of. */
  foldPad: rule(["pad"], (node, site) => {
    const value = site.uniform(node.src[0]);
    const same = value !== null && Object.is(roundTo(node.dtype, node.attrs.value), value);
    return same || sizeOf(node.src[0].shape) === 0 ? fill(site, node, node.attrs.value) : null;
  }),

  /** Parts full of the same number. */
  foldConcat: rule(["concat"], (node, site) => {
    const [first, ...rest] = node.src.map((x) => site.uniform(x));
    return first !== null && rest.every((x) => Object.is(x, first))
      ? fill(site, node, first)
      : null;
  }),

  /** 0 is all that is counted up to 1. */
  foldIota: rule(["iota"], (node, site) => (node.attrs.size === 1 ? fill(site, node, 0) : null)),

  /** An elementwise operation on a few known elements. */
  foldSmall: rule(loweredBy("map"), (node, { isSmall, uniform }) => {
    if (!node.src.some(isSmall)) return null;
    const parts = node.src.map((x) => (isSmall(x) ? elements(x as GraphNode) : uniform(x)));
    const f = parts.includes(null) ? null : scalarOf(node);
    if (f === null) return null;
    return constantOf(node, (i) =>
      f(...parts.map((part) => (typeof part === "number" ? part : part![i]))),
    );
  }),

  /** A view of a few known elements. */
  foldSmallView: rule(loweredBy("view"), (node, { isSmall }) => {
    const [x] = node.src;
    if (!isSmall(x) || sizeOf(node.shape) > maxSmall) return null;
    const lower = ops[node.op].lower as Lowering<object>;
    if (lower.kind !== "view") return null;
    const source = { shape: x.shape, strides: stridesOf(x.shape), offset: 0 };
    const layout = lower.layout(source, node.attrs, node.shape);
    if (layout === null) return null;
    const values = elements(x as GraphNode);
    return constantOf(node, (i) => values[placeOf(i, layout)]);
  }),
};
