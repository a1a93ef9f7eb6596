import { ValueError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { type Table } from "../../data/formats/csv.js";
import { storedElements, tensorOf } from "../../data/tensor-of.js";
import { choice } from "../../tensor/random/choice.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import { uniform } from "../../tensor/random/uniform.js";
import { isTensor } from "../../tensor/tensor.js";
import { encoded, type Encoded, weightsOf } from "../input/labels.js";
import { type Dense, denseOf, isTable } from "../input/matrix.js";
import { rowCount, takeLabels, takeNumbers, takeRows } from "../input/rows.js";
import type { Features, Label, Labels, Matrix, Targets } from "../types.js";
import type { Sampler } from "./samplers.js";

/** Training rows after resampling. */
export interface Resampled<L extends Label = Label> {
  readonly x: Features;
  readonly y: L[];
  readonly weights: Float64Array | null;
}

/**
 * Applies a sampler to training rows. Called by `resampled` when fitting, by nothing else.
 *
 * @throws ValueError  for a ratio or counts that cannot be reached, or a class of one row for SMOTE
 */
export function resample<L extends Label>(
  sampler: Sampler,
  x: Features,
  y: Labels<L>,
  sampleWeight: Targets | undefined,
): Resampled<L> {
  const op = "resampled.fit";
  if (!["randomOver", "randomUnder", "smote"].includes(sampler?.sampler))
    throw new ValueError(
      `${op}: expected a sampler (randomOverSampler, randomUnderSampler, smote), got ${describe(sampler)}`,
    );
  if (!isTensor(sampler.key))
    throw new ValueError(`${op}: the sampler needs a key; make one with random.key(0)`);
  const rows = rowCount(x, op);
  const labels = encoded(y, rows, op);
  const weights = weightsOf(sampleWeight, rows, op);
  const members = labels.classes.map((_, c) => rowsOfClass(labels, c));
  const targets = targetCounts(sampler, labels, members, op);
  const list = Array.from(labels.numbers, (number) => labels.classes[number]);
  if (sampler.sampler === "smote")
    return withSynthetic(x, list, weights, members, targets, sampler, op);
  const order =
    sampler.sampler === "randomUnder"
      ? fewer(members, targets, sampler.key)
      : more(rows, members, targets, sampler.key);
  return {
    x: takeRows(x, order),
    y: takeLabels(list, order),
    weights: weights && takeNumbers(weights, order),
  };
}

const rowsOfClass = ({ numbers }: Encoded, c: number): number[] => {
  const rows: number[] = [];
  numbers.forEach((number, row) => {
    if (number === c) rows.push(row);
  });
  return rows;
};

/** How many rows of each class there are to be. */
function targetCounts(
  { sampler, ratio = 1, counts }: Sampler,
  { classes }: Encoded,
  members: readonly number[][],
  op: string,
): number[] {
  const sizes = members.map(({ length }) => length);
  const under = sampler === "randomUnder";
  if (counts !== undefined) {
    const names = classes.map(String);
    const stranger = Object.keys(counts).find((name) => !names.includes(name));
    if (stranger !== undefined)
      throw new ValueError(
        `${op}: counts names the class ${stranger}; the classes are ${names.join(", ")}`,
      );
    return names.map((name, c) => {
      const count = Object.hasOwn(counts, name) ? counts[name] : sizes[c];
      const possible = under ? count <= sizes[c] && count >= 0 : count >= sizes[c];
      if (!Number.isInteger(count) || !possible)
        throw new ValueError(
          `${op}: class ${name} has ${sizes[c]} rows and cannot come to ${String(count)} by ` +
            (under ? "leaving rows out" : "adding rows"),
        );
      return count;
    });
  }
  if (!(ratio > 0 && ratio <= 1))
    throw new ValueError(
      `${op}: the ratio must lie above 0 and at most at 1, got ${String(ratio)}`,
    );
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  return under
    ? sizes.map((size) => Math.min(size, Math.floor(least / ratio + 1e-9)))
    : sizes.map((size) => Math.max(size, Math.floor(most * ratio + 1e-9)));
}

const drawn = (key: Key, from: readonly number[], count: number, replace: boolean): number[] => {
  const places = storedElements(choice(key, from.length, [count], { replace }));
  return Array.from(places as Int32Array, (place) => from[place]);
};

function fewer(members: readonly number[][], targets: readonly number[], key: Key): number[] {
  return members
    .flatMap((rows, c) =>
      targets[c] === rows.length ? rows : drawn(foldIn(key, c), rows, targets[c], false),
    )
    .sort((a, b) => a - b);
}

function more(n: number, members: readonly number[][], targets: readonly number[], key: Key) {
  const all = Array.from({ length: n }, (_, row) => row);
  return all.concat(
    ...members.map((rows, c) =>
      targets[c] === rows.length ? [] : drawn(foldIn(key, c), rows, targets[c] - rows.length, true),
    ),
  );
}

function withSynthetic<L extends Label>(
  x: Features,
  y: readonly L[],
  weights: Float64Array | null,
  members: readonly number[][],
  targets: readonly number[],
  sampler: Sampler & { readonly sampler: "smote" },
  op: string,
): Resampled<L> {
  const { neighbours, key } = sampler;
  if (!Number.isInteger(neighbours) || neighbours < 1)
    throw new ValueError(`${op}: neighbours must be a whole number ≥ 1, got ${String(neighbours)}`);
  const matrix = denseOf(x as Matrix, op);
  const { rows, columns } = matrix;
  const total = targets.reduce((sum, count) => sum + count, 0);
  const single = matrix.values instanceof Float32Array;
  const values = single ? new Float32Array(total * columns) : new Float64Array(total * columns);
  values.set(matrix.values);
  const origins = Array.from({ length: rows }, (_, row) => row);
  members.forEach((own, c) => {
    const count = targets[c] - own.length;
    if (count === 0) return;
    if (own.length < 2)
      throw new ValueError(
        `${op}: class ${JSON.stringify(y[own[0]])} has one row, and a new one lies between two; use ` +
          "randomOverSampler",
      );
    const k = Math.min(neighbours, own.length - 1);
    const nearest = new Map<number, number[]>();
    const bases = drawn(foldIn(key, 3 * c), own, count, true);
    const which = drawn(foldIn(key, 3 * c + 1), [...Array(k).keys()], count, true);
    const steps = storedElements(uniform(foldIn(key, 3 * c + 2), [count], { dtype: "f64" }));
    bases.forEach((base, i) => {
      if (!nearest.has(base)) nearest.set(base, nearestOf(matrix, base, own, k));
      const other = nearest.get(base)![which[i]];
      const at = origins.length * columns;
      for (let column = 0; column < columns; column++) {
        const from = matrix.values[base * columns + column];
        const to = matrix.values[other * columns + column];
        values[at + column] = from + steps[i] * (to - from);
      }
      origins.push(base);
    });
  });
  return {
    x: likeGiven(x, values, origins.length, columns),
    y: takeLabels(y, origins),
    weights: weights && takeNumbers(weights, origins),
  };
}

/** The rows of the class nearest to one of them, nearest first; of equal ones the first. */
function nearestOf({ values, columns }: Dense, row: number, own: readonly number[], k: number) {
  const distance = (other: number): number => {
    let sum = 0;
    for (let c = 0; c < columns; c++)
      sum += (values[row * columns + c] - values[other * columns + c]) ** 2;
    return sum;
  };
  return own
    .filter((other) => other !== row)
    .map((other) => ({ other, far: distance(other) }))
    .sort((a, b) => a.far - b.far || a.other - b.other)
    .slice(0, k)
    .map(({ other }) => other);
}

/** A table stays one, so that columns keep their names; all else becomes a tensor. */
function likeGiven(
  x: Features,
  values: Float64Array<ArrayBuffer> | Float32Array<ArrayBuffer>,
  rows: number,
  columns: number,
): Features {
  if (!isTable(x))
    return tensorOf(values, [rows, columns], values instanceof Float64Array ? "f64" : "f32");
  const named = Object.create(null) as Record<string, Table["columns"][string]>;
  x.names.forEach((name, k) => {
    const own = Float64Array.from({ length: rows }, (_, row) => values[row * columns + k]);
    named[name] = { type: "number", values: own, missing: 0 };
  });
  return { rows, names: x.names, columns: named, warnings: [] };
}
