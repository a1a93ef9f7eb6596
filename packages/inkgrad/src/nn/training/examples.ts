import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { take } from "../../tensor/functions/take.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";

/** Examples: inputs [n, ...], targets [n, ...], and how much each counts [n]. A `Dataset` is one. */
export interface Examples {
  readonly x: Tensor;
  readonly y: Tensor;
  readonly weights?: Tensor;
}

/** Throws unless there are as many targets and weights as inputs. */
export function requireExamples(data: Examples, op: string): void {
  for (const name of ["x", "y"] as const)
    if (!isTensor(data?.[name]))
      throw new ValueError(
        `${op}: expected { x, y } with a tensor each, got ${describe(data?.[name])} for ${name}`,
      );
  const n = data.x.shape[0];
  for (const [name, tensor] of Object.entries({ y: data.y, weights: data.weights }))
    if (tensor !== undefined && tensor.shape[0] !== n)
      throw new ShapeError(
        `${op}: x has ${n} examples and ${name} has ${show(tensor.shape)}; the first axes must agree`,
      );
  if (n === 0) throw new ValueError(`${op}: there are no examples`);
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
