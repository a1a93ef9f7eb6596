import { backend } from "../backend/registry.js";
import { type DType, isInteger, type TypedArray } from "../base/dtype.js";
import { show } from "../base/shape.js";
import type { GraphNode } from "../graph/node.js";
import { evaluateNow } from "./evaluate.js";
import { userValue } from "./values.js";

/** Elements shown at either end of a long axis. */
const ends = 3;

/** A tensor as text: its elements (long axes cut short), shape and type. */
export function format(node: GraphNode): string {
  const about = `shape ${show(node.shape)}, ${node.dtype}`;
  if (!canRead(node)) return `tensor(not known yet, ${about})`;
  const value = userValue(evaluateNow([node])[0], node.dtype);
  return `tensor(${nested(value, node.shape, node.dtype)}, ${about})`;
}

/** Printing must never throw: a debugger or a test runner prints whatever it comes across. */
function canRead(node: GraphNode): boolean {
  if (node.known) return true;
  if (!backend().capabilities.synchronous) return false;
  try {
    evaluateNow([node]);
    return true;
  } catch {
    return false;
  }
}

function nested(value: TypedArray, shape: readonly number[], dtype: DType): string {
  if (shape.length === 0) return formatElement(value[0], dtype);
  const [n, ...rest] = shape;
  const step = value.length / n;
  const part = (i: number): string => nested(value.subarray(i * step, (i + 1) * step), rest, dtype);
  const long = n > 2 * ends + 1 && value.length > 100;
  const parts = long
    ? [...range(0, ends).map(part), "…", ...range(n - ends, n).map(part)]
    : range(0, n).map(part);
  return `[${parts.join(rest.length > 0 ? ",\n " : ", ")}]`;
}

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, i) => from + i);

function formatElement(x: number, dtype: DType): string {
  if (dtype === "bool") return x !== 0 ? "true" : "false";
  if (Object.is(x, -0)) return "-0";
  const exact = Number.isInteger(x) && Math.abs(x) <= 2 ** 24;
  if (dtype === "f64" || isInteger(dtype) || exact) return String(x);
  // f32 has about seven digits; more would show how it is stored, not what was meant.
  return String(Number(x.toPrecision(7)));
}
