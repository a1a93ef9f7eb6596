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

/** Pixels between names, and of the frame that lines are drawn in. */
const [lineHeight, frameHeight] = [12, 240];

/** By how many pixels each name is moved from the end of its line, so that none covers another. */
function spread(ends: readonly number[], [least, most]: readonly [number, number]): number[] {
  const place = (y: number): number =>
    most === least ? 0 : ((most - y) / (most - least)) * frameHeight;
  const moved = ends.map(() => 0);
  let below = -Infinity;
  for (const i of [...ends.keys()].sort((a, b) => ends[b] - ends[a])) {
    const at = Math.max(place(ends[i]), below + lineHeight);
    moved[i] = at - place(ends[i]);
    below = at;
  }
  return moved;
}

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
  const height = (y: number): number => (yScale === "log" ? Math.log(y) : y);
  const all = shown.flatMap(({ points }) => points.map(({ y }) => height(y)));
  const range = (yDomain?.map(height) ?? [Math.min(...all), Math.max(...all)]) as [number, number];
  const dy = spread(
    shown.map(({ points }) => (points.length === 0 ? 0 : height(points.at(-1)!.y))),
    range,
  );
  const { dots = longest <= fewDots, names = series.length > 1 } = options;
  return draw(description, {
    ...(names && { marginRight: 20 + 6 * Math.max(...series.map(({ name }) => name.length)) }),
    // Numbers such as 0.000001 need room.
    ...(yScale === "log" && { marginLeft: 72 }),
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
    marks: shown.flatMap(({ name, points, colour: stroke, dashed }, i) => [
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
              ...{ x: "x", y: "y", text: () => name, dx: 6, dy: dy[i], textAnchor: "start" },
              ...{ fill: stroke, stroke: colours.paper, strokeWidth: 3 },
            }),
          ]
        : []),
    ]),
  });
}
