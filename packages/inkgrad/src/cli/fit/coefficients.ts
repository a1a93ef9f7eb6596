import { takeRows } from "../../learn/input/rows.js";
import type { FittedCalibrated } from "../../learn/calibration/index.js";
import type { FittedWithThreshold } from "../../learn/imbalance/index.js";
import { type FittedLogisticRegression, varianceInflation } from "../../learn/linear/index.js";
import type { Table } from "../../data/index.js";
import type { Fitted, FittedTransformer } from "../../learn/types.js";
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
  const prepared = (steps[0] as FittedTransformer).transform(some);
  const regression = model as unknown as FittedLogisticRegression<string>;
  const inflation = regression.features <= mostColumns ? varianceInflation(prepared) : null;
  const names = (steps[0] as FittedTransformer).outputNames;
  const place = new Map(names.map((name, k) => [name, k]));
  const byClass = new Map<string, ClassCoefficients["list"][number][]>();
  for (const row of regression.coefficientTable()) {
    const k = place.get(row.feature) ?? Number(/^x(\d+)$/.exec(row.feature)?.[1] ?? NaN);
    if (row.feature === "(intercept)" || Number.isNaN(k)) continue;
    const list = byClass.get(String(row.class)) ?? [];
    list.push({
      name: names[k],
      coefficient: row.coefficient,
      interval: row.lower === null || row.upper === null ? null : [row.lower, row.upper],
      inflation: inflation?.[k] ?? NaN,
    });
    byClass.set(String(row.class), list);
  }
  return [...byClass].map(([name, list]) => ({ name, list }));
}
