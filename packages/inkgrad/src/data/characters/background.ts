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
  const sorted = Float32Array.from(offPaper).sort();
  const [low, high] = [quantile(sorted, 0.005), quantile(sorted, 0.995)];
  const sign = high >= -low ? 1 : -1;
  const strength = Math.max(high, -low);
  const out = new Float32Array(values.length);
  if (strength < leastContrast) return { values: out, height, width };
  const noise = noiseOf(offPaper, strength);
  const floor = Math.min(3 * noise, 0.3 * strength);
  const full = fullInk(offPaper, sign, floor);
  for (let i = 0; i < out.length; i++)
    out[i] = Math.min(Math.max((sign * offPaper[i] - floor) / (full - floor), 0), 1);
  return { values: out, height, width };
}

/** With less between the darkest and the lightest, of 255, the picture is empty. */
const leastContrast = 8;

const quantile = (sorted: Float32Array, share: number): number =>
  sorted[Math.min(Math.max(Math.round(share * (sorted.length - 1)), 0), sorted.length - 1)];

/** The typical deviation of paper from the surface: half of what is near it is nearer than this · 0.67. */
function noiseOf(offPaper: Float32Array, strength: number): number {
  const near = Float32Array.from(
    offPaper.filter((x) => Math.abs(x) < 0.3 * strength),
    Math.abs,
  ).sort();
  return near.length === 0 ? 0 : quantile(near, 0.5) / 0.6745;
}

/** What counts as all ink: the middle of what is well inside strokes. */
function fullInk(offPaper: Float32Array, sign: number, floor: number): number {
  let greatest = 0;
  for (const x of offPaper) greatest = Math.max(greatest, sign * x);
  const inside = Float32Array.from(offPaper.filter((x) => sign * x > 0.5 * greatest)).sort();
  const ordered = sign > 0 ? inside : inside.map((x) => -x).sort();
  return Math.max(quantile(ordered, 0.8), floor + 1);
}

/** Terms of the surface: 1, x, y, x², xy, y². */
const terms = 6;

/**
 * The picture without its paper: the surface is fitted to all pixels, then again and again with less
 * heed of those far off it (Tukey's biweight), so that ink does not pull it.
 */
function subtractPaper({ values, height, width }: Field): Float32Array {
  const n = values.length;
  const step = Math.max(Math.floor(Math.sqrt(n / 4000)), 1);
  const places: { x: number; y: number; value: number }[] = [];
  for (let y = 0; y < height; y += step)
    for (let x = 0; x < width; x += step)
      places.push({ x: scaled(x, width), y: scaled(y, height), value: values[y * width + x] });
  const border = median(borderOf(values, height, width));
  let surface = [border, 0, 0, 0, 0, 0];
  let reach = Math.max(
    4 * median(places.map(({ value }) => Math.abs(value - border))),
    0.25 * spread(places.map(({ value }) => value)),
    1,
  );
  for (let round = 0; round < 8; round++) {
    const next = fit(places, surface, reach, round < 2 ? 3 : terms);
    if (next === undefined) break;
    surface = next;
    const off = places.map(({ x, y, value }) => Math.abs(value - at(surface, x, y)));
    reach = Math.max(Math.min(reach, 6 * median(off)), 6);
  }
  return values.map(
    (value, i) =>
      value - at(surface, scaled(i % width, width), scaled(Math.floor(i / width), height)),
  );
}

const scaled = (i: number, size: number): number => (size === 1 ? 0 : (2 * i) / (size - 1) - 1);

const powers = (x: number, y: number): number[] => [1, x, y, x * x, x * y, y * y];
const at = (surface: readonly number[], x: number, y: number): number =>
  powers(x, y).reduce((sum, power, i) => sum + surface[i] * power, 0);

const spread = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), -Infinity) -
  values.reduce((a, b) => Math.min(a, b), Infinity);

function median(values: readonly number[]): number {
  const sorted = Float64Array.from(values).sort();
  return sorted.length === 0 ? 0 : sorted[sorted.length >> 1];
}

function borderOf(values: Float32Array, height: number, width: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < values.length; i++) {
    const [x, y] = [i % width, Math.floor(i / width)];
    if (x === 0 || y === 0 || x === width - 1 || y === height - 1) out.push(values[i]);
  }
  return out;
}

/** Weighted least squares over the first `count` terms; nothing if the paper cannot be told. */
function fit(
  places: readonly { x: number; y: number; value: number }[],
  surface: readonly number[],
  reach: number,
  count: number,
): number[] | undefined {
  const system = Array.from({ length: count }, () => new Float64Array(count + 1));
  for (const { x, y, value } of places) {
    const off = (value - at(surface, x, y)) / reach;
    if (Math.abs(off) >= 1) continue;
    const weight = (1 - off * off) ** 2;
    const row = powers(x, y);
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < count; j++) system[i][j] += weight * row[i] * row[j];
      system[i][count] += weight * row[i] * value;
    }
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
