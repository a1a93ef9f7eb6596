import { ValueError } from "../../base/errors.js";
import { onCircle } from "./exact.js";
import {
  blur,
  countsOf,
  type PlaneOptions,
  requireCount,
  requireSpread,
  toyClasses,
  type ToyPlane,
} from "./make.js";

/** Classes in the plane that no straight line parts. */

export interface TwoClassOptions extends PlaneOptions {
  /** How many points in all (default 100), or of each class. */
  readonly n?: number | readonly [number, number];
}

type Place = (c: number, i: number, count: number) => readonly [number, number];

function inPlane(
  name: string,
  counts: readonly number[],
  place: Place,
  options: PlaneOptions,
): ToyPlane {
  const { noise = 0 } = options;
  requireSpread(noise, "noise", name);
  const n = counts.reduce((sum, count) => sum + count, 0);
  const [x, y] = [new Float64Array(2 * n), new Int32Array(n)];
  let row = 0;
  counts.forEach((count, c) => {
    for (let i = 0; i < count; i++, row++) {
      y[row] = c;
      x.set(place(c, i, count), 2 * row);
    }
  });
  blur(x, noise, options.key);
  return toyClasses(name, x, y, 2, counts.length, options);
}

/**
 * Two half circles of radius 1 that reach into each other: the upper one about (0, 0), class 0, the lower one
 * about (1, ½), class 1. Points lie at equal distances from end to end.
 *
 * @returns x [n, 2], y [n] i32
 * @throws ShapeError  unless n is a whole number ≥ 1, or two ≥ 0
 * @throws ValueError  unless noise is finite and ≥ 0
 * @source scikit-learn `make_moons`
 */
export function moons(options: TwoClassOptions = {}): ToyPlane {
  const along = (i: number, count: number): readonly [number, number] =>
    onCircle(count === 1 ? 0 : i / (count - 1) / 2);
  const place: Place = (c, i, count) => {
    const [x, y] = along(i, count);
    return c === 0 ? [x, y] : [1 - x, 0.5 - y];
  };
  return inPlane("moons", countsOf(options.n ?? 100, 2, "moons"), place, options);
}

export interface CirclesOptions extends TwoClassOptions {
  /** Radius of the inner circle, in [0, 1) (default 0.8). */
  readonly factor?: number;
}

/**
 * Two circles about (0, 0): class 0 of radius 1, class 1 of radius `factor`, points at equal distances.
 *
 * @returns x [n, 2], y [n] i32
 * @throws ValueError  unless 0 ≤ factor < 1
 * @source scikit-learn `make_circles`
 */
export function circles(options: CirclesOptions = {}): ToyPlane {
  const { factor = 0.8 } = options;
  if (!(factor >= 0 && factor < 1))
    throw new ValueError(`circles: factor must lie in [0, 1), got ${String(factor)}`);
  const place: Place = (c, i, count) => {
    const [x, y] = onCircle(i / count);
    return c === 0 ? [x, y] : [factor * x, factor * y];
  };
  return inPlane("circles", countsOf(options.n ?? 100, 2, "circles"), place, options);
}

export interface XorOptions extends PlaneOptions {
  /** How many points (default 100); the corners take turns. */
  readonly n?: number;
}

/**
 * The exclusive or: points at the corners (±1, ±1) of a square, class 0 where both signs are the same and
 * class 1 where they differ, with noise (default 0.25).
 *
 * @returns x [n, 2], y [n] i32
 * @throws ShapeError  unless n is a whole number ≥ 1
 */
export function xor(options: XorOptions = {}): ToyPlane {
  const place: Place = (c, i) => {
    const x = i % 2 === 0 ? -1 : 1;
    return [x, c === 0 ? x : -x];
  };
  const counts = countsOf(options.n ?? 100, 2, "xor");
  return inPlane("xor", counts, place, { noise: 0.25, ...options });
}

export interface SpiralsOptions extends PlaneOptions {
  /** How many points in all (default 100), or of each class. */
  readonly n?: number | readonly number[];
  /** How many arms, each a class (default 2). */
  readonly classes?: number;
  /** How often an arm goes round (default 1). */
  readonly turns?: number;
}

/**
 * Arms that wind about (0, 0), counterclockwise: point i of m of arm c lies at radius r = (i + 1) / m and
 * angle 2π (turns · r + c / classes).
 *
 * @returns x [n, 2], y [n] i32
 * @throws ShapeError  unless there are two classes or more, and n is a whole number ≥ 1 or one for each
 * @throws ValueError  unless turns is finite and ≥ 0
 */
export function spirals(options: SpiralsOptions = {}): ToyPlane {
  const { classes = 2, turns = 1 } = options;
  requireCount(classes, "classes", "spirals", 2);
  requireSpread(turns, "turns", "spirals");
  const place: Place = (c, i, count) => {
    const radius = (i + 1) / count;
    const [x, y] = onCircle(turns * radius + c / classes);
    return [radius * x, radius * y];
  };
  return inPlane("spirals", countsOf(options.n ?? 100, classes, "spirals"), place, options);
}
