import type { FunctionBuilder, Local } from "../assembler/function.js";

/**
 * Axes merged where every path goes over two as over one, axes of length 1 left out: the fewest
 * loops, the longest inner one. The first `kept` axes stay as they are.
 */
export function collapse(
  sizes: readonly number[],
  paths: readonly (readonly number[])[],
  kept = 0,
): { sizes: number[]; paths: number[][] } {
  const out: { size: number; strides: number[] }[] = [];
  sizes.forEach((size, axis) => {
    if (size === 1 && axis >= kept) return;
    const strides = paths.map((path) => path[axis]);
    const outer = out.length > kept ? out.at(-1) : undefined;
    if (outer !== undefined && outer.strides.every((step, i) => step === strides[i] * size)) {
      outer.size *= size;
      outer.strides = strides;
    } else out.push({ size, strides });
  });
  return {
    sizes: out.map(({ size }) => size),
    paths: paths.map((_, i) => out.map(({ strides }) => strides[i])),
  };
}

/** A position that walks through a loop nest: an address in bytes, or a count. */
export class Cursor {
  /** Where it stands, at the current depth of loops. */
  at: Local;

  constructor(
    f: FunctionBuilder,
    /** Leaves the position of the first element on the stack. */
    pushFirst: () => void,
    /** Steps along the axes, in what `at` counts. */
    readonly steps: readonly number[],
  ) {
    this.at = f.local("i32");
    pushFirst();
    f.set(this.at);
  }

  /** Moves to a place along an axis. */
  moveTo(f: FunctionBuilder, axis: number, place: Local): void {
    const step = this.steps[axis];
    if (step === 0) return;
    f.get(this.at).get(place).times(step).op("i32.add").set(this.at);
  }
}

/** Lets the locals of cursors be given out again. */
export function releaseAll(f: FunctionBuilder, cursors: readonly Cursor[]): void {
  f.release(...cursors.map(({ at }) => at));
}

/**
 * Loops over the axes from `first` up to `end`, with every cursor at its place in `body`. The
 * cursors are back at the beginning afterwards.
 */
export function nest(
  f: FunctionBuilder,
  sizes: readonly number[],
  cursors: readonly Cursor[],
  axis: number,
  end: number,
  body: () => void,
): void {
  if (axis === end) {
    body();
    return;
  }
  const counter = f.local("i32");
  moving(f, cursors, axis, () => {
    f.for(counter, 0, sizes[axis], 1, () => {
      nest(f, sizes, cursors, axis + 1, end, body);
      advance(f, cursors, axis, 1);
    });
  });
  f.release(counter);
}

/** Runs `body` with copies of the cursors that move along `axis`; puts the originals back. */
export function moving(
  f: FunctionBuilder,
  cursors: readonly Cursor[],
  axis: number,
  body: () => void,
): void {
  const before = cursors.map(({ at }) => at);
  for (const cursor of cursors)
    if (cursor.steps[axis] !== 0) {
      const copy = f.local("i32");
      f.get(cursor.at).set(copy);
      cursor.at = copy;
    }
  body();
  cursors.forEach((cursor, i) => {
    if (cursor.at !== before[i]) f.release(cursor.at);
    cursor.at = before[i];
  });
}

/** Moves every cursor `count` places along `axis`. */
export function advance(
  f: FunctionBuilder,
  cursors: readonly Cursor[],
  axis: number,
  count: number,
): void {
  for (const { at, steps } of cursors) if (steps[axis] !== 0) f.increase(at, steps[axis] * count);
}
