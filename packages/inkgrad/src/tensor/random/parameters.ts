import { DTypeError, ShapeError, ValueError } from "../../base/errors.js";
import { assertShape, broadcastShapes, sameShape, show } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node, Operand } from "../../ops/op.js";
import { castTo, expandTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { keyNode } from "./key.js";
import type { FloatType, Parameter } from "./types.js";

/** What is asked of every distribution: checked once, in the same words. */

/** What is to be drawn. */
export interface Draw {
  readonly op: string;
  readonly key: Node;
  readonly shape: readonly number[];
  readonly dtype: FloatType;
}

/** The arguments that all distributions share. */
export function draw(op: string, key: unknown, shape: unknown, dtype: unknown = "f32"): Draw {
  const node = keyNode(key, op);
  assertShape(shape, op);
  if (dtype !== "f32" && dtype !== "f64")
    throw new DTypeError(`${op}: dtype must be f32 or f64, got ${String(dtype)}; use .cast after`);
  return { op, key: node, shape: [...shape], dtype };
}

/** The numbers that a parameter may be. */
export interface Domain {
  readonly what: string;
  readonly has: (x: number) => boolean;
  /** The same question about a tensor. */
  readonly hasNode: (x: Node) => Node;
}
export const anyNumber: Domain = {
  what: "a finite number",
  has: Number.isFinite,
  hasNode: b.isFinite,
};
export const nonNegative: Domain = {
  what: "a finite number ≥ 0",
  has: (x) => x >= 0 && x < Infinity,
  hasNode: (x) => b.greaterEqual(x, 0),
};
export const positive: Domain = {
  what: "a finite number > 0",
  has: (x) => x > 0 && x < Infinity,
  hasNode: (x) => b.greater(x, 0),
};

export function requireNumber(x: number, domain: Domain, what: string): void {
  if (!domain.has(x)) throw new ValueError(`${what} must be ${domain.what}, got ${x}`);
}

/** A parameter as the builder takes it: a checked number, or a node of the draw's shape and type. */
export function parameter(
  { op, shape, dtype }: Draw,
  name: string,
  value: Parameter,
  domain: Domain,
): Operand {
  if (typeof value !== "number") {
    const node = nodeOf(value, `${op}: ${name}`);
    return expandTo(castTo(fitting(node, shape, `${op}: ${name}`), dtype), shape);
  }
  requireNumber(value, domain, `${op}: ${name}`);
  return value;
}

/** The node, if it broadcasts to `shape` without changing it. */
export function fitting(node: Node, shape: readonly number[], what: string): Node {
  if (node.shape.length > shape.length || !stretches(node.shape, shape))
    throw new ShapeError(
      `${what} of shape ${show(node.shape)} does not broadcast to the shape drawn, ${show(shape)}`,
    );
  return node;
}

function stretches(from: readonly number[], to: readonly number[]): boolean {
  try {
    return sameShape(broadcastShapes(from, to), to);
  } catch {
    return false;
  }
}

/** NaN where a tensor's element is outside the domain: numbers have been checked before. */
export const guarded = (result: Node, value: Operand, domain: Domain): Node =>
  typeof value === "number" ? result : b.where(domain.hasNode(value), result, NaN);

/** location + scale · noise, which is how the gradient reaches the two. */
export function locationScale(
  request: Draw,
  noise: Node,
  [location, locationName]: readonly [Parameter, string],
  [scale, scaleName]: readonly [Parameter, string],
  scaleDomain: Domain,
): Tensor {
  const at = parameter(request, locationName, location, anyNumber);
  const by = parameter(request, scaleName, scale, scaleDomain);
  const scaled = by === 1 ? noise : b.mul(by, noise);
  return wrap(guarded(at === 0 ? scaled : b.add(at, scaled), by, scaleDomain));
}
