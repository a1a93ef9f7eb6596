import { DTypeError, InternalError } from "../base/errors.js";
import { sizeOf } from "../base/shape.js";
import type { Builder, Node, Op } from "../ops/op.js";
import { type OpName, ops } from "../ops/table.js";
import { holds } from "../base/dtype.js";
import { debugging } from "./debug.js";
import { GraphNode } from "./node.js";
import { verifyNode } from "./verify.js";

const noAttrs = {};

/** Makes a node after asking the operation's rules whether its inputs fit. */
export function makeNode(op: OpName, src: readonly Node[], attrs: object = noAttrs): GraphNode {
  // The table is typed operation by operation; here any of them is meant.
  const rules = ops[op] as unknown as Op<"any", object>;
  const shape = rules.shape(src, attrs, op);
  const dtype = rules.dtype(src, attrs, op);
  const node = new GraphNode(op, src as readonly GraphNode[], attrs, shape, dtype);
  if (debugging) verifyNode(node);
  return node;
}

type Make = (op: OpName, src: readonly Node[], attrs?: object) => Node;
type Operand = Node | number;

/** A number as a tensor full of it, with the shape and type of `like`. */
function lift(x: Operand, like: Node | undefined, op: OpName, make: Make): Node {
  if (typeof x !== "number") return x;
  if (like === undefined)
    throw new InternalError(`${op}: at least one operand must be a node, all are numbers`);
  const { shape, dtype } = like;
  if (!holds(dtype, x))
    throw new DTypeError(
      `${op}: ${x} is not a value of type ${dtype}; cast the tensor first, as x.cast("f32")`,
    );
  return make("full", [], { shape, value: x, dtype });
}

const nodeOrNone = (x: Operand): Node | undefined => (typeof x === "number" ? undefined : x);

function method(op: OpName, make: Make): (...args: never[]) => Node {
  const { arity } = ops[op];
  switch (arity) {
    case "any":
      return (src: readonly Node[], attrs?: object) => make(op, src, attrs);
    case 0:
      return (attrs: object) => make(op, [], attrs);
    case 1:
      return (x: Node, attrs?: object) => make(op, [x], attrs);
    case 2:
      return (x: Operand, y: Operand, attrs?: object) => {
        const like = nodeOrNone(y) ?? nodeOrNone(x);
        return make(op, [lift(x, like, op, make), lift(y, like, op, make)], attrs);
      };
    case 3:
      return (x: Operand, y: Operand, z: Operand, attrs?: object) => {
        const like = nodeOrNone(z) ?? nodeOrNone(y) ?? nodeOrNone(x);
        const src = [x, y, z].map((operand) => lift(operand, like, op, make));
        return make(op, src, attrs);
      };
    case 4:
      return (...args: [Node, Node, Node, Node, object?]) =>
        make(op, args.slice(0, 4) as Node[], args[4]);
  }
}

/** One method for each operation, which makes its nodes with `make`. */
export const builderOf = (make: Make): Builder =>
  Object.fromEntries(
    (Object.keys(ops) as OpName[]).map((op) => [op, method(op, make)]),
  ) as unknown as Builder;

/** Makes nodes: `builder.add(x, y)`, `builder.sum(x, { axes: [0] })`. */
export const builder = builderOf(makeNode);

/** Number of elements. */
export const elements = (node: Node): number => sizeOf(node.shape);
