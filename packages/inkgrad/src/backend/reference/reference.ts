import { allocate, type DType, dtypes, isInteger, type TypedArray } from "../../base/dtype.js";
import { InternalError } from "../../base/errors.js";
import { fromBrainBits, fromHalfBits, toBrainBits, toHalfBits } from "../../base/half.js";
import { sizeOf, stridesOf } from "../../base/shape.js";
import type { GraphNode } from "../../graph/node.js";
import type { Schedule } from "../../graph/schedule.js";
import { elementsOf } from "../../graph/stored.js";
import type { Lowering } from "../../ops/lowering.js";
import { compileExpr, type Expr } from "../../ops/scalar.js";
import { ops } from "../../ops/table.js";
import type { Backend, HostCompute } from "../backend.js";
import { kernels } from "./kernels.js";
import { elementsAt } from "./offsets.js";

/**
 * The reference backend: goes through the graph node by node, computes each in float64 with plain
 * loops, and rounds the result to the node's type. It is the definition of the operations.
 */
export const reference: Backend = {
  name: "reference",
  capabilities: { dtypes, synchronous: true, interprets: true, float64: true },
  load: (program) => ({ run: (inputs) => interpret(program, inputs.map(elementsOf)) }),
};

function interpret(program: Schedule, inputs: readonly TypedArray[]): TypedArray[] {
  const values = new Map<GraphNode, Float64Array>();
  program.inputs.forEach((node, i) => values.set(node, decode(inputs[i], node.dtype)));
  for (const { node, release } of program.steps) {
    values.set(
      node,
      compute(
        node,
        node.src.map((x) => values.get(x)!),
      ),
    );
    for (const done of release) values.delete(done);
  }
  return program.outputs.map((node) => encode(values.get(node)!, node.dtype));
}

/** One node by itself, for backends that have no kernel for it. */
export const computeOnHost: HostCompute = (node, inputs) =>
  encode(
    compute(
      node,
      inputs.map((x, i) => decode(x, node.src[i].dtype)),
    ),
    node.dtype,
  );

function compute(node: GraphNode, inputs: readonly Float64Array[]): Float64Array {
  const lower = ops[node.op].lower as Lowering<object>;
  switch (lower.kind) {
    case "forward":
      return inputs[0];
    case "view": {
      const [x] = node.src;
      const source = { shape: x.shape, strides: stridesOf(x.shape), offset: 0 };
      const layout = lower.layout(source, node.attrs, node.shape);
      if (layout === null) throw new InternalError(`${node.op}: no layout for contiguous elements`);
      return elementsAt(inputs[0], layout);
    }
    case "map":
      return round(map(node, inputs, lower.expr), node.dtype);
    case "kernel":
      return round(kernels[lower.kernel](node, inputs), node.dtype);
  }
}

/** One scalar expression for each element. */
function map(
  node: GraphNode,
  inputs: readonly Float64Array[],
  expr: (inputs: readonly Expr[], attrs: object) => Expr,
): Float64Array {
  const args = inputs.map((_, index) => ({ kind: "input", index }) as const);
  const types = node.src.map((x) => x.dtype);
  const f = compileExpr(expr(args, node.attrs), types, node.dtype);
  const out = new Float64Array(sizeOf(node.shape));
  const [x, y, z] = inputs;
  if (inputs.length === 1) for (let i = 0; i < out.length; i++) out[i] = f(x[i]);
  else if (inputs.length === 2) for (let i = 0; i < out.length; i++) out[i] = f(x[i], y[i]);
  else for (let i = 0; i < out.length; i++) out[i] = f(x[i], y[i], z[i]);
  return out;
}

/** Rounds in place to what the type can hold: floats to the nearest, integers by wrapping. */
function round(values: Float64Array, dtype: DType): Float64Array {
  if (dtype === "f32") for (let i = 0; i < values.length; i++) values[i] = Math.fround(values[i]);
  else if (dtype === "f16")
    for (let i = 0; i < values.length; i++) values[i] = fromHalfBits(toHalfBits(values[i]));
  else if (dtype === "bf16")
    for (let i = 0; i < values.length; i++) values[i] = fromBrainBits(toBrainBits(values[i]));
  else if (isInteger(dtype))
    for (let i = 0; i < values.length; i++) values[i] = wrap(values[i], dtype);
  return values;
}

/** Modulo the number of values that the type has; −0, which is no integer, becomes 0. */
function wrap(value: number, dtype: DType): number {
  if (dtype === "i32") return value | 0;
  return dtype === "u32" ? value >>> 0 : value & 255;
}

/** Elements as float64 numbers. */
function decode(array: TypedArray, dtype: DType): Float64Array {
  if (dtype === "f16") return Float64Array.from(array, fromHalfBits);
  if (dtype === "bf16") return Float64Array.from(array, fromBrainBits);
  return array instanceof Float64Array ? array : new Float64Array(array);
}

/** Numbers as elements of the type, in an array of their own. */
function encode(values: Float64Array, dtype: DType): TypedArray {
  const out = allocate(dtype, values.length);
  if (dtype === "f16") for (let i = 0; i < out.length; i++) out[i] = toHalfBits(values[i]);
  else if (dtype === "bf16") for (let i = 0; i < out.length; i++) out[i] = toBrainBits(values[i]);
  else out.set(values);
  return out;
}
