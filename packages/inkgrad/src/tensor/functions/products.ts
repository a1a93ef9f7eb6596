import { arithmeticType } from "../../base/dtype.js";
import { ShapeError } from "../../base/errors.js";
import { broadcastShapes, show, sizeOf } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { castTo, expandTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { elementwise } from "./elementwise.js";

/** Matrix product by NumPy's rules: leading axes broadcast, a vector is a row or a column. */
export const matmul = (x: Tensor, y: Tensor): Tensor => wrap(product(x, y, "matmul"));

function product(x: Tensor, y: Tensor, op: string): Node {
  const [a, c] = pair(x, y, op);
  if (a.shape.length === 0 || c.shape.length === 0)
    throw new ShapeError(
      `${op}: needs one axis or more, got ${show(a.shape)} times ${show(c.shape)}; use mul`,
    );
  const k = c.shape.at(c.shape.length === 1 ? -1 : -2);
  if (a.shape.at(-1) !== k)
    throw new ShapeError(
      `${op}: inner sizes ${a.shape.at(-1)} and ${k} differ, ${show(a.shape)} times ${show(c.shape)}`,
    );
  const left = a.shape.length === 1 ? b.reshape(a, { shape: [1, ...a.shape] }) : a;
  const right = c.shape.length === 1 ? b.reshape(c, { shape: [...c.shape, 1] }) : c;
  const whole = multiply(left, right);
  const shape = [...whole.shape];
  if (c.shape.length === 1) shape.splice(-1, 1);
  if (a.shape.length === 1) shape.splice(c.shape.length === 1 ? -1 : -2, 1);
  return shape.length === whole.shape.length ? whole : b.reshape(whole, { shape });
}

function multiply(x: Node, y: Node): Node {
  const [m, k, n] = [x.shape.at(-2)!, x.shape.at(-1)!, y.shape.at(-1)!];
  const [xs, ys] = [x.shape.slice(0, -2), y.shape.slice(0, -2)];
  if (ys.length === 0 && xs.length > 0) {
    // One matrix for all: the rows of the whole batch make one tall matrix.
    const rows = b.reshape(x, { shape: [sizeOf(xs) * m, k] });
    return b.reshape(b.matmul(rows, y), { shape: [...xs, m, n] });
  }
  const batch = batchShape(xs, ys, x, y);
  return b.matmul(expandTo(x, [...batch, m, k]), expandTo(y, [...batch, k, n]));
}

function batchShape(xs: readonly number[], ys: readonly number[], x: Node, y: Node): number[] {
  try {
    return broadcastShapes(xs, ys);
  } catch {
    throw new ShapeError(
      `matmul: batch dimensions ${show(xs)} and ${show(ys)} do not broadcast, ` +
        `${show(x.shape)} times ${show(y.shape)}`,
    );
  }
}

/** Two tensors in the type of their product. */
function pair(x: Tensor, y: Tensor, op: string): [Node, Node] {
  const [a, c] = [nodeOf(x, op), nodeOf(y, op)];
  const dtype = arithmeticType(a.dtype, c.dtype);
  return [castTo(a, dtype), castTo(c, dtype)];
}

/** The product of two vectors; of matrices, the matrix product; with a scalar, each element's. */
export function dot(x: Tensor, y: Tensor): Tensor {
  const shapes = [nodeOf(x, "dot").shape, nodeOf(y, "dot").shape];
  for (const shape of shapes)
    if (shape.length > 2)
      throw new ShapeError(`dot: ${show(shape)} has more than two dimensions; use matmul`);
  return shapes.some((shape) => shape.length === 0)
    ? elementwise.mul(x, y)
    : wrap(product(x, y, "dot"));
}

/** Every element of x times every element of y: [size of x, size of y]. */
export function outer(x: Tensor, y: Tensor): Tensor {
  const [a, c] = pair(x, y, "outer");
  const shape = [sizeOf(a.shape), sizeOf(c.shape)];
  const column = b.reshape(a, { shape: [shape[0], 1] });
  const row = b.reshape(c, { shape: [1, shape[1]] });
  return wrap(b.mul(expandTo(column, shape), expandTo(row, shape)));
}
