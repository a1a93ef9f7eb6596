import {
  arithmeticType,
  type DType,
  floatType,
  holds,
  promote,
  type TypedArray,
} from "../base/dtype.js";
import { DTypeError, InkgradError } from "../base/errors.js";
import { broadcastShapes, sameShape } from "../base/shape.js";
import { describe } from "../base/tree.js";
import { builder as b } from "../graph/builder.js";
import type { GraphNode } from "../graph/node.js";
import type { Node } from "../ops/op.js";
import { evaluateNow } from "./evaluate.js";
import { isTensor, Tensor } from "./tensor.js";

/** What users give where a tensor is wanted. A number takes the type of what it meets. */
export type Operand = Tensor | number;

export const wrap = (node: Node): Tensor => new Tensor(node as GraphNode);

/** The node of a tensor; throws for what is none. */
export function nodeOf(x: unknown, op: string): Node {
  if (isTensor(x)) return x.node;
  throw new InkgradError(`${op}: expected a tensor, got ${describe(x)}; make one with tensor(…)`);
}

/** The elements of a node, at once. */
export const elementsOf = (node: Node): TypedArray => evaluateNow([node as GraphNode])[0];

export const castTo = (node: Node, dtype: DType): Node =>
  node.dtype === dtype ? node : b.cast(node, { dtype });

export const expandTo = (node: Node, shape: readonly number[]): Node =>
  sameShape(node.shape, shape) ? node : b.expand(node, { shape: [...shape] });

/** A float tensor's node: integers and bools become f32. */
export const floatNode = (x: unknown, op: string): Node => {
  const node = nodeOf(x, op);
  return castTo(node, floatType(node.dtype));
};

/** The truth of each element: not 0. */
export const truth = (x: unknown, op: string): Node => castTo(nodeOf(x, op), "bool");

/** Several results of one computation: when one is evaluated, so are the others. */
export function wrapAll(nodes: readonly Node[]): Tensor[] {
  const siblings = nodes as readonly GraphNode[];
  for (const node of siblings) if (!node.known) node.siblings = siblings;
  return nodes.map(wrap);
}

/** Which type two operands meet in. */
export type Meeting = (a: DType, b: DType) => DType;
export const arithmetic: Meeting = arithmeticType;
export const keeping: Meeting = promote;
export const dividing: Meeting = (a, c) => floatType(arithmeticType(a, c));

/** Two operands brought to one shape and one type. */
export function meet(x: unknown, y: unknown, op: string, type: Meeting): [Node, Node] {
  if (typeof x === "number" || typeof y === "number") {
    if (typeof x === "number" && typeof y === "number")
      return [number(x, [], "f32", op), number(y, [], "f32", op)];
    const node = nodeOf(typeof x === "number" ? y : x, op);
    const dtype = type(node.dtype, node.dtype);
    const other = castTo(node, dtype);
    const scalar = number(typeof x === "number" ? x : (y as number), node.shape, dtype, op);
    return typeof x === "number" ? [scalar, other] : [other, scalar];
  }
  const [a, c] = [nodeOf(x, op), nodeOf(y, op)];
  const dtype = type(a.dtype, c.dtype);
  const shape = sameShape(a.shape, c.shape) ? a.shape : broadcastShapes(a.shape, c.shape, op);
  return [expandTo(castTo(a, dtype), shape), expandTo(castTo(c, dtype), shape)];
}

/** A tensor full of one number. Integers do not take fractions, nor numbers out of range. */
export function number(value: number, shape: readonly number[], dtype: DType, op: string): Node {
  if (!holds(dtype, value))
    throw new DTypeError(
      `${op}: ${value} is not a value of type ${dtype}; cast the tensor first, as x.cast("f32")`,
    );
  return b.full({ shape: [...shape], value, dtype });
}
