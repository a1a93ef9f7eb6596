import type { Skeleton } from "./form.js";

/** Points of a curve, x and y in turn, as many as `count` says. */
export interface Curve {
  points: Float64Array;
  count: number;
}

/** Length of the pieces into which curves are cut, in units of the skeletons. */
const step = 4;
const maxPoints = 512;

export const newCurve = (): Curve => ({ points: new Float64Array(2 * maxPoints), count: 0 });

/**
 * The smooth curve through the points of a stroke: a centripetal Catmull–Rom spline, which has no
 * loops or cusps of its own, interrupted at corners.
 *
 * @source Yuksel, Schaefer & Keyser, "Parameterization and applications of Catmull-Rom curves", 2011
 */
export function trace(points: Float64Array, corners: Skeleton["corners"], out: Curve): void {
  const n = points.length / 2;
  out.count = 0;
  push(out, points[0], points[1]);
  for (let i = 0; i + 1 < n; i++) {
    const before = i > 0 && corners[i] === 0 ? i - 1 : -1;
    const after = i + 2 < n && corners[i + 1] === 0 ? i + 2 : -1;
    span(points, before, i, after, out);
  }
}

/** The piece from point i to the next; a neighbour of −1 says that the curve ends there. */
function span(p: Float64Array, before: number, i: number, after: number, out: Curve): void {
  const ax = p[2 * i];
  const ay = p[2 * i + 1];
  const bx = p[2 * i + 2];
  const by = p[2 * i + 3];
  const dx = bx - ax;
  const dy = by - ay;
  const length = Math.sqrt(dx * dx + dy * dy);
  const knot = Math.sqrt(length) + 1e-6;
  let ux = dx;
  let uy = dy;
  let vx = dx;
  let vy = dy;
  if (before >= 0) {
    const qx = ax - p[2 * before];
    const qy = ay - p[2 * before + 1];
    const k = Math.sqrt(Math.sqrt(qx * qx + qy * qy)) + 1e-6;
    ux = tangent(qx, k, dx, knot) * knot;
    uy = tangent(qy, k, dy, knot) * knot;
  }
  if (after >= 0) {
    const qx = p[2 * after] - bx;
    const qy = p[2 * after + 1] - by;
    const k = Math.sqrt(Math.sqrt(qx * qx + qy * qy)) + 1e-6;
    vx = tangent(dx, knot, qx, k) * knot;
    vy = tangent(dy, knot, qy, k) * knot;
  }
  // Where the curve ends it leaves with the bend of a parabola.
  if (before < 0) {
    ux = 1.5 * dx - 0.5 * vx;
    uy = 1.5 * dy - 0.5 * vy;
  }
  if (after < 0) {
    vx = 1.5 * dx - 0.5 * ux;
    vy = 1.5 * dy - 0.5 * uy;
  }
  const pieces = Math.ceil(length / step) + 1;
  for (let j = 1; j <= pieces; j++) {
    const t = j / pieces;
    const s = 1 - t;
    const a = s * s * (1 + 2 * t);
    const b = t * t * (3 - 2 * t);
    const c = s * s * t;
    const d = -t * t * s;
    push(out, a * ax + b * bx + c * ux + d * vx, a * ay + b * by + c * uy + d * vy);
  }
}

/** The slope between two differences d and e over the knots k and l, at the knot between. */
const tangent = (d: number, k: number, e: number, l: number): number =>
  d / k - (d + e) / (k + l) + e / l;

function push(out: Curve, x: number, y: number): void {
  if (out.count === maxPoints) return;
  out.points[2 * out.count] = x;
  out.points[2 * out.count + 1] = y;
  out.count++;
}
