import type { Stream } from "./stream.js";
import type { Style } from "./style.js";
import type { Written } from "./write.js";

/** What is drawn on: ink from 0 to 1, row by row. */
export interface Canvas {
  readonly size: number;
  readonly ink: Float64Array;
}

export const newCanvas = (size: number): Canvas => ({ size, ink: new Float64Array(size * size) });

/** The side of MNIST's pictures, and of the box in them that the ink just fits into. */
const standardSize = 28;
const box = 20;

/**
 * Draws what was written as MNIST's pictures were made: scaled to fit a box of 20 × 20 in 28 × 28
 * (other sizes in proportion), then moved by whole pixels until its centre of mass lies in the
 * middle, and written as grey levels to `out` from `at` on.
 *
 * @source LeCun, Cortes & Burges, "The MNIST database of handwritten digits"
 */
export function render(
  written: Written,
  style: Style,
  random: Stream,
  canvas: Canvas,
  out: Uint8Array,
  at: number,
): void {
  const unit = canvas.size / standardSize;
  const [x0, y0, x1, y1] = bounds(written);
  const widest = widestOf(written);
  const scale = ((box - 2 * widest) / Math.max(x1 - x0, y1 - y0, 1e-6)) * unit;
  const middle = canvas.size / 2;
  const left = middle - (scale * (x0 + x1)) / 2;
  const top = middle - (scale * (y0 + y1)) / 2;
  const soft = random.between(style.softness[0], style.softness[1]) * Math.min(unit, 1);
  canvas.ink.fill(0);
  for (let s = 0; s < written.strokes; s++) {
    const { points, count } = written.curves[s];
    const widths = written.widths[s];
    for (let i = 1; i < count; i++) {
      segment(
        canvas,
        left + scale * points[2 * i - 2],
        top + scale * points[2 * i - 1],
        left + scale * points[2 * i],
        top + scale * points[2 * i + 1],
        widths[i - 1] * unit,
        widths[i] * unit,
        soft,
      );
    }
  }
  centre(canvas, out, at);
}

/** The smallest rectangle about all points. */
export function bounds(written: Written): [x0: number, y0: number, x1: number, y1: number] {
  let x0 = Infinity;
  let y0 = Infinity;
  let x1 = -Infinity;
  let y1 = -Infinity;
  for (let s = 0; s < written.strokes; s++) {
    const { points, count } = written.curves[s];
    for (let i = 0; i < 2 * count; i += 2) {
      x0 = Math.min(x0, points[i]);
      x1 = Math.max(x1, points[i]);
      y0 = Math.min(y0, points[i + 1]);
      y1 = Math.max(y1, points[i + 1]);
    }
  }
  return [x0, y0, x1, y1];
}

function widestOf(written: Written): number {
  let widest = 0;
  for (let s = 0; s < written.strokes; s++) {
    for (let i = 0; i < written.curves[s].count; i++)
      widest = Math.max(widest, written.widths[s][i]);
  }
  return widest;
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
  const left = Math.max(Math.ceil(Math.min(x0, x1) - reach - 0.5), 0);
  const right = Math.min(Math.floor(Math.max(x0, x1) + reach - 0.5), size - 1);
  const top = Math.max(Math.ceil(Math.min(y0, y1) - reach - 0.5), 0);
  const bottom = Math.min(Math.floor(Math.max(y0, y1) + reach - 0.5), size - 1);
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

/** Copies the ink so that its centre of mass comes to lie on the middle, as near as pixels allow. */
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
