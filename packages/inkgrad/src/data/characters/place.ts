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
export function placed(ink: Field): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(side * side);
  const found = boundsOf(ink);
  if (found === undefined) return out;
  const [height, width] = [found.bottom - found.top, found.right - found.left];
  const scale = box / Math.max(height, width);
  const [h, w] = [height, width].map((size) => Math.max(Math.round(size * scale), 1));
  const small = resampled(ink, found, h, w);
  const [row, column] = centre(small);
  const top = shift(row, h);
  const left = shift(column, w);
  for (let y = 0; y < h; y++)
    for (let x = 0; x < w; x++)
      out[(y + top) * side + x + left] = Math.round(255 * Math.min(small.values[y * w + x], 1));
  return out;
}

/**
 * How far to move so that the centre of mass lies within the pixel right below the middle, as in all of
 * MNIST's pictures (from 14 to 15, evenly spread). Whole pixels, so that nothing is blurred.
 */
const shift = (mass: number, size: number): number =>
  Math.min(Math.max(Math.ceil(side / 2 - mass), 0), side - size);

/**
 * The edge of a stroke is where its ink comes to this: with a quarter, the box found in MNIST's digits
 * drawn again is on average the one that they had (`bench/characters.mjs`).
 */
const edge = 0.25;

/** The box around the ink; undefined if there is none. */
function boundsOf({ values, height, width }: Field): Rectangle | undefined {
  const rows = new Float32Array(height);
  const columns = new Float32Array(width);
  for (let y = 0, i = 0; y < height; y++) {
    let most = 0;
    for (let x = 0; x < width; x++, i++) {
      const ink = values[i];
      if (ink > most) most = ink;
      if (ink > columns[x]) columns[x] = ink;
    }
    rows[y] = most;
  }
  const vertical = extent(rows);
  const horizontal = extent(columns);
  if (vertical === undefined || horizontal === undefined) return undefined;
  const [top, bottom] = vertical;
  const [left, right] = horizontal;
  return { top, bottom, left, right };
}

/** From where to where there is ink, in fractions of pixels. */
function extent(profile: Float32Array): [from: number, to: number] | undefined {
  const from = firstEdge(profile);
  const past = firstEdge(Float32Array.from(profile).reverse());
  return from === undefined || past === undefined ? undefined : [from, profile.length - past];
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
  const columns = shares(from.left, from.right, w, ink.width);
  const values = new Float32Array(h * w);
  // First along a row, then along the columns: neighbouring new rows may share an old one.
  const narrow = new Map<number, Float32Array>();
  shares(from.top, from.bottom, h, ink.height).forEach((parts, y) => {
    for (const [row, share] of parts) {
      const old = narrow.get(row) ?? rowOf(ink, row, columns);
      narrow.set(row, old);
      for (let x = 0; x < w; x++) values[y * w + x] += share * old[x];
    }
  });
  return { values, height: h, width: w };
}

function rowOf({ values, width }: Field, row: number, columns: readonly Shares[]): Float32Array {
  return Float32Array.from(columns, (parts) => {
    let sum = 0;
    for (const [column, share] of parts) sum += share * values[row * width + column];
    return sum;
  });
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
