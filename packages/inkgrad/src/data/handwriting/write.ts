import { type Curve, newCurve, trace } from "./curve.js";
import { distort, newField, randomise } from "./field.js";
import type { Form } from "./form.js";
import type { Stream } from "./stream.js";
import type { Style } from "./style.js";

/** What a pen did: curves, and its width at each of their points. */
export interface Written {
  /** Only the first `strokes` curves count; the rest is space for other characters. */
  readonly curves: Curve[];
  readonly widths: Float64Array[];
  strokes: number;
}

export const newWritten = (): Written => ({ curves: [], widths: [], strokes: 0 });

const field = newField();

/**
 * Writes a form once, as one writer might: a blend of its masters, each point moved a little, the
 * plane distorted, turned and slanted. Lengths are hundredths of the character's larger side; widths
 * are radii in pixels of a picture of 28.
 */
export function write(form: Form, style: Style, random: Stream, out: Written): void {
  const shares = blend(form.masters.length, random);
  const strokes = form.masters[0].length;
  const radius = style.thinnest + style.thickness * Math.abs(random.normal()) * 1.2;
  const nib = style.nib * random.uniform();
  const move = affine(form, style, random);
  randomise(field, style.elastic, random);
  out.strokes = strokes;
  for (let i = 0; i < strokes; i++) {
    const curve = (out.curves[i] ??= newCurve());
    const points = skeleton(form, shares, i, style, random);
    trace(points, form.masters[0][i].corners, curve);
    distort(field, curve.points, curve.count);
    move(curve);
    const widths = (out.widths[i] ??= new Float64Array(curve.points.length / 2));
    press(curve, radius, nib, style, random, widths);
  }
}

/** Shares of the masters that add up to 1; they go a little beyond them. */
function blend(n: number, random: Stream): number[] {
  if (n === 1) return [1];
  const drawn = Array.from({ length: n }, () => random.uniform());
  let total = 0;
  for (const share of drawn) total += share * share;
  const beyond = 1.25;
  return drawn.map((share) => beyond * ((share * share) / total - 1 / n) + 1 / n);
}

/** The points of one stroke. */
function skeleton(
  form: Form,
  shares: readonly number[],
  stroke: number,
  style: Style,
  random: Stream,
): Float64Array {
  const size = form.masters[0][stroke].points.length;
  const points = new Float64Array(size);
  const shift = form.masters[0].length > 1 ? style.shift : 0;
  const dx = shift * random.normal();
  const dy = shift * random.normal();
  for (let k = 0; k < size; k++) {
    let sum = k % 2 === 0 ? dx : dy;
    for (let m = 0; m < shares.length; m++) sum += shares[m] * form.masters[m][stroke].points[k];
    points[k] = sum + style.jitter * random.normal();
  }
  moveEnd(points, 0, 2, style.ends * random.normal());
  moveEnd(points, size - 2, size - 4, style.ends * random.normal());
  return points;
}

/** Moves the point at `at` away from the one at `from`. */
function moveEnd(points: Float64Array, at: number, from: number, by: number): void {
  const dx = points[at] - points[from];
  const dy = points[at + 1] - points[from + 1];
  const length = Math.sqrt(dx * dx + dy * dy) + 1e-6;
  const share = Math.max(by / length, -0.6);
  points[at] += dx * share;
  points[at + 1] += dy * share;
}

/** Rotation, slant and aspect, about the middle of the character. */
function affine(form: Form, style: Style, random: Stream): (curve: Curve) => void {
  // Half the angle's tangent gives sine and cosine without a library's rounding.
  const half = (style.rotation * random.normal()) / 2;
  const cos = (1 - half * half) / (1 + half * half);
  const sin = (2 * half) / (1 + half * half);
  const slant = (form.lean ?? style.lean) + (form.slant ?? style.slant) * random.normal();
  const wide = style.width * (1 + style.aspect * random.normal());
  return ({ points, count }) => {
    for (let i = 0; i < 2 * count; i += 2) {
      const y = points[i + 1] - 50;
      const x = (points[i] - 50) * wide - slant * y;
      points[i] = cos * x - sin * y;
      points[i + 1] = sin * x + cos * y;
    }
  };
}

const knots = 4;
const pressures = new Float64Array(knots + 1);

/** The pen's radius along a curve: pressure that comes and goes, and the direction of the nib. */
function press(
  { points, count }: Curve,
  radius: number,
  nib: number,
  style: Style,
  random: Stream,
  widths: Float64Array,
): void {
  for (let k = 0; k <= knots; k++) pressures[k] = 1 + style.pressure * random.normal();
  // The nib's broad side lies along (1, 1): thin up to the right, thick down to the right.
  for (let i = 0; i < count; i++) {
    const at = (i / count) * knots;
    const k = Math.floor(at);
    const t = at - k;
    const pressure = pressures[k] * (1 - t) + pressures[k + 1] * t;
    const j = Math.max(i, 1);
    const dx = points[2 * j] - points[2 * j - 2];
    const dy = points[2 * j + 1] - points[2 * j - 1];
    const along = ((dx + dy) * (dx + dy)) / (2 * (dx * dx + dy * dy) + 1e-9);
    widths[i] = Math.max(radius * pressure * (1 + nib * (along - 0.5)), 0.4);
  }
}
