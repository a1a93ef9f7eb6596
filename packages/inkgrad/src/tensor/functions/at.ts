import { computeType } from "../../base/dtype.js";
import { DTypeError } from "../../base/errors.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import type { Index } from "../indexing/kinds.js";
import { maskedView } from "../indexing/masked.js";
import { parseIndex, type Selection } from "../indexing/parse.js";
import { bringTogether, pick, pickedShape, place, putView, takeView } from "../indexing/select.js";
import { added, stretched, valuesFor } from "../indexing/values.js";
import { castTo, nodeOf, type Operand, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";

/** A part of a tensor, to be read or, in a copy, written. */
interface Selected {
  readonly get: () => Tensor;
  readonly set: (values: Operand) => Tensor;
  readonly add: (values: Operand) => Tensor;
}

/**
 * The part of `x` that an index selects, by NumPy's rules. An index has an entry for each axis from
 * the first on:
 * * an integer (negative: from the end) takes one element and drops the axis;
 * * `range(start, stop, step)` takes a part, bounds as in `slice`;
 * * `newAxis` puts in an axis of size 1; `ellipsis` stands for as many whole axes as are left;
 * * an array or integer tensor of positions looks each up: its axes take the axis' place. Several
 *   broadcast together, and where something stands between them their axes come first;
 * * a bool tensor or array is a mask over as many axes as it has, and counts as the positions at
 *   which it is true.
 *
 * `.get()` reads: a view, for integers, ranges and new axes. `.set(v)` gives a copy of `x` with the
 * part replaced, `.add(v)` one with v added to it. The values broadcast to the part, and become of
 * x's type. Of several values for one place `set` keeps the last, and only that one has a gradient;
 * `add` adds all. (There is no mul, min or max: for places that come up once set(get().mul(v))
 * says it, and for others no operation does.)
 *
 * How much a mask selects depends on its values: `.get()` reads them, so it does not work inside
 * vmap or compile, where `.set` and `.add` do for values that are the same all along the mask.
 *
 * @throws IndexError  for a position outside its axis: at once if it is known, else when it is
 * @throws ShapeError  if the index has too many entries, or the values do not fit the part
 * @throws DTypeError  if the values' type does not fit into the tensor's
 * @source NumPy, "Indexing on ndarrays"
 */
export function at(x: Tensor, ...index: Index[]): Selected {
  const node = nodeOf(x, "at");
  const selection = parseIndex(node.shape, index);
  return {
    get: () => wrap(get(node, selection)),
    set: (values) => wrap(set(node, selection, valuesFor(values, node.dtype, "at(…).set"))),
    add: (values) => wrap(add(node, selection, valuesFor(values, node.dtype, "at(…).add"))),
  };
}

function get(x: Node, selection: Selection): Node {
  const view = takeView(x, selection);
  return selection.lookups.length === 0 ? view : pick(view, bringTogether(selection, "at(…).get"));
}

function set(x: Node, selection: Selection, values: Node): Node {
  const op = "at(…).set";
  if (selection.lookups.length === 0)
    return putView(x, selection, stretched(values, selection.viewShape, op));
  const view = takeView(x, selection);
  const masked = maskedView(selection, values, op);
  if (masked !== null) return putView(x, selection, b.where(masked.mask, masked.values, view));
  const lookups = bringTogether(selection, op);
  const updates = stretched(values, pickedShape(lookups), op);
  return putView(x, selection, place(view, lookups, updates, "set"));
}

function add(x: Node, selection: Selection, values: Node): Node {
  const op = "at(…).add";
  if (x.dtype === "bool")
    throw new DTypeError(`${op}: bools do not add; cast the tensor first, as x.cast("i32")`);
  const view = takeView(x, selection);
  if (selection.lookups.length === 0)
    return putView(x, selection, added(view, stretched(values, selection.viewShape, op)));
  const masked = maskedView(selection, values, op);
  if (masked !== null)
    return putView(x, selection, b.where(masked.mask, added(view, masked.values), view));
  const lookups = bringTogether(selection, op);
  const wide = computeType(x.dtype);
  const updates = castTo(stretched(values, pickedShape(lookups), op), wide);
  const sum = place(castTo(view, wide), lookups, updates, "add");
  return putView(x, selection, castTo(sum, x.dtype));
}
