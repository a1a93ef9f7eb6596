import { DTypeError, ShapeError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import { describe } from "../../base/tree.js";
import { builder as b } from "../../graph/builder.js";
import type { GraphNode } from "../../graph/node.js";
import type { Node } from "../../ops/op.js";
import { tensor } from "../functions/create.js";
import { isTensor } from "../tensor.js";
import type { Range } from "../types/slice.js";
import type { Index } from "./kinds.js";
import { positions, requireIndexType, requirePosition } from "./positions.js";
import { type Part, partOf, single, whole } from "./ranges.js";

/** An index tensor, or a mask, and where it applies. */
export interface Lookup {
  /** The axis of the view that it stands for: the first of them, for a mask. */
  readonly axis: number;
  /** Positions from 0 on, i32, or a mask. */
  readonly index: Node;
  readonly isMask: boolean;
}

/**
 * What an index means for a shape, in two steps: integers, ranges and new axes make a view; index
 * tensors and masks then pick from that.
 */
export interface Selection {
  /** What is taken of each axis of the tensor. */
  readonly parts: readonly Part[];
  /** The parts' sizes without the axes that integers pick from, with the new ones. */
  readonly viewShape: readonly number[];
  readonly lookups: readonly Lookup[];
  /** The result's axis at which the index tensors' own axes begin. */
  readonly place: number;
}

type Entry =
  | { readonly kind: "integer"; readonly at: number }
  | { readonly kind: "range"; readonly range: Range }
  | { readonly kind: "newAxis" }
  | { readonly kind: "ellipsis" }
  | { readonly kind: "positions"; readonly index: GraphNode }
  | { readonly kind: "mask"; readonly index: GraphNode };

/** @source NumPy, "Indexing on ndarrays" */
export function parseIndex(shape: readonly number[], index: readonly Index[]): Selection {
  const entries = index.map(entryOf);
  const rest = shape.length - entries.reduce((count, entry) => count + axesOf(entry), 0);
  const ellipses = entries.filter((entry) => entry.kind === "ellipsis").length;
  if (rest < 0)
    throw new ShapeError(
      `at: the index is for ${shape.length - rest} axes, shape ${show(shape)} has ${shape.length}`,
    );
  if (ellipses > 1) throw new ShapeError("at: one ellipsis is allowed, for it fills what is left");
  if (ellipses === 0) entries.push({ kind: "ellipsis" });

  const lookedUp = entries.filter(({ kind }) => kind === "positions" || kind === "mask");
  const several = lookedUp.reduce((count, entry) => count + axesOf(entry), 0) > 1;
  const parts: Part[] = [];
  const viewShape: number[] = [];
  const lookups: Lookup[] = [];
  /** Axes of the view that stay as they are. */
  let kept = 0;
  const keep = (size: number): void => {
    viewShape.push(size);
    kept++;
  };
  const take = (part: Part): void => {
    parts.push(part);
    keep(part.size);
  };
  const places = entries.map((entry) => {
    const before = kept;
    const axis = parts.length;
    if (entry.kind === "integer") {
      requirePosition(entry.at, axis, shape);
      parts.push(single(entry.at < 0 ? entry.at + shape[axis] : entry.at));
    } else if (entry.kind === "range") take(partOf(entry.range, axis, shape, "at"));
    else if (entry.kind === "newAxis") keep(1);
    else if (entry.kind === "ellipsis") for (let i = 0; i < rest; i++) take(whole(shape[axis + i]));
    else if (entry.kind === "positions") {
      const index = positions(entry.index, axis, shape, several);
      lookups.push({ axis: viewShape.length, index, isMask: false });
      parts.push(whole(shape[axis]));
      viewShape.push(shape[axis]);
    } else {
      const covered = shape.slice(axis, axis + axesOf(entry));
      requireMaskShape(entry.index, covered, shape);
      // A mask without axes picks along a new one.
      const sizes = covered.length === 0 ? [1] : covered;
      const index = covered.length === 0 ? b.reshape(entry.index, { shape: [1] }) : entry.index;
      lookups.push({ axis: viewShape.length, index, isMask: true });
      parts.push(...covered.map(whole));
      viewShape.push(...sizes);
    }
    return before;
  });
  return { parts, viewShape, lookups, place: placeOf(entries, places) };
}

/**
 * NumPy's rule: the axes of index tensors come where these stand; first of all when something
 * stands between them. Integers beside index tensors count as such.
 */
function placeOf(entries: readonly Entry[], places: readonly number[]): number {
  const advanced = [...entries.keys()].filter((i) =>
    ["integer", "positions", "mask"].includes(entries[i].kind),
  );
  if (advanced.length === 0) return 0;
  const [first, last] = [advanced[0], advanced[advanced.length - 1]];
  return last - first + 1 === advanced.length ? places[first] : 0;
}

/** Axes of the tensor that an entry is about. */
function axesOf(entry: Entry): number {
  if (entry.kind === "mask") return entry.index.shape.length;
  return entry.kind === "newAxis" || entry.kind === "ellipsis" ? 0 : 1;
}

function entryOf(entry: unknown): Entry {
  if (typeof entry === "number") return { kind: "integer", at: entry };
  if (isTensor(entry)) {
    if (entry.dtype === "bool") return { kind: "mask", index: entry.node };
    requireIndexType(entry.node);
    return { kind: "positions", index: entry.node };
  }
  if (Array.isArray(entry) || isNumberArray(entry)) return writtenOut(entry);
  const { kind, range } = (entry ?? {}) as { kind?: unknown; range?: unknown };
  if (kind === "newAxis" || kind === "ellipsis" || (kind === "range" && Array.isArray(range)))
    return entry as Entry;
  throw new DTypeError(
    "at: an index is made of integers, range(start, stop), newAxis, ellipsis, and tensors or " +
      `arrays of positions or of booleans; got ${describe(entry)}`,
  );
}

const isNumberArray = (value: unknown): value is Int32Array =>
  ArrayBuffer.isView(value) &&
  !(value instanceof DataView || value instanceof BigInt64Array || value instanceof BigUint64Array);

/** Positions or booleans in an array. f64 takes numbers as they are, to be judged as positions. */
function writtenOut(data: readonly unknown[] | Int32Array): Entry {
  let leaf: unknown = data;
  while (Array.isArray(leaf)) leaf = leaf[0];
  const isMask = typeof leaf === "boolean";
  const { node } = tensor(data as number[], { dtype: isMask ? "bool" : "f64" });
  return isMask ? { kind: "mask", index: node } : { kind: "positions", index: node };
}

function requireMaskShape(mask: Node, covered: readonly number[], shape: readonly number[]): void {
  if (!sameShape(mask.shape, covered))
    throw new ShapeError(
      `at: a mask of shape ${show(mask.shape)} does not fit axes of sizes ${show(covered)}, ` +
        `shape ${show(shape)}; it needs one value for each element`,
    );
}
