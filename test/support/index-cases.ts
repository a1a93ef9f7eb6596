import fc from "fast-check";
import { ellipsis, type Index, newAxis, tensor } from "inkgrad";
import { type Entry, product } from "./index-oracle.js";

/** Random shapes with an index each, of every kind of entry. */

export interface IndexCase {
  shape: number[];
  entries: Entry[];
  index: Index[];
}

type Draw = (least: number, most: number) => number;

export interface CaseOptions {
  /** Leave out what looks positions up. */
  plain?: boolean;
}

/** Everything below is drawn one number at a time, so that failures shrink. */
export const indexCase = ({ plain = false }: CaseOptions = {}): fc.Arbitrary<IndexCase> =>
  fc.gen().map((g) => {
    const draw: Draw = (least, most) => g(fc.integer, { min: least, max: most });
    const rank = draw(0, 4);
    const shape = Array.from({ length: rank }, () => (draw(0, 15) === 7 ? 0 : draw(1, 4)));
    const entries =
      draw(0, 2) === 0 && !plain ? maskEntries(draw, shape) : lookupEntries(draw, shape, plain);
    insertMarkers(draw, entries);
    return { shape, entries, index: entries.map((entry) => written(draw, entry)) };
  });

function integerOrRange(draw: Draw, size: number): Entry {
  if (size > 0 && draw(0, 2) === 0) return { kind: "integer", at: draw(-size, size - 1) };
  return { kind: "range", bounds: bounds(draw, size) };
}

/** Bounds in order, written from either end or left out. */
function bounds(draw: Draw, size: number): (number | undefined)[] {
  const either = (at: number): number => (at < size && draw(0, 2) === 0 ? at - size : at);
  const back = size > 0 && draw(0, 2) === 0;
  const last = back ? size - 1 : size;
  const low = draw(0, last);
  const high = draw(0, 7) === 3 ? low : draw(Math.min(low + 1, last), last);
  const [start, stop] = back ? [either(high), either(low)] : [either(low), either(high)];
  const step = draw(1, 3) * (back ? -1 : 1);
  const some = [draw(0, 3) === 0 ? undefined : start, draw(0, 3) === 0 ? undefined : stop];
  if (back) return [...some, step];
  return [[], some, [...some, step], [undefined, undefined, step]][draw(0, 3)];
}

/** Shapes that stretch to `block`: of as many axes or fewer, with some sizes 1. */
function lesser(draw: Draw, block: number[]): number[] {
  return block.slice(draw(0, block.length)).map((n) => (draw(0, 3) === 0 ? 1 : n));
}

function positionsEntry(draw: Draw, size: number, block: number[]): Entry {
  const shape = size === 0 ? [0] : lesser(draw, block);
  const values = Array.from({ length: product(shape) }, () => draw(-size, size - 1));
  return { kind: "positions", shape, values };
}

function lookupEntries(draw: Draw, shape: number[], plain: boolean): Entry[] {
  const block = Array.from({ length: draw(0, 2) }, () => (draw(0, 15) === 7 ? 0 : draw(1, 3)));
  const hasEmpty = block.includes(0);
  return shape.map((size) => {
    if (plain || draw(0, 1) === 0 || (size === 0 && !(hasEmpty && block.length === 1)))
      return integerOrRange(draw, size);
    return positionsEntry(draw, size, block);
  });
}

function maskEntries(draw: Draw, shape: number[]): Entry[] {
  const entries: Entry[] = [];
  const first = draw(0, shape.length);
  const covered = draw(0, Math.min(2, shape.length - first));
  const own = shape.slice(first, first + covered);
  const values = Array.from({ length: product(own) }, () => draw(0, 1) === 1);
  const count = values.filter(Boolean).length;
  const other = (size: number): Entry =>
    size > 0 && draw(0, 7) === 3
      ? { kind: "mask", shape: [size], values: oneTrue(draw, size) }
      : lookupOrNot(size);
  const lookupOrNot = (size: number): Entry =>
    size > 0 && draw(0, 3) === 0 ? positionsEntry(draw, size, [count]) : integerOrRange(draw, size);
  for (const size of shape.slice(0, first)) entries.push(other(size));
  entries.push({ kind: "mask", shape: own, values });
  for (const size of shape.slice(first + covered)) entries.push(other(size));
  return entries;
}

function oneTrue(draw: Draw, size: number): boolean[] {
  const at = draw(0, size - 1);
  return Array.from({ length: size }, (_, i) => i === at);
}

/** New axes anywhere; an ellipsis, or nothing at the end, in place of some entries in a row. */
function insertMarkers(draw: Draw, entries: Entry[]): void {
  if (draw(0, 2) === 0) {
    const from = draw(0, entries.length);
    const isMask = (entry: Entry): boolean => entry.kind === "mask";
    const room = [...entries.slice(from), { kind: "mask" } as Entry].findIndex(isMask);
    const dropped = draw(0, room);
    const atEnd = from + dropped === entries.length;
    const marker: Entry[] = atEnd && draw(0, 1) === 0 ? [] : [{ kind: "ellipsis" }];
    entries.splice(from, dropped, ...marker);
  }
  for (let i = draw(0, 2); i > 0; i--)
    if (draw(0, 1) === 0) entries.splice(draw(0, entries.length), 0, { kind: "newAxis" });
}

const nested = (shape: number[], values: unknown[]): unknown =>
  shape.length === 0
    ? values[0]
    : Array.from({ length: shape[0] }, (_, i) => {
        const size = product(shape.slice(1));
        return nested(shape.slice(1), values.slice(i * size, (i + 1) * size));
      });

/** The entry as a user may write it: one of several ways. */
function written(draw: Draw, entry: Entry): Index {
  switch (entry.kind) {
    case "integer":
      return entry.at;
    case "newAxis":
      return newAxis;
    case "ellipsis":
      return ellipsis;
    case "range":
      return { kind: "range", range: entry.bounds as [] };
    case "mask": {
      const mask = tensor(entry.values.map(Number), { shape: entry.shape, dtype: "bool" });
      const canNest = entry.shape.length > 0 && !entry.shape.includes(0);
      if (canNest && draw(0, 2) === 0) return nested(entry.shape, entry.values) as Index;
      return draw(0, 1) === 0 ? mask : mask.logicalNot().logicalNot();
    }
    case "positions": {
      const { shape, values } = entry;
      const way = draw(0, 4);
      if (way === 0 && (shape.length === 1 || (shape.length > 1 && !shape.includes(0))))
        return nested(shape, values) as Index;
      if (way === 1 && shape.length === 1) return Int32Array.from(values);
      if (way === 2 && values.every((v) => v >= 0)) return tensor(values, { shape, dtype: "u8" });
      const known = tensor(values, { shape, dtype: "i32" });
      return way === 3 ? known : known.add(0);
    }
  }
}
