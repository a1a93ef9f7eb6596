import type { Backend } from "@src/backend/backend.js";
import { reference } from "@src/backend/reference/reference.js";
import { allocate, type DType, type TypedArray } from "@src/base/dtype.js";
import { elementAt, roundTo, stored } from "@src/base/rounding.js";
import { sizeOf } from "@src/base/shape.js";
import { numbersOf as fullNumbers, programOf } from "@src/compile/execute.js";
import { type GraphNode, placeholderNode } from "@src/graph/node.js";
import { schedule } from "@src/graph/schedule.js";
import type { Node } from "@src/ops/op.js";

/** The elements of the outputs when the inputs have the given ones. */
export function evaluateGraph(
  outputs: readonly Node[],
  inputs: readonly GraphNode[] = [],
  values: readonly TypedArray[] = [],
  backend: Backend = reference,
): TypedArray[] {
  const plan = schedule(outputs as GraphNode[], inputs);
  const given = new Map(inputs.map((node, i) => [node, values[i]]));
  const elements = plan.inputs.map((node) => given.get(node) ?? node.value!);
  return backend.load(programOf(plan)).run(elements, fullNumbers(plan)) as TypedArray[];
}

/** Elements as numbers. */
export const numbersOf = (values: TypedArray, dtype: DType): number[] =>
  Array.from(values, (_, i) => elementAt(values, dtype, i));

/** Numbers as elements of a type. */
export function elementsOf(numbers: readonly number[], dtype: DType): TypedArray {
  const out = allocate(dtype, numbers.length);
  numbers.forEach((x, i) => (out[i] = stored(dtype, dtype === "bool" ? x : roundTo(dtype, x))));
  return out;
}

/** An argument, and the elements that it is given. */
export interface Argument {
  readonly node: GraphNode;
  readonly value: TypedArray;
}

export const argument = (
  shape: readonly number[],
  dtype: DType,
  numbers: readonly number[],
): Argument => ({
  node: placeholderNode(shape, dtype, { open: false, outer: [] }),
  value: elementsOf(
    Array.from({ length: sizeOf(shape) }, (_, i) => numbers[i % numbers.length]),
    dtype,
  ),
});
