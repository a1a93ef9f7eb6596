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
  const step = Math.floor(values.length / 5000 / 2) * 2 + 1;
  const out = new Float32Array(Math.ceil(values.length / step));
  for (let i = 0; i < out.length; i++) out[i] = values[i * step];
  return out;
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
type Surface = ArrayLike<number>;
const terms = 6;

/** So many pixels are enough to fit a surface to. */
const enough = 1000;

/**
 * The picture without its paper: the surface is fitted to all pixels, then again and again with less
 * heed of those far off it (Tukey's biweight), so that ink does not pull it.
 */
function subtractPaper(picture: Field): Float32Array {
  const sample = sampled(picture);
  const border = middle(borderOf(picture));
  const off = sample.values.map((value) => Math.abs(value - border));
  let furthest = 1;
  for (const distance of off) furthest = Math.max(furthest, distance);
  let reach = Math.max(4 * middle(off), 0.5 * furthest);
  let surface: Surface = [border, 0, 0, 0, 0, 0];
  for (let round = 0; round < 8; round++) {
    const next = fit(sample, surface, reach, round < 2 ? 3 : terms);
    if (next === undefined) break;
    surface = next;
    for (let i = 0; i < off.length; i++) off[i] = Math.abs(offSurface(sample, i, surface));
    reach = Math.max(Math.min(reach, 6 * middle(off)), 6);
  }
  return without(surface, picture);
}

function without(surface: Surface, { values, height, width }: Field): Float32Array {
  const out = new Float32Array(values.length);
  const [c0, c1, c2, c3, c4, c5] = Array.from(surface);
  for (let row = 0, i = 0; row < height; row++) {
    const y = scaled(row, height);
    const [atLeft, slope] = [c0 + y * (c2 + c5 * y), c1 + c4 * y];
    for (let column = 0; column < width; column++, i++) {
      const x = scaled(column, width);
      out[i] = values[i] - (atLeft + x * (slope + c3 * x));
    }
  }
  return out;
}

const scaled = (i: number, size: number): number => (size === 1 ? 0 : (2 * i) / (size - 1) - 1);

/** The median; sorts what it is given. */
function middle(values: Float64Array): number {
  values.sort();
  return values.length === 0 ? 0 : values[values.length >> 1];
}

function borderOf({ values, height, width }: Field): Float64Array {
  const out: number[] = [];
  for (let x = 0; x < width; x++) out.push(values[x], values[(height - 1) * width + x]);
  for (let y = 1; y < height - 1; y++) out.push(values[y * width], values[(y + 1) * width - 1]);
  return Float64Array.from(out);
}

/** Pixels on a grid, and for each the six terms 1, x, y, x², xy, y². */
interface Sample {
  readonly values: Float64Array;
  readonly terms: Float64Array;
}

function sampled({ values, height, width }: Field): Sample {
  const step = Math.ceil(Math.sqrt(values.length / enough));
  const count = Math.ceil(height / step) * Math.ceil(width / step);
  const out = { values: new Float64Array(count), terms: new Float64Array(count * terms) };
  for (let row = 0, i = 0; row < height; row += step)
    for (let column = 0; column < width; column += step, i++) {
      const [x, y] = [scaled(column, width), scaled(row, height)];
      out.values[i] = values[row * width + column];
      out.terms.set([1, x, y, x * x, x * y, y * y], i * terms);
    }
  return out;
}

function offSurface(sample: Sample, i: number, surface: Surface): number {
  let off = sample.values[i];
  for (let k = 0; k < terms; k++) off -= surface[k] * sample.terms[i * terms + k];
  return off;
}

/** Weighted least squares over the first `count` terms; nothing if the paper cannot be told. */
function fit(sample: Sample, surface: Surface, reach: number, count: number): Surface | undefined {
  const system = Array.from({ length: count }, () => new Float64Array(count + 1));
  for (let p = 0; p < sample.values.length; p++) {
    const off = offSurface(sample, p, surface) / reach;
    if (Math.abs(off) >= 1) continue;
    const weight = (1 - off * off) ** 2;
    for (let i = 0; i < count; i++) {
      const row = system[i];
      const heavy = weight * sample.terms[p * terms + i];
      for (let j = 0; j <= i; j++) row[j] += heavy * sample.terms[p * terms + j];
      row[count] += heavy * sample.values[p];
    }
  }
  for (let i = 0; i < count; i++) for (let j = 0; j < i; j++) system[j][i] = system[i][j];
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
