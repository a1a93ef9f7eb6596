import { ShapeError, ValueError } from "../../base/errors.js";
import { show, sizeOf } from "../../base/shape.js";
import { qr } from "../../tensor/functions/linear-algebra.js";
import { normal } from "../../tensor/random/normal.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Initializer, initializer } from "./initializer.js";

export interface OrthogonalOptions {
  /** Multiplied with (default 1). */
  readonly gain?: number;
}

/**
 * A random matrix [everything but the last axis, last axis] whose columns are orthonormal (its rows, where it is
 * wide), every such matrix as likely as any other: lengths of signals stay what they are.
 *
 * @throws ShapeError  for vectors
 * @source Saxe et al., arXiv:1312.6120
 */
export function orthogonal({ gain = 1 }: OrthogonalOptions = {}): Initializer {
  if (!Number.isFinite(gain))
    throw new ValueError(`orthogonal: gain must be a finite number, got ${String(gain)}`);
  return initializer("orthogonal", { gain }, (key, shape) => {
    if (shape.length < 2)
      throw new ShapeError(`orthogonal: needs a matrix or a kernel, not ${show(shape)}`);
    const columns = shape[shape.length - 1];
    const rows = sizeOf(shape.slice(0, -1));
    const wide = rows < columns;
    // qr makes the diagonal of r positive, without which q would depend on how it is computed.
    const [q] = qr(normal(key, wide ? [columns, rows] : [rows, columns])) as unknown as [Tensor];
    return (wide ? (q.transpose() as Tensor) : q).reshape(shape).mul(gain);
  });
}
