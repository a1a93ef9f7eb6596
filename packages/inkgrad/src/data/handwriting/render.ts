import type { Written } from "./write.js";

/** What is drawn on: ink from 0 to 1, row by row. */
export interface Canvas {
  readonly size: number;
  readonly ink: Float64Array;
}

export const newCanvas = (size: number): Canvas => ({ size, ink: new Float64Array(size * size) });

/** The side of MNIST's pictures, and of the box in them that the ink just fits into. */
export const standardSize = 28;
const box = 20;

/**
 * Draws what was written as MNIST's pictures were made: scaled to fit a box of 20 × 20 in 28 × 28
 * (other sizes in proportion), then moved by whole pixels until its centre of mass lies within the
 * pixel right of and below the middle, and written as grey levels to `out` from `at` on.
 *
 * @param softness  pixels over which the edge of a stroke fades
 * @source LeCun, Cortes & Burges, "The MNIST database of handwritten digits"
 */
export function render(
  written: Written,
  softness: number,
  canvas: Canvas,
  out: Uint8Array,
  at: number,
): void {
  const unit = canvas.size / standardSize;
  const { scale, x, y } = fit(written, roomOf(softness, canvas.size));
  const middle = standardSize / 2;
  const soft = softness * Math.min(unit, 1);
  canvas.ink.fill(0);
  for (let s = 0; s < written.strokes; s++) {
    const { points, count } = written.curves[s];
    const widths = written.widths[s];
    for (let i = 1; i < count; i++) {
      segment(
        canvas,
        unit * (middle + scale * points[2 * i - 2] - x),
        unit * (middle + scale * points[2 * i - 1] - y),
        unit * (middle + scale * points[2 * i] - x),
        unit * (middle + scale * points[2 * i + 1] - y),
        widths[i - 1] * unit,
        widths[i] * unit,
        soft,
      );
    }
  }
  centre(canvas, out, at);
}

/**
 * How large the ink is to be, in pixels of 28, for the outermost pixels of the box to be full of it,
 * as they are in MNIST. What fades beyond them is cut off.
 */
export const roomOf = (softness: number, size: number): number => {
  const pixel = standardSize / size;
  return box - pixel + softness * Math.min(pixel, 1);
};

/** Where ink ends along an axis: its least and greatest place, and the points that make them. */
interface Reach {
  low: number;
  high: number;
  lowPoint: number;
  highPoint: number;
}

export function reach(written: Written, axis: 0 | 1, scale: number): Reach {
  const found = { low: Infinity, high: -Infinity, lowPoint: 0, highPoint: 0 };
  for (let s = 0; s < written.strokes; s++) {
    const { points, count } = written.curves[s];
    const widths = written.widths[s];
    for (let i = 0; i < count; i++) {
      const p = points[2 * i + axis];
      if (scale * p - widths[i] < found.low) {
        found.low = scale * p - widths[i];
        found.lowPoint = p;
      }
      if (scale * p + widths[i] > found.high) {
        found.high = scale * p + widths[i];
        found.highPoint = p;
      }
    }
  }
  return found;
}

/**
 * By how much the points must be scaled, while the pen stays as wide as it is, for the larger side of
 * the ink to be `room` pixels; and the middle of the ink then. The side is a convex function of the
 * scale, made of straight pieces, on which Newton's method ends after a few steps.
 */
export function fit(written: Written, room: number): { scale: number; x: number; y: number } {
  let scale = 0;
  for (let step = 0; ; step++) {
    const across = reach(written, 0, scale);
    const down = reach(written, 1, scale);
    const wide = across.high - across.low;
    const tall = down.high - down.low;
    const [side, { highPoint, lowPoint }] = wide > tall ? [wide, across] : [tall, down];
    const slope = highPoint - lowPoint;
    // Without a pen's width the first step may stand on two points that are one.
    const change = (room - side) / (slope > 1e-9 ? slope : longest(written));
    if (step === 8 || !(change < 1e9) || Math.abs(room - side) < 1e-9) {
      return { scale, x: (across.low + across.high) / 2, y: (down.low + down.high) / 2 };
    }
    scale += change;
  }
}

/** The larger side of the points alone. */
function longest(written: Written): number {
  const across = reach(written, 0, 1e9);
  const down = reach(written, 1, 1e9);
  return Math.max(across.highPoint - across.lowPoint, down.highPoint - down.lowPoint);
}

/** Ink within r0 … r1 of the line from (x0, y0) to (x1, y1), fading over `soft` pixels. */
function segment(
  { size, ink }: Canvas,
  x0: number,
  y0: number,
  x1: number,
  y1: number,
  r0: number,
  r1: number,
  soft: number,
): void {
  const reach = Math.max(r0, r1) + soft / 2;
  // The middle of pixel i lies at i + 0.5.
  const first = Math.round((size * (standardSize - box)) / (2 * standardSize));
  const last = size - 1 - first;
  const left = Math.max(Math.ceil(Math.min(x0, x1) - reach - 0.5), first);
  const right = Math.min(Math.floor(Math.max(x0, x1) + reach - 0.5), last);
  const top = Math.max(Math.ceil(Math.min(y0, y1) - reach - 0.5), first);
  const bottom = Math.min(Math.floor(Math.max(y0, y1) + reach - 0.5), last);
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length2 = dx * dx + dy * dy + 1e-12;
  for (let row = top; row <= bottom; row++) {
    const py = row + 0.5 - y0;
    for (let column = left; column <= right; column++) {
      const px = column + 0.5 - x0;
      let t = (px * dx + py * dy) / length2;
      t = t < 0 ? 0 : t > 1 ? 1 : t;
      const ex = px - t * dx;
      const ey = py - t * dy;
      const radius = r0 + t * (r1 - r0);
      const outer = radius + soft / 2;
      const distance2 = ex * ex + ey * ey;
      if (distance2 >= outer * outer) continue;
      const cover = Math.min((outer - Math.sqrt(distance2)) / soft, 1);
      const at = row * size + column;
      if (cover > ink[at]) ink[at] = cover;
    }
  }
}

/** Copies the ink so that its centre of mass comes to lie about the middle, as near as pixels allow. */
function centre({ size, ink }: Canvas, out: Uint8Array, at: number): void {
  let mass = 0;
  let sumX = 0;
  let sumY = 0;
  for (let row = 0; row < size; row++) {
    for (let column = 0; column < size; column++) {
      const m = ink[row * size + column];
      mass += m;
      sumX += m * column;
      sumY += m * row;
    }
  }
  // MNIST's centre is the pixel right of and below the middle.
  const dx = Math.round(size / 2 - sumX / mass);
  const dy = Math.round(size / 2 - sumY / mass);
  for (let row = 0; row < size; row++) {
    const y = row - dy;
    for (let column = 0; column < size; column++) {
      const x = column - dx;
      const inside = x >= 0 && x < size && y >= 0 && y < size;
      out[at + row * size + column] = inside ? Math.round(255 * ink[y * size + x]) : 0;
    }
  }
}
