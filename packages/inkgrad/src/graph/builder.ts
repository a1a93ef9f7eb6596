import { DTypeError, InternalError } from "../base/errors.js";
import { sizeOf } from "../base/shape.js";
import type { Builder, Node, Op } from "../ops/op.js";
import { type OpName, ops } from "../ops/table.js";
import { holds } from "../base/dtype.js";
import { GraphNode } from "./node.js";

const noAttrs = {};

/** Makes a node after asking the operation's rules whether its inputs fit. */
export function makeNode(op: OpName, src: readonly Node[], attrs: object = noAttrs): GraphNode {
  // The table is typed operation by operation; here any of them is meant.
  const rules = ops[op] as unknown as Op<"any", object>;
  const shape = rules.shape(src, attrs, op);
  const dtype = rules.dtype(src, attrs, op);
  return new GraphNode(op, src as readonly GraphNode[], attrs, shape, dtype);
}

/** A number as a tensor full of it, like the last operand that is a node. */
function lift(operands: readonly (Node | number)[], op: OpName): readonly Node[] {
  if (!operands.some((x) => typeof x === "number")) return operands as readonly Node[];
  const like = operands.filter((x) => typeof x !== "number").at(-1);
  if (like === undefined)
    throw new InternalError(`${op}: at least one operand must be a node, all are numbers`);
  return operands.map((x) => (typeof x === "number" ? fullLike(like, x, op) : x));
}

/** A tensor of one number with the shape and type of another. */
export function fullLike({ shape, dtype }: Node, value: number, op: string): GraphNode {
  if (!holds(dtype, value))
    throw new DTypeError(
      `${op}: ${value} is not a value of type ${dtype}; cast the tensor first, as x.cast("f32")`,
    );
  return makeNode("full", [], { shape, value, dtype });
}

function method(op: OpName): (...args: never[]) => GraphNode {
  const { arity } = ops[op];
  if (arity === "any") return (src: readonly Node[], attrs?: object) => makeNode(op, src, attrs);
  if (arity === 0) return (attrs: object) => makeNode(op, [], attrs);
  if (arity === 1) return (x: Node, attrs?: object) => makeNode(op, [x], attrs);
  return (...args: (Node | number | object)[]) => {
    const operands = args.slice(0, arity) as (Node | number)[];
    return makeNode(op, lift(operands, op), args[arity] as object | undefined);
  };
}

/** One method for each operation: `builder.add(x, y)`, `builder.sum(x, { axes: [0] })`. */
export const builder = Object.fromEntries(
  (Object.keys(ops) as OpName[]).map((op) => [op, method(op)]),
) as unknown as Builder;

/** Number of elements. */
export const elements = (node: Node): number => sizeOf(node.shape);
