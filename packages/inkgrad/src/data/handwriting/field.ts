import type { Stream } from "./stream.js";

/** A smooth random displacement of the plane: a quadratic B-spline over a coarse grid. */
export interface Field {
  readonly dx: Float64Array;
  readonly dy: Float64Array;
}

/** Cells of the grid over the square in which characters stand, and the points that steer them. */
const cells = 3;
const across = cells + 2;
/** The square reaches a little beyond the character, hundredths of whose larger side count here. */
const from = -10;
const to = 110;

export const newField = (): Field => ({
  dx: new Float64Array(across * across),
  dy: new Float64Array(across * across),
});

/** New displacements, whose spread in the plane is about `spread`. */
export function randomise(field: Field, spread: number, random: Stream): void {
  // The spline averages its points, which makes the spread smaller by this factor.
  const each = spread * 1.8;
  for (let i = 0; i < across * across; i++) {
    field.dx[i] = each * random.normal();
    field.dy[i] = each * random.normal();
  }
}

/** Moves the first `count` points. */
export function distort(field: Field, points: Float64Array, count: number): void {
  for (let i = 0; i < 2 * count; i += 2) {
    const u = place(points[i]);
    const v = place(points[i + 1]);
    const column = Math.min(Math.floor(u), cells - 1);
    const row = Math.min(Math.floor(v), cells - 1);
    const s = u - column;
    const t = v - row;
    let dx = 0;
    let dy = 0;
    for (let j = 0; j < 3; j++) {
      const down = weight(j, t);
      for (let k = 0; k < 3; k++) {
        const share = down * weight(k, s);
        const at = (row + j) * across + column + k;
        dx += share * field.dx[at];
        dy += share * field.dy[at];
      }
    }
    points[i] += dx;
    points[i + 1] += dy;
  }
}

const place = (x: number): number =>
  Math.min(Math.max(((x - from) / (to - from)) * cells, 0), cells);

/** The quadratic B-spline's weights of the three points about a place t in its cell. */
const weight = (j: number, t: number): number =>
  j === 0 ? 0.5 * (1 - t) * (1 - t) : j === 1 ? 0.5 + t * (1 - t) : 0.5 * t * t;
