import { ShapeError, ValueError } from "../../base/errors.js";
import type { Key } from "../../tensor/random/types.js";
import { quotas } from "../split.js";
import { draws } from "./draws.js";
import {
  keyOr,
  requireBetween,
  requireCount,
  requireSpread,
  toyClasses,
  type ToyClasses,
  type ToyOptions,
} from "./make.js";

export interface ClassificationOptions<Features extends number = number> extends ToyOptions {
  /** How many rows (default 100). */
  readonly n?: number;
  /** How many columns (default 20). Those that are none of the following are noise. */
  readonly features?: Features;
  /** Columns in which the classes lie apart (default 2). */
  readonly informative?: number;
  /** Columns that are random combinations of the informative ones (default 2). */
  readonly redundant?: number;
  /** Columns that are copies of informative and redundant ones (default 0). */
  readonly repeated?: number;
  /** How many classes (default 2). */
  readonly classes?: number;
  /** Of how many clouds a class consists (default 2). */
  readonly clustersPerClass?: number;
  /** The share of each class (default: all the same); that of the last may be left out. */
  readonly weights?: readonly number[];
  /** The share of rows whose class is drawn anew, of all classes (default 0.01). */
  readonly flipY?: number;
  /** Half the side of the cube at whose corners the clouds lie: the larger, the easier (default 1). */
  readonly classSep?: number;
  /** At the corners of a cube (default), or, false, of a box that is squeezed at random. */
  readonly hypercube?: boolean;
  /** Added to every column (default 0); null: at random within ±classSep, each its own. */
  readonly shift?: number | null;
  /** Every column is multiplied by it after (default 1); null: at random from 1 to 101, each its own. */
  readonly scale?: number | null;
}

/** Which columns are what. */
export interface ColumnRoles {
  readonly informative: readonly number[];
  readonly redundant: readonly number[];
  readonly repeated: readonly number[];
  readonly noise: readonly number[];
}

export type Classification<Features extends number = number> = ToyClasses<Features> & {
  readonly columns: ColumnRoles;
};

type Settings = Required<Omit<ClassificationOptions, "weights" | "key" | "dtype">> & {
  readonly shares: readonly number[];
  readonly key: Key;
};

/**
 * Classes out of normal clouds at corners of a cube of `informative` dimensions, each cloud stretched by a
 * matrix of its own; with columns that repeat what others say, columns of noise, and wrong labels. With
 * `shuffle: false` the columns come as informative, redundant, repeated, noise.
 *
 * @returns x [n, features], y [n] i32, and which columns are what
 * @throws ShapeError  for counts that are not whole, or more columns of a kind than there are
 * @throws ValueError  if the corners do not suffice: classes · clustersPerClass > 2^informative; for shares that
 *                     are negative or do not sum to 1; for flipY outside 0 … 1
 * @source scikit-learn `make_classification`; Guyon, "Design of experiments for the NIPS 2003 challenge"
 */
export function classification<Features extends number = 20>(
  options: ClassificationOptions<Features> = {},
): Classification<Features> {
  const settings = checked(options);
  const { n, features, informative, redundant, repeated, classes, key } = settings;
  const x = new Float64Array(n * features);
  const y = new Int32Array(n);
  fillClouds(x, y, settings);
  fillRest(x, settings);
  flip(y, settings);
  move(x, settings);
  // Position k of the finished columns holds column from[k] of those made here.
  const from = settings.shuffle
    ? draws(key, "columns").order(features)
    : Int32Array.from({ length: features }, (_, k) => k);
  const mixed = new Float64Array(x.length);
  for (let i = 0; i < n; i++)
    for (let k = 0; k < features; k++) mixed[i * features + k] = x[i * features + from[k]];
  const between = (low: number, high: number): number[] =>
    [...from.keys()].filter((k) => from[k] >= low && from[k] < high);
  const [a, b, c] = [informative, informative + redundant, informative + redundant + repeated];
  return {
    ...toyClasses("classification", mixed, y, features as Features, classes, options),
    columns: {
      informative: between(0, a),
      redundant: between(a, b),
      repeated: between(b, c),
      noise: between(c, features),
    },
  };
}

function checked(options: ClassificationOptions): Settings {
  const op = "classification";
  const { weights, key, dtype: _, ...rest } = options;
  const settings = {
    ...{ n: 100, features: 20, informative: 2, redundant: 2, repeated: 0, classes: 2 },
    ...{ clustersPerClass: 2, flipY: 0.01, classSep: 1, hypercube: true, shift: 0, scale: 1 },
    shuffle: true,
    ...rest,
  };
  const { features, informative, redundant, repeated, classes, clustersPerClass } = settings;
  requireCount(settings.n, "n", op);
  requireCount(features, "features", op);
  requireCount(informative, "informative", op);
  requireCount(redundant, "redundant", op, 0);
  requireCount(repeated, "repeated", op, 0);
  requireCount(classes, "classes", op);
  requireCount(clustersPerClass, "clustersPerClass", op);
  if (informative + redundant + repeated > features)
    throw new ShapeError(
      `${op}: ${informative} informative, ${redundant} redundant and ${repeated} repeated columns are more ` +
        `than the ${features} features there are`,
    );
  if (classes * clustersPerClass > 2 ** informative)
    throw new ValueError(
      `${op}: ${classes} classes of ${clustersPerClass} clusters need as many corners, and ${informative} ` +
        `informative columns have ${2 ** informative}; take more of these, or fewer clusters`,
    );
  requireBetween(settings.flipY, 0, 1, "flipY", op);
  requireSpread(settings.classSep, "classSep", op);
  for (const name of ["shift", "scale"] as const)
    if (settings[name] !== null && !Number.isFinite(settings[name]))
      throw new ValueError(`${op}: ${name} must be a finite number or null`);
  return { ...settings, key: keyOr(key), shares: sharesOf(weights, classes, op) };
}

