import { ValueError } from "../../base/errors.js";
import type { Svg } from "./draw.js";
import { lineChart, type Point } from "./line-chart.js";

export interface CurvesOptions {
  readonly description?: string;
  /** What is counted (default "iteration"). */
  readonly x?: string;
  /** What is measured (default "cost"). */
  readonly y?: string;
  /** Default "linear". */
  readonly yScale?: "linear" | "log";
  readonly xScale?: "linear" | "log";
  readonly percent?: boolean;
}

/** Numbers, counted from 1, or points. */
type Curve = ArrayLike<number> | readonly Point[];

/**
 * Figures as they change: the cost of each iteration, the loss of each epoch.
 *
 * @param lists  by name: numbers, counted from 1, or points; as a Map where names are whole numbers, which
 *   objects put in an order of their own
 * @throws ValueError  if there are none
 */
export function curves(
  lists: Readonly<Record<string, Curve>> | ReadonlyMap<string, Curve>,
  options: CurvesOptions = {},
): Svg {
  const { x = "iteration", y = "cost", ...rest } = options;
  const entries = isMap(lists) ? [...lists] : Object.entries(lists);
  if (entries.length === 0) throw new ValueError("curves: there is nothing to draw");
  const series = entries.map(([name, list]) => ({
    name,
    points: Array.from(list as ArrayLike<number | Point>, (value, i) =>
      typeof value === "number" ? { x: i + 1, y: value } : value,
    ),
  }));
  const last = series.map(({ name, points }) => `${name} ends at ${shown(points.at(-1)?.y)}`);
  const whole = entries.every(([, list]) => typeof list[0] === "number");
  return lineChart({
    description: `${y} by ${x}: ${last.join(", ")}`,
    ...{ x, y, series, ...rest },
    whole: whole && rest.xScale !== "log",
  });
}

const isMap = (lists: object): lists is ReadonlyMap<string, Curve> => lists instanceof Map;

const shown = (value: number | undefined): string =>
  value === undefined ? "nothing" : value.toPrecision(4);
