import { ShapeError, ValueError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { storedElements } from "../../data/tensor-of.js";
import { take } from "../../tensor/functions/take.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";

/** Examples: inputs [n, ...], targets [n, ...], and how much each counts [n]. A `Dataset` is one. */
export interface Examples {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly weights?: Tensor;
}

/** Throws unless it is a tensor whose first axis is of examples. */
export function requireBatch(x: unknown, name: string, op: string): void {
  if (!isTensor(x))
    throw new ValueError(
      `${op}: ${name} must be a tensor, got ${describe(x)}; make one with tensor(…)`,
    );
  if (x.rank === 0)
    throw new ShapeError(
      `${op}: ${name} must be [n, ...], a batch of examples, got a single number`,
    );
}

/** Throws unless there are as many targets and weights as inputs, and weights are numbers ≥ 0. */
export function requireExamples(data: Examples, op: string): void {
  for (const name of ["x", "y", "weights"] as const)
    if (name !== "weights" || data?.weights !== undefined)
      requireBatch((data as Partial<Examples> | null)?.[name], name, op);
  const n = data.x.shape[0];
  for (const [name, tensor] of Object.entries({ y: data.y, weights: data.weights }))
    if (tensor !== undefined && tensor.shape[0] !== n)
      throw new ShapeError(
        `${op}: x has ${n} examples and ${name} has ${show(tensor.shape)}; the first axes must agree`,
      );
  if (n === 0) throw new ValueError(`${op}: there are no examples`);
  if (data.weights !== undefined) requireWeights(data.weights, op);
}

/** Throws unless examples are of the shape that the model takes. */
export function requireInputs(x: Tensor, input: readonly number[], op: string): void {
  const own = x.shape.slice(1);
  if (!sameShape(own, input))
    throw new ShapeError(`${op}: each example must be ${show(input)}, got ${show(own)}`);
}

function requireWeights(weights: Tensor, op: string): void {
  if (weights.rank !== 1)
    throw new ShapeError(`${op}: weights must be [n], one an example, got ${show(weights.shape)}`);
  const values = storedElements(weights.cast("f64"));
  const wrong = values.findIndex((w) => !(w >= 0 && w < Infinity));
  if (wrong >= 0)
    throw new ValueError(
      `${op}: weights must be finite numbers ≥ 0, got ${values[wrong]} at position ${wrong}`,
    );
}

/** The examples of these numbers; null: all of them. */
export function pick(data: Examples, rows: Tensor | null): Examples {
  if (rows === null) return data;
  const of = (x: Tensor): Tensor => take(x, rows as never, 0);
  return {
    x: of(data.x),
    y: of(data.y),
    ...(data.weights === undefined ? {} : { weights: of(data.weights) }),
  };
}
