import * as Plot from "@observablehq/plot";
import { ValueError } from "../../base/errors.js";
import { colourOf, colours, draw, type Svg } from "./draw.js";

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Series {
  /** "training" */
  readonly name: string;
  readonly points: readonly Point[];
  /** Default: another for each series. */
  readonly colour?: string;
  /** Dashes: what is there to compare with. */
  readonly dashed?: boolean;
}

export interface LineChartOptions {
  /** For those who cannot see it. */
  readonly description: string;
  /** What the axes are called. */
  readonly x: string;
  readonly y?: string;
  readonly series: readonly Series[];
  readonly xScale?: "linear" | "log";
  readonly yScale?: "linear" | "log";
  /** Are the values of y shares, to be shown in percent? */
  readonly percent?: boolean;
  /** From where to where the axes go (default: as the points do). */
  readonly xDomain?: readonly [number, number];
  readonly yDomain?: readonly [number, number];
  /** Is x counted in whole numbers, as epochs? */
  readonly whole?: boolean;
  /** A dot at each point (default: where there are few). */
  readonly dots?: boolean;
  /** Names beside the lines (default: if there is more than one). */
  readonly names?: boolean;
}

/** So many points look like a line of their own. */
const fewDots = 60;

/** Lines through points, one a series. Points that are no numbers are left out. */
export function lineChart(options: LineChartOptions): Svg {
  const { description, x, y = null, series, xScale = "linear", yScale = "linear" } = options;
  const { percent = false, whole = false, xDomain, yDomain } = options;
  if (series.length === 0) throw new ValueError("lineChart: there are no series to draw");
  const positive = (p: Point): boolean =>
    (xScale === "linear" || p.x > 0) && (yScale === "linear" || p.y > 0);
  const shown = series.map(({ name, points, colour, dashed = false }, i) => ({
    name,
    points: points.filter((p) => Number.isFinite(p.x) && Number.isFinite(p.y) && positive(p)),
    colour: colour ?? colourOf(i),
    dashed,
  }));
  const longest = Math.max(...shown.map(({ points }) => points.length));
  const { dots = longest <= fewDots, names = series.length > 1 } = options;
  return draw(description, {
    ...(names && { marginRight: 20 + 6 * Math.max(...series.map(({ name }) => name.length)) }),
    x: {
      label: x,
      type: xScale,
      ...(xScale === "log" && { tickFormat: "~g" }),
      ...(xDomain && { domain: xDomain }),
      ...(whole && { interval: 1, tickFormat: "d", ticks: Math.min(longest, 10) }),
    },
    y: {
      label: y,
      type: yScale,
      ...(yScale === "log" && { tickFormat: "~g" }),
      grid: true,
      percent,
      ...(yDomain ? { domain: yDomain } : { nice: true }),
      ...(yScale === "linear" && { ticks: 5 }),
    },
    marks: shown.flatMap(({ name, points, colour: stroke, dashed }) => [
      Plot.line(points, {
        x: "x",
        y: "y",
        stroke,
        strokeWidth: dashed ? 1.5 : 2,
        ...(dashed && { strokeDasharray: "4 4" }),
      }),
      ...(dots && !dashed ? [Plot.dot(points, { x: "x", y: "y", fill: stroke, r: 2.5 })] : []),
      ...(names
        ? [
            Plot.text(points.slice(-1), {
              ...{ x: "x", y: "y", text: () => name, dx: 6, textAnchor: "start" },
              ...{ fill: stroke, stroke: colours.paper, strokeWidth: 3 },
            }),
          ]
        : []),
    ]),
  });
}
