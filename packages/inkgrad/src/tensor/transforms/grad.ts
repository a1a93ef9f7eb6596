import { ShapeError, TraceError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { builder as b } from "../../graph/builder.js";
import type { GraphNode } from "../../graph/node.js";
import { backward } from "../../grad/backward.js";
import type { Node } from "../../ops/op.js";
import { zerosLike } from "../../ops/recipes.js";
import { isTensor, Tensor } from "../tensor.js";
import type { AnyFunction, ArgNums, Grad, GradOptions, ValueAndGrad } from "../types/transforms.js";
import { release, requireFunction, tensorsOf } from "./leaves.js";
import { requireFloats, traced } from "./trace.js";

/**
 * The function that gives the gradient of `f`, which must return a scalar. The gradient is a tree
 * like the argument; an argument that does not matter gets zeros. It can be differentiated again.
 *
 * @param f        takes trees of tensors, returns a scalar tensor ([scalar, anything] with hasAux)
 * @param argNums  the argument to differentiate by (default 0), or several: then a list of gradients
 * @throws ShapeError  if the result is no scalar
 * @throws DTypeError  if an argument is not of a float type
 */
export const grad = ((f: AnyFunction, argNums: ArgNums = 0, options: GradOptions<boolean> = {}) =>
  (...args: unknown[]) => {
    const { gradient, aux } = differentiate(f, argNums, options, args, "grad");
    return options.hasAux ? [gradient, aux] : gradient;
  }) as Grad;

/** As `grad`, but gives [value, gradient], computed together. */
export const valueAndGrad = ((
    f: AnyFunction,
    argNums: ArgNums = 0,
    options: GradOptions<boolean> = {},
  ) =>
  (...args: unknown[]) => {
    const { value, gradient, aux } = differentiate(f, argNums, options, args, "valueAndGrad");
    return [options.hasAux ? [value, aux] : value, gradient];
  }) as ValueAndGrad;

interface Differentiated {
  readonly value: Tensor;
  readonly gradient: unknown;
  readonly aux: unknown;
}

function differentiate(
  f: AnyFunction,
  argNums: ArgNums,
  { hasAux = false }: GradOptions<boolean>,
  args: readonly unknown[],
  op: string,
): Differentiated {
  requireFunction(f, op);
  const chosen = numbersOf(argNums, op);
  for (const i of chosen)
    if (!(i in args))
      throw new TraceError(
        `${op}: there is no argument ${i}; the function was called with ${args.length}`,
      );
  const { leaves, unflatten } = tensorsOf(
    chosen.map((i) => args[i]),
    `${op}: expected the argument`,
  );
  requireFloats(leaves, `${op}: the argument`);
  const { out, cotangents, aux } = traced(leaves, (inputs) => {
    const stands = unflatten(inputs.map((node) => new Tensor(node))) as unknown[];
    const call = [...args];
    chosen.forEach((i, k) => (call[i] = stands[k]));
    const result = f(...call);
    const [value, rest] = hasAux ? pairOf(result, op) : [result, undefined];
    const node = scalarOf(value, op);
    const one = b.full({ shape: [], value: 1, dtype: node.dtype });
    const found = backward([{ node, cotangent: one }], inputs);
    return { out: node, cotangents: orZeros(found, inputs), aux: rest };
  });
  const [value, ...gradients] = release([out, ...cotangents]);
  const trees = unflatten(gradients) as unknown[];
  return { value, gradient: typeof argNums === "number" ? trees[0] : trees, aux: handOut(aux) };
}

function numbersOf(argNums: ArgNums, op: string): readonly number[] {
  const chosen: unknown = typeof argNums === "number" ? [argNums] : argNums;
  if (Array.isArray(chosen) && new Set(chosen).size === chosen.length) return chosen as number[];
  throw new TraceError(
    `${op}: argNums must be the number of an argument or a list of such, each once, got ` +
      (Array.isArray(chosen) ? `[${chosen.join(", ")}]` : describe(chosen)),
  );
}

function pairOf(result: unknown, op: string): [unknown, unknown] {
  if (Array.isArray(result) && result.length === 2) return result as [unknown, unknown];
  throw new TraceError(
    `${op}: with hasAux the function must return [scalar, anything], it returned ${describe(result)}`,
  );
}

/** The node of a scalar result. */
export function scalarOf(result: unknown, op: string): GraphNode {
  if (!isTensor(result))
    throw new TraceError(
      `${op}: the function must return a scalar tensor, it returned ${describe(result)}`,
    );
  if (result.rank > 0)
    throw new ShapeError(
      `${op}: the function must return a scalar, it returns ${show(result.shape)}; ` +
        "sum it, or use jacobian",
    );
  requireFloats([result], `${op}: the result`);
  return result.node;
}

/** Tensors made inside a trace as tensors of the caller's; anything else as it is. */
function handOut(value: unknown): unknown {
  if (isTensor(value)) return new Tensor(value.node);
  if (Array.isArray(value)) return value.map(handOut);
  if (typeof value === "object" && value?.constructor === Object)
    return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, handOut(part)]));
  return value;
}

/** Cotangents as nodes, zeros where none arrived. */
export const orZeros = (cotangents: readonly (Node | null)[], like: readonly Node[]): GraphNode[] =>
  cotangents.map((cotangent, i) => (cotangent ?? zerosLike(b, like[i])) as GraphNode);
