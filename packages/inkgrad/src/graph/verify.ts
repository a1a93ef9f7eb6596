import { dtypes } from "../base/dtype.js";
import { InternalError } from "../base/errors.js";
import { sameShape, show, sizeOf } from "../base/shape.js";
import type { Node, Op } from "../ops/op.js";
import { ops } from "../ops/table.js";
import type { GraphNode } from "./node.js";
import { printNode } from "./print.js";
import { topological } from "./schedule.js";

/**
 * The grammar of the graph. Every node that `outputs` need is of a known operation, has as many
 * inputs as it takes, all of them older than itself (so there is no circle), the shape and the type
 * that its operation's rules give, and a value, if it has one, of that many elements.
 *
 * @throws InternalError  naming the first node that breaks it, and how
 */
export function verify(outputs: readonly Node[]): void {
  for (const node of topological(outputs)) verifyNode(node);
}

/** The grammar of one node. */
export function verifyNode(node: GraphNode): void {
  const problem = problemOf(node);
  if (problem !== null)
    throw new InternalError(`the graph is malformed at ${printNode(node)}: ${problem}`);
}

function problemOf(node: GraphNode): string | null {
  const { op, src, shape, dtype, value } = node;
  if (!Object.hasOwn(ops, op)) return `there is no operation "${op}"`;
  const { arity } = ops[op];
  if (arity !== "any" && src.length !== arity)
    return `${op} takes ${arity} inputs, it has ${src.length}`;
  const younger = src.find((x) => !(x.id < node.id));
  if (younger !== undefined)
    return `its input ${printNode(younger)} is not older than itself, so the graph has a circle`;
  if (!dtypes.includes(dtype)) return `there is no type "${dtype}"`;
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0))
    return "sizes must be whole numbers ≥ 0";
  if (value !== null && value.length !== sizeOf(shape))
    return `its value has ${value.length} elements`;
  if (op === "constant") return value === null ? "a constant must have a value" : null;
  return ruleProblem(node);
}

/** What the operation's own rules have against the node. */
function ruleProblem({ op, src, attrs, shape, dtype }: GraphNode): string | null {
  const rules = ops[op] as unknown as Op<"any", object>;
  try {
    const expected = rules.shape(src, attrs, op);
    if (!sameShape(expected, shape)) return `its rule gives the shape ${show(expected)}`;
    const type = rules.dtype(src, attrs, op);
    return type === dtype ? null : `its rule gives the type ${type}`;
  } catch (error) {
    return `its rule refuses it: ${error instanceof Error ? error.message : String(error)}`;
  }
}
