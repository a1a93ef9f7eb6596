import { sizeOf } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { type GraphNode, placeholderNode } from "../../graph/node.js";
import { batchGraph } from "../../grad/batch.js";
import type { Node } from "../../ops/op.js";
import { iotaAlong } from "../../ops/recipes.js";
import { scoped } from "../scope.js";
import type { AnyFunction, Hessian, Hvp, Jacobian, JacobianOptions } from "../types/transforms.js";
import { grad } from "./grad.js";
import { release, requireFunction } from "./leaves.js";
import { type Linearized, jvp, linearize, pushForward } from "./linearize.js";

/**
 * The function that gives all derivatives of `f`: for a result [...out] and an argument [...in] a
 * tensor [...out, ...in]; for trees a tree of the result's form with trees of the argument's form
 * in its leaves.
 */
export const jacobian = ((f: AnyFunction, argNum = 0, options: JacobianOptions = {}) =>
  (...args: unknown[]) => {
    requireFunction(f, "jacobian");
    const one = (x: unknown): unknown => f(...args.map((arg, i) => (i === argNum ? x : arg)));
    const linear = linearize(one, [args[argNum]], "jacobian");
    const [rows, columns] = [total(linear.outputs), total(linear.inputs)];
    const mode = options.mode ?? "auto";
    const forward = mode === "forward" || (mode === "auto" && columns < rows);
    const blocks = scoped(() => (forward ? byColumns(linear) : byRows(linear)));
    const tensors = release(blocks.flat());
    const width = linear.inputs.length;
    return linear.unflattenOutputs(
      linear.outputs.map(
        (_, i) =>
          (linear.unflattenInputs(tensors.slice(i * width, (i + 1) * width)) as unknown[])[0],
      ),
    );
  }) as unknown as Jacobian;

const total = (nodes: readonly Node[]): number =>
  nodes.reduce((sum, { shape }) => sum + sizeOf(shape), 0);

/** One unit cotangent after the other for each output, all in one batch. */
function byRows({ inputs, outputs, cotangents, pulled }: Linearized): GraphNode[][] {
  return outputs.map((out, i) => {
    const size = sizeOf(out.shape);
    const places = new Map<Node, Node>(
      cotangents.map((place, j) => [place, units(place, size, i === j)]),
    );
    return batchGraph(pulled, places, size).map((rows, j) =>
      b.reshape(rows, { shape: [...out.shape, ...inputs[j].shape] }),
    ) as GraphNode[];
  });
}

/** One unit tangent after the other for each input, all in one batch. */
function byColumns(linear: Linearized): GraphNode[][] {
  const { inputs, outputs } = linear;
  const trace = { open: true, outer: [] };
  const tangents = inputs.map((x) => placeholderNode(x.shape, x.dtype, trace));
  const pushed = pushForward(linear, tangents);
  const blocks = inputs.map((input, j) => {
    const size = sizeOf(input.shape);
    const places = new Map<Node, Node>(
      tangents.map((place, k) => [place, units(place, size, j === k)]),
    );
    return batchGraph(pushed, places, size).map((columns, i) => {
      const rank = outputs[i].shape.length;
      const order = Array.from({ length: rank }, (_, k) => k + 1);
      const last = b.permute(columns, { axes: [...order, 0] });
      return b.reshape(last, { shape: [...outputs[i].shape, ...input.shape] }) as GraphNode;
    });
  });
  return outputs.map((_, i) => blocks.map((block) => block[i]));
}

/** [size, ...shape of x]: the rows of the identity matrix, or zeros for what is held still. */
function units(x: Node, size: number, moving: boolean): Node {
  const shape = [size, ...x.shape];
  if (!moving) return b.full({ shape, value: 0, dtype: x.dtype });
  const square = [size, size];
  const eye = b.equal(iotaAlong(b, square, 0), iotaAlong(b, square, 1));
  return b.reshape(b.cast(eye, { dtype: x.dtype }), { shape });
}

/**
 * The function that gives the second derivatives of a scalar `f`: [...in, ...in]. Forward over
 * reverse: one forward pass of the gradient for each element of the argument, all in one batch.
 */
export const hessian = ((f: AnyFunction, argNum = 0) =>
  (jacobian as unknown as (...args: unknown[]) => unknown)(
    (grad as unknown as (...args: unknown[]) => unknown)(f, argNum),
    argNum,
    { mode: "forward" },
  )) as unknown as Hessian;

/** The Hessian of a scalar `f` at x times a vector (a tree like x), without forming the matrix. */
export const hvp = ((f: AnyFunction, x: unknown, vector: unknown) =>
  jvp((grad as unknown as (g: AnyFunction) => AnyFunction)(f), [x], [vector])[1]) as Hvp;
