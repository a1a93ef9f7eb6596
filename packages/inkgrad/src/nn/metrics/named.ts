import { InkgradError } from "../../base/errors.js";
import { describe } from "../../base/tree.js";
import { accuracy } from "./accuracy.js";
import type { Metric } from "./metric.js";

const metrics = { accuracy };

export type MetricName = keyof typeof metrics;
export type MetricLike = MetricName | Metric;

/** The metric of a name. */
export function metricOf(like: MetricLike): Metric {
  if (typeof like === "object" && like !== null) return like;
  const found = metrics[like] as (() => Metric<never>) | undefined;
  if (found !== undefined) return found();
  throw new InkgradError(
    `unknown metric ${typeof like === "string" ? `"${String(like)}"` : describe(like)}; ` +
      `there are ${Object.keys(metrics).join(", ")}, or give one made with metrics`,
  );
}