function sharesOf(weights: readonly number[] | undefined, classes: number, op: string): number[] {
  if (weights === undefined) return new Array<number>(classes).fill(1 / classes);
  if (weights.length !== classes && weights.length !== classes - 1)
    throw new ShapeError(
      `${op}: weights must be a share for each of ${classes} classes, the last of which may be left out; ` +
        `got ${weights.length}`,
    );
  const sum = weights.reduce((total, w) => total + w, 0);
  const all = weights.length === classes ? [...weights] : [...weights, 1 - sum];
  if (!all.every((w) => w >= -1e-9) || Math.abs(all.reduce((t, w) => t + w, 0) - 1) > 1e-9)
    throw new ValueError(
      `${op}: weights must be shares ≥ 0 that sum to 1, got [${weights.join(", ")}]`,
    );
  return all.map((w) => Math.max(w, 0));
}

/** Clouds about corners: cloud k is of class k mod classes. */
function fillClouds(x: Float64Array, y: Int32Array, settings: Settings): void {
  const { n, features, informative: d, classes, clustersPerClass, key } = settings;
  const clusters = classes * clustersPerClass;
  const ofClass = quotas(settings.shares, n);
  const centres = corners(clusters, settings);
  const { normal } = draws(key, "points");
  const { uniform } = draws(key, "mix");
  const drawn = new Float64Array(d);
  let row = 0;
  for (let k = 0; k < clusters; k++) {
    const [c, part] = [k % classes, Math.floor(k / classes)];
    const count = Math.floor((ofClass[c] + clustersPerClass - 1 - part) / clustersPerClass);
    const stretch = Float64Array.from({ length: d * d }, () => 2 * uniform() - 1);
    for (let i = 0; i < count; i++, row++) {
      y[row] = c;
      for (let j = 0; j < d; j++) drawn[j] = normal();
      for (let j = 0; j < d; j++) {
        let sum = centres[k][j];
        for (let l = 0; l < d; l++) sum += drawn[l] * stretch[l * d + j];
        x[row * features + j] = sum;
      }
    }
  }
}

/** Different corners of the cube, at random: of the first dimensions no two the same, the rest by lot. */
function corners(
  count: number,
  { informative: d, classSep, hypercube, key }: Settings,
): number[][] {
  const { uniform, order } = draws(key, "centres");
  const bits = Math.min(d, Math.max(12, Math.ceil(Math.log2(count))));
  const numbers = order(2 ** bits);
  const made = Array.from({ length: count }, (_, k) =>
    Array.from({ length: d }, (_, j) => {
      const side = j < bits ? (numbers[k] >> j) & 1 : Number(uniform() < 0.5);
      return classSep * (2 * side - 1);
    }),
  );
  if (hypercube) return made;
  const squeeze = Array.from({ length: d }, uniform);
  return made.map((corner) => {
    const own = uniform();
    return corner.map((value, j) => value * own * squeeze[j]);
  });
}

function fillRest(x: Float64Array, settings: Settings): void {
  const { n, features, informative, redundant, repeated, key } = settings;
  const { uniform } = draws(key, "columns");
  const combination = Float64Array.from(
    { length: informative * redundant },
    () => 2 * uniform() - 1,
  );
  const known = informative + redundant;
  const copied = Array.from({ length: repeated }, () => Math.floor(known * uniform()));
  const { normal } = draws(key, "noise");
  for (let i = 0; i < n; i++) {
    const row = x.subarray(i * features, (i + 1) * features);
    for (let r = 0; r < redundant; r++)
      for (let j = 0; j < informative; j++)
        row[informative + r] += row[j] * combination[j * redundant + r];
    copied.forEach((from, r) => (row[known + r] = row[from]));
    for (let k = known + repeated; k < features; k++) row[k] = normal();
  }
}

function flip(y: Int32Array, { flipY, classes, key }: Settings): void {
  const { uniform } = draws(key, "labels");
  for (let i = 0; i < y.length; i++) {
    const [chance, other] = [uniform(), Math.floor(classes * uniform())];
    if (chance < flipY) y[i] = other;
  }
}

function move(x: Float64Array, { features, shift, scale, classSep, key }: Settings): void {
  if (shift === 0 && scale === 1) return;
  const { uniform } = draws(key, "scale");
  const by = Array.from({ length: features }, () => [
    shift ?? (2 * uniform() - 1) * classSep,
    scale ?? 1 + 100 * uniform(),
  ]);
  for (let at = 0; at < x.length; at++) {
    const [added, factor] = by[at % features];
    x[at] = (x[at] + added) * factor;
  }
}
