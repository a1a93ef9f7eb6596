/** Finding out what is paper and what is ink. */

/** Numbers of a picture, row by row. */
export interface Field {
  readonly values: Float32Array;
  readonly height: number;
  readonly width: number;
}

/**
 * How much ink lies on each pixel, 0 … 1, whether the ink is darker or lighter than the paper. The
 * paper may be of any grey and may change slowly from one side to the other: a surface of second
 * degree is fitted to it, and what lies off that surface is ink.
 */
export function inkOf(picture: Field): Field {
  const { values, height, width } = picture;
  const offPaper = subtractPaper(picture);
  // Ink is where the picture leaves the paper furthest.
  const sorted = sampleOf(offPaper).sort();
  const [low, high] = [quantile(sorted, 0.005), quantile(sorted, 0.995)];
  const sign = high >= -low ? 1 : -1;
  const strength = Math.max(high, -low);
  const out = new Float32Array(values.length);
  if (strength < leastContrast) return { values: out, height, width };
  const floor = Math.min(3 * noiseOf(sorted, strength), 0.3 * strength);
  const full = fullInk(sorted, sign, floor);
  for (let i = 0; i < out.length; i++)
    out[i] = Math.min(Math.max((sign * offPaper[i] - floor) / (full - floor), 0), 1);
  return { values: out, height, width };
}

/** With less between the darkest and the lightest, of 255, the picture is empty. */
const leastContrast = 8;

/** Every so many a pixel: enough to know how greys are spread. An odd step meets all columns. */
function sampleOf(values: Float32Array): Float32Array {
  const step = Math.floor(values.length / 20_000 / 2) * 2 + 1;
  return Float32Array.from({ length: Math.ceil(values.length / step) }, (_, i) => values[i * step]);
}

const quantile = (sorted: Float32Array, share: number): number =>
  sorted[Math.min(Math.max(Math.round(share * (sorted.length - 1)), 0), sorted.length - 1)];

/** The standard deviation of paper around its surface, from the middle one of its deviations. */
function noiseOf(offPaper: Float32Array, strength: number): number {
  const near = offPaper
    .filter((x) => Math.abs(x) < 0.3 * strength)
    .map((x) => Math.abs(x))
    .sort();
  return near.length === 0 ? 0 : quantile(near, 0.5) / 0.6745;
}

/** What counts as all ink: nearly the most of what is well inside strokes. */
function fullInk(sorted: Float32Array, sign: number, floor: number): number {
  const greatest = sign > 0 ? sorted[sorted.length - 1] : -sorted[0];
  const inside = sorted
    .filter((x) => sign * x > 0.5 * greatest)
    .map((x) => sign * x)
    .sort();
  return Math.max(quantile(inside, 0.8), floor + 1);
}

/** A surface c₀ + c₁x + c₂y + c₃x² + c₄xy + c₅y², with x and y from −1 to 1. */
type Surface = readonly number[];
const terms = 6;

const at = ([c0, c1, c2, c3, c4, c5]: Surface, x: number, y: number): number =>
  c0 + x * (c1 + c3 * x + c4 * y) + y * (c2 + c5 * y);

/** So many pixels are enough to fit a surface to. */
const enough = 2500;

/**
 * The picture without its paper: the surface is fitted to all pixels, then again and again with less
 * heed of those far off it (Tukey's biweight), so that ink does not pull it.
 */
function subtractPaper({ values, height, width }: Field): Float32Array {
  const step = Math.max(Math.floor(Math.sqrt(values.length / enough)), 1);
  const across = Math.ceil(width / step);
  const count = across * Math.ceil(height / step);
  const sample = {
    x: Float64Array.from({ length: count }, (_, i) => scaled((i % across) * step, width)),
    y: Float64Array.from({ length: count }, (_, i) =>
      scaled(Math.floor(i / across) * step, height),
    ),
    value: Float64Array.from(
      { length: count },
      (_, i) => values[Math.floor(i / across) * step * width + (i % across) * step],
    ),
  };
  const border = median(borderOf(values, height, width));
  const offBorder = sample.value.map((value) => Math.abs(value - border));
  let surface: Surface = [border, 0, 0, 0, 0, 0];
  let reach = Math.max(4 * median(offBorder), 0.5 * offBorder.reduce((a, b) => Math.max(a, b)), 1);
  for (let round = 0; round < 8; round++) {
    const next = fit(sample, surface, reach, round < 2 ? 3 : terms);
    if (next === undefined) break;
    surface = next;
    const off = sample.value.map((value, i) =>
      Math.abs(value - at(next, sample.x[i], sample.y[i])),
    );
    reach = Math.max(Math.min(reach, 6 * median(off)), 6);
  }
  const out = new Float32Array(values.length);
  for (let row = 0, i = 0; row < height; row++) {
    const y = scaled(row, height);
    for (let column = 0; column < width; column++, i++)
      out[i] = values[i] - at(surface, scaled(column, width), y);
  }
  return out;
}

const scaled = (i: number, size: number): number => (size === 1 ? 0 : (2 * i) / (size - 1) - 1);

function median(values: Float64Array): number {
  const sorted = values.slice().sort();
  return sorted.length === 0 ? 0 : sorted[sorted.length >> 1];
}

function borderOf(values: Float32Array, height: number, width: number): Float64Array {
  const out: number[] = [];
  for (let x = 0; x < width; x++) out.push(values[x], values[(height - 1) * width + x]);
  for (let y = 1; y < height - 1; y++) out.push(values[y * width], values[(y + 1) * width - 1]);
  return Float64Array.from(out);
}

interface Sample {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly value: Float64Array;
}

/** Weighted least squares over the first `count` terms; nothing if the paper cannot be told. */
function fit(
  { x, y, value }: Sample,
  surface: Surface,
  reach: number,
  count: number,
): Surface | undefined {
  const system = Array.from({ length: count }, () => new Float64Array(count + 1));
  const row = new Float64Array(terms + 1);
  for (let p = 0; p < value.length; p++) {
    const off = (value[p] - at(surface, x[p], y[p])) / reach;
    if (Math.abs(off) >= 1) continue;
    const weight = (1 - off * off) ** 2;
    row.set([1, x[p], y[p], x[p] * x[p], x[p] * y[p], y[p] * y[p]]);
    row[count] = value[p];
    for (let i = 0; i < count; i++)
      for (let j = 0; j <= count; j++) system[i][j] += weight * row[i] * row[j];
  }
  // A little ridge on all but the mean keeps the surface flat where there is no paper to see.
  const total = system[0][0];
  if (total < count) return undefined;
  for (let i = 1; i < count; i++) system[i][i] += 0.002 * total;
  const solution = solve(system);
  return solution && [...solution, ...new Array<number>(terms - count).fill(0)];
}

/** Gauss–Jordan with pivots, for a handful of unknowns. */
function solve(system: Float64Array[]): number[] | undefined {
  const n = system.length;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    for (let row = column + 1; row < n; row++)
      if (Math.abs(system[row][column]) > Math.abs(system[pivot][column])) pivot = row;
    if (Math.abs(system[pivot][column]) < 1e-9) return undefined;
    [system[column], system[pivot]] = [system[pivot], system[column]];
    for (let row = 0; row < n; row++) {
      if (row === column) continue;
      const factor = system[row][column] / system[column][column];
      for (let k = column; k <= n; k++) system[row][k] -= factor * system[column][k];
    }
  }
  return system.map((row, i) => row[n] / row[i]);
}
