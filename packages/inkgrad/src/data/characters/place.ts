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

/** The edge of a stroke is where its ink comes to this. */
const edge = 0.2;
/** A blurred edge is part of the box, too: pixels of the 20 × 20 that are added on each side. */
const blur = 0.2;

/** The box around the ink; undefined if there is none. */
function boundsOf({ values, height, width }: Field): Rectangle | undefined {
  const rows = new Float32Array(height);
  const columns = new Float32Array(width);
  for (let i = 0; i < values.length; i++) {
    const y = Math.floor(i / width);
    rows[y] = Math.max(rows[y], values[i]);
    columns[i % width] = Math.max(columns[i % width], values[i]);
  }
  const vertical = extent(rows);
  const horizontal = extent(columns);
  if (vertical === undefined || horizontal === undefined) return undefined;
  const larger = Math.max(vertical.end - vertical.start, horizontal.end - horizontal.start);
  const more = (blur * larger) / (box - 2 * blur);
  return {
    top: vertical.start - more,
    bottom: vertical.end + more,
    left: horizontal.start - more,
    right: horizontal.end + more,
  };
}

/** From where to where there is ink, in fractions of pixels. */
function extent(profile: Float32Array): { start: number; end: number } | undefined {
  const start = firstEdge(profile);
  const end = firstEdge(Float32Array.from(profile).reverse());
  return start === undefined || end === undefined
    ? undefined
    : { start, end: profile.length - end };
}

/** Where ink begins, between the middles of two pixels. */
function firstEdge(profile: Float32Array): number | undefined {
  const i = profile.findIndex((ink) => ink >= edge);
  if (i < 0) return undefined;
  const before = i === 0 ? 0 : profile[i - 1];
  return i - 0.5 + (edge - before) / (profile[i] - before);
}

/** The ink within a rectangle as h × w pixels, each the mean over the area it covers. */
function resampled(ink: Field, from: Rectangle, h: number, w: number): Field {
  const rows = shares(from.top, from.bottom, h, ink.height);
  const columns = shares(from.left, from.right, w, ink.width);
  // First along the rows, then along the columns.
  const between = new Float32Array(ink.height * w);
  columns.forEach((parts, x) => {
    for (const [column, share] of parts)
      for (let y = 0; y < ink.height; y++)
        between[y * w + x] += share * ink.values[y * ink.width + column];
  });
  const values = new Float32Array(h * w);
  rows.forEach((parts, y) => {
    for (const [row, share] of parts)
      for (let x = 0; x < w; x++) values[y * w + x] += share * between[row * w + x];
  });
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
