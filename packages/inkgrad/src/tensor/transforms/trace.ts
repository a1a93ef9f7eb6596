import { isFloat } from "../../base/dtype.js";
import { DTypeError } from "../../base/errors.js";
import { makeNode } from "../../graph/builder.js";
import { type GraphNode, isOpen, type Trace } from "../../graph/node.js";
import { scoped } from "../scope.js";
import type { Tensor } from "../tensor.js";

/** A trace within those that any of the tensors already belongs to. */
export const traceOver = (tensors: readonly Tensor[]): Trace => ({
  open: true,
  outer: tensors.flatMap(({ node: { trace } }) =>
    // A closed one asks for nothing; a loop of gradients of gradients would make a chain of them.
    trace !== null && isOpen(trace) ? [trace] : [],
  ),
});

/** A new node of the same value: a derivative with respect to it ends there. */
export function standIn({ node }: Tensor, trace: Trace): GraphNode {
  const fresh = makeNode("identity", [node]);
  fresh.trace = trace;
  if (node.stored !== null) fresh.settle(node.stored);
  return fresh;
}

/** Runs `body`, at the end of which the trace closes whatever happens. */
export function closing<R>(trace: Trace, body: () => R): R {
  try {
    return scoped(body);
  } finally {
    trace.open = false;
  }
}

/** Runs `body` with stand-ins for tensors; until it ends the graph keeps its history. */
export function traced<R>(tensors: readonly Tensor[], body: (inputs: GraphNode[]) => R): R {
  const trace = traceOver(tensors);
  return closing(trace, () => body(tensors.map((x) => standIn(x, trace))));
}

/** Throws unless all are of a type that has derivatives. */
export function requireFloats(tensors: readonly Tensor[], what: string): void {
  for (const { dtype } of tensors)
    if (!isFloat(dtype))
      throw new DTypeError(
        `${what} is of type ${dtype}, which has no derivative; use x.cast("f32"), ` +
          "or leave it out of argNums",
      );
}
