import { takeRows } from "../../learn/input/rows.js";
import type { FittedColumnTransformer } from "../../learn/compose/index.js";
import { denseOf } from "../../learn/input/matrix.js";
import type { FittedCalibrated } from "../../learn/calibration/index.js";
import type { FittedWithThreshold } from "../../learn/imbalance/index.js";
import { type FittedLogisticRegression, varianceInflation } from "../../learn/linear/index.js";
import type { Table } from "../../data/index.js";
import type { Fitted, Matrix } from "../../learn/types.js";
import type { ClassCoefficients } from "./report.js";

type FittedPipeline = Fitted & { readonly steps: readonly Fitted[] };

/** The pipeline within what was fitted around it. */
export function pipelineIn(fitted: Fitted): FittedPipeline {
  const { kind } = fitted.state;
  if (kind === "withThreshold") return pipelineIn((fitted as FittedWithThreshold).classifier);
  if (kind === "calibrated") return pipelineIn((fitted as FittedCalibrated).members[0].classifier);
  return fitted as FittedPipeline;
}

/** So many rows tell how columns go together. */
const mostRows = 20_000;
/** Inverting their correlations takes the cube of their number. */
const mostColumns = 300;

/** The coefficients of a logistic regression behind a pipeline, by class; null for another model. */
export function coefficientsOf(fitted: Fitted, rows: Table): readonly ClassCoefficients[] | null {
  const { steps } = pipelineIn(fitted);
  const model = steps[steps.length - 1];
  if (model.state.kind !== "logisticRegression") return null;
  const some = takeRows(
    rows,
    Int32Array.from({ length: Math.min(rows.rows, mostRows) }, (_, row) => row),
  );
  const preparing = steps[0] as FittedColumnTransformer;
  const regression = model as unknown as FittedLogisticRegression<string>;
  const names = preparing.outputNames;
  const inflation =
    regression.features <= mostColumns
      ? inflationOf(preparing.transform(some), names, categoriesIn(preparing))
      : null;
  const place = new Map(names.map((name, k) => [name, k]));
  const byClass = new Map<string, ClassCoefficients["list"][number][]>();
  for (const row of regression.coefficientTable()) {
    const k = place.get(row.feature);
    // The intercept is none of the columns.
    if (k === undefined) continue;
    const list = byClass.get(String(row.class)) ?? [];
    list.push({
      name: names[k].replace(/^missingindicator_(.*)$/, "$1 is missing"),
      coefficient: row.coefficient,
      interval: row.lower === null || row.upper === null ? null : [row.lower, row.upper],
      inflation: inflation?.[k] ?? NaN,
    });
    byClass.set(String(row.class), list);
  }
  return [...byClass].map(([name, list]) => ({ name, list }));
}

/** The columns of the table that came to be columns of 0 and 1. */
const categoriesIn = ({ parts }: FittedColumnTransformer): readonly string[] =>
  parts.find(({ name }) => name === "categories")?.fitted?.featureNames ?? [];

/**
 * Variance inflation; NaN for the most frequent category of each column, with which the others are compared: all
 * categories of a column add up to 1, and so each would follow from the rest.
 */
export function inflationOf(
  prepared: Matrix,
  names: readonly string[],
  categories: readonly string[],
): Float64Array {
  const { rows, columns, values } = denseOf(prepared, "inflationOf");
  const sums = new Float64Array(columns);
  values.forEach((value: number, i: number) => (sums[i % columns] += value));
  const groups = new Map<string, number[]>();
  names.forEach((name, k) => {
    const own = categories.filter((column) => name.startsWith(`${column}_`));
    if (own.length === 0) return;
    const source = own.reduce((a, b) => (b.length > a.length ? b : a));
    groups.set(source, [...(groups.get(source) ?? []), k]);
  });
  const references = new Set(
    [...groups.values()]
      .filter((group) => group.length > 1)
      .map((group) => group.reduce((a, b) => (sums[b] > sums[a] ? b : a))),
  );
  const kept = Array.from({ length: columns }, (_, k) => k).filter((k) => !references.has(k));
  const some = Array.from({ length: rows }, (_, row) => kept.map((k) => values[row * columns + k]));
  const out = new Float64Array(columns).fill(NaN);
  varianceInflation(some).forEach((value, i) => (out[kept[i]] = value));
  return out;
}
