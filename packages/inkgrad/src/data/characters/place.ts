import type { Field } from "./background.js";

/** Bringing ink into MNIST's form: into a box of 20 × 20 pixels, centred by mass in 28 × 28. */

const side = 28;
const box = 20;

interface Rectangle {
  readonly top: number;
  readonly left: number;
  readonly bottom: number;
  readonly right: number;
}

/** Ink [0 … 1] of any size as [28 × 28] bytes. Nothing comes of nothing. */
export function placed(ink: Field): Uint8Array {
  const out = new Uint8Array(side * side);
  const found = boundsOf(ink);
  if (found === undefined) return out;
  const [height, width] = [found.bottom - found.top, found.right - found.left];
  const scale = box / Math.max(height, width);
  const [h, w] = [height, width].map((size) => Math.max(Math.round(size * scale), 1));
  const small = resampled(ink, found, h, w);
  const [row, column] = centre(small);
  const top = shift(side / 2 - row, h);
  const left = shift(side / 2 - column, w);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      out[(y + top) * side + x + left] = Math.round(255 * Math.min(small.values[y * w + x], 1));
  return out;
}

/** Whole pixels, so that nothing is blurred, and within the picture. */
const shift = (offset: number, size: number): number =>
  Math.min(Math.max(Math.round(offset), 0), side - size);

/** Where there is ink of at least this. */
const visible = 0.2;
/** A row or column counts if it has as much ink as this many full pixels, at least. */
const leastInk = 0.35;

/** The box around the ink; undefined if there is none. */
function boundsOf({ values, height, width }: Field): Rectangle | undefined {
  const rows = new Float32Array(height);
  const columns = new Float32Array(width);
  for (let i = 0; i < values.length; i++) {
    if (values[i] < visible) continue;
    const y = Math.floor(i / width);
    rows[y] = Math.max(rows[y], values[i]);
    columns[i % width] = Math.max(columns[i % width], values[i]);
  }
  const vertical = extent(rows);
  const horizontal = extent(columns);
  if (vertical === undefined || horizontal === undefined) return undefined;
  return { top: vertical[0], bottom: vertical[1], left: horizontal[0], right: horizontal[1] };
}

function extent(profile: Float32Array): [number, number] | undefined {
  const first = profile.findIndex((ink) => ink >= leastInk);
  if (first < 0) return undefined;
  const beyond = Float32Array.from(profile)
    .reverse()
    .findIndex((ink) => ink >= leastInk);
  return [first, profile.length - beyond];
}

/** The ink within a rectangle as h × w pixels, each the mean over the area it covers. */
function resampled(ink: Field, from: Rectangle, h: number, w: number): Field {
  const rows = shares(from.top, from.bottom, h, ink.height);
  const columns = shares(from.left, from.right, w, ink.width);
  const values = new Float32Array(h * w);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++) {
      let sum = 0;
      for (const [row, a] of rows[y])
        for (const [column, b] of columns[x]) sum += a * b * ink.values[row * ink.width + column];
      values[y * w + x] = sum;
    }
  return { values, height: h, width: w };
}

type Shares = readonly (readonly [index: number, share: number])[];

/**
 * Which old pixels make up each new one. Where pixels become larger, they reach over as much as the
 * old ones are apart (a triangle), so that no steps are seen.
 */
function shares(from: number, to: number, count: number, size: number): Shares[] {
  const step = (to - from) / count;
  return Array.from({ length: count }, (_, i) => {
    const parts: [number, number][] = [];
    let total = 0;
    const add = (index: number, share: number): void => {
      if (share <= 0) return;
      total += share;
      if (index >= 0 && index < size) parts.push([index, share]);
    };
    if (step >= 1) {
      const [start, end] = [from + i * step, from + (i + 1) * step];
      for (let j = Math.floor(start); j < end; j++)
        add(j, Math.min(j + 1, end) - Math.max(j, start));
    } else {
      const middle = from + (i + 0.5) * step - 0.5;
      for (let j = Math.floor(middle); j <= middle + 1; j++) add(j, 1 - Math.abs(j - middle));
    }
    return parts.map(([index, share]) => [index, share / total] as const);
  });
}

/** The centre of mass, in pixels from the upper left corner. */
function centre({ values, width }: Field): [number, number] {
  let [mass, down, across] = [0, 0, 0];
  values.forEach((ink, i) => {
    mass += ink;
    down += ink * (Math.floor(i / width) + 0.5);
    across += ink * ((i % width) + 0.5);
  });
  return [down / mass, across / mass];
}
