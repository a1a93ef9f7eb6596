import { ShapeError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { show } from "../../base/shape.js";
import { partOf, takeParts, whole } from "../indexing/ranges.js";
import { nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { Range } from "../types/slice.js";

/**
 * A part: `x.slice([[1, 3], [], [0, -1, 2]])` is NumPy's x[1:3, :, 0:-1:2]. One range
 * [start?, stop?, step?] for each axis from the first on; axes without one stay whole. Nothing is
 * copied.
 *
 * @throws IndexError  if a range goes beyond its axis (NumPy would cut it short)
 * @throws ShapeError  if there are more ranges than axes
 */
export function slice(x: Tensor, ranges: readonly Range[]): Tensor {
  const node = nodeOf(x, "slice");
  const { shape } = node;
  requireRanges(ranges);
  if (ranges.length > shape.length)
    throw new ShapeError(
      `slice: more ranges than axes, shape ${show(shape)}; give ${shape.length} or fewer`,
    );
  const parts = shape.map((size, i) =>
    i < ranges.length ? partOf(ranges[i], i, shape, "slice") : whole(size),
  );
  return wrap(takeParts(node, parts));
}

function requireRanges(ranges: unknown): void {
  if (Array.isArray(ranges) && ranges.every((range) => Array.isArray(range))) return;
  throw new ShapeError(
    "slice: expected a list of ranges, as x.slice([[1, 3], []]), got " +
      (Array.isArray(ranges) ? show(ranges) : describe(ranges)),
  );
}
