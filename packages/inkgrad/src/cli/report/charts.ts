import * as Plot from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { type Html, raw } from "./html.js";

/** Charts as SVG, in the colours of the page. */

export interface Series {
  /** "training" */
  readonly name: string;
  /** A variable of the page's style: "--first". */
  readonly colour: string;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

export interface LineChart {
  /** For those who cannot see it. */
  readonly description: string;
  readonly x: string;
  readonly series: readonly Series[];
  readonly percent?: boolean;
}

/** What is needed of an element. The packages' own types are those of browsers, which Node lacks. */
interface Element {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

const parse = parseHTML as (text: string) => { readonly document: object };
const { document } = parse("<!doctype html><html><body></body></html>");
const plot = Plot.plot as unknown as (options: object) => Element;

const size = { width: 460, height: 260, marginLeft: 52, marginBottom: 38 };

/** Lines over epochs, a dot an epoch. */
export function lineChart({ description, x, series, percent = false }: LineChart): Html {
  const longest = Math.max(...series.map(({ points }) => points.length));
  const svg = plot({
    document,
    ...size,
    ariaLabel: description,
    x: { label: x, interval: 1, tickFormat: "d", ticks: Math.min(longest, 10) },
    y: { label: null, grid: true, nice: true, percent, ticks: 5 },
    marks: series.flatMap(({ points, colour }) => {
      const stroke = `var(${colour})`;
      return [
        Plot.lineY(points, { x: "x", y: "y", stroke, strokeWidth: 2 }),
        Plot.dot(points, { x: "x", y: "y", fill: stroke, r: longest > 40 ? 1 : 2.5 }),
      ];
    }),
  });
  return drawn(svg, description);
}

export interface Axis {
  readonly name: string;
  readonly log?: boolean;
  /** How a number is shown; left out: three digits. */
  readonly show?: (value: number) => string;
  /** The values in order, for one that is not a number. */
  readonly values?: readonly string[];
}

export interface ParallelLine {
  readonly values: Readonly<Record<string, number | string>>;
  /** 0 (worst) to 1 (best). */
  readonly rank: number;
}

/** A line a trial, going through its value on each axis; the better, the stronger. */
export function parallelCoordinates(
  axes: readonly Axis[],
  lines: readonly ParallelLine[],
  description: string,
): Html {
  const scales = axes.map((axis) => scaleOf(axis, lines));
  const points = lines.flatMap(({ values, rank }, line) =>
    axes.map(({ name }, i) => ({ axis: name, y: scales[i].place(values[name]), line, rank })),
  );
  const ends = axes.flatMap(({ name }, i) =>
    scales[i].marks.map(({ text, y }) => ({ axis: name, text, y })),
  );
  const best = points.filter(({ rank }) => rank === 1);
  const svg = plot({
    document,
    width: 900,
    height: 340,
    marginLeft: 10,
    marginRight: 20,
    marginTop: 36,
    marginBottom: 16,
    ariaLabel: description,
    x: {
      type: "point",
      padding: 0.3,
      domain: axes.map(({ name }) => name),
      label: null,
      axis: "top",
    },
    y: { axis: null, domain: [0, 1] },
    marks: [
      Plot.ruleX(axes, { x: "name", stroke: "var(--line)" }),
      Plot.line(points, {
        x: "axis",
        y: "y",
        z: "line",
        stroke: "var(--first)",
        strokeOpacity: (p: { rank: number }) => 0.12 + 0.5 * p.rank,
        strokeWidth: 1.5,
      }),
      Plot.line(best, { x: "axis", y: "y", z: "line", stroke: "var(--second)", strokeWidth: 3 }),
      Plot.text(ends, {
        ...{ x: "axis", y: "y", text: "text", dx: 6, textAnchor: "start" },
        ...{ fill: "var(--ink)", stroke: "var(--paper)", strokeWidth: 4, fontSize: 11 },
      }),
    ],
  });
  return drawn(svg, description);
}

interface Scale {
  place(value: number | string): number;
  readonly marks: readonly { readonly text: string; readonly y: number }[];
}

function scaleOf(
  { name, log = false, values, show = threeDigits }: Axis,
  lines: readonly ParallelLine[],
): Scale {
  if (values !== undefined) {
    const place = (value: number | string): number =>
      values.length === 1 ? 0.5 : values.indexOf(String(value)) / (values.length - 1);
    return { place, marks: values.map((text) => ({ text, y: place(text) })) };
  }
  const numbers = lines.map((line) => Number(line.values[name]));
  const to = (x: number): number => (log ? Math.log(x) : x);
  const [least, most] = [Math.min(...numbers), Math.max(...numbers)];
  const span = to(most) - to(least);
  const place = (value: number | string): number =>
    span === 0 ? 0.5 : (to(Number(value)) - to(least)) / span;
  const middle = log ? Math.sqrt(least * most) : (least + most) / 2;
  // Batches and epochs are whole: between 1 and 3 there is no 1.73.
  const shown = numbers.every(Number.isInteger) ? [...new Set(numbers)] : [least, middle, most];
  const marks = (span === 0 ? [least] : shown).map((x) => ({ text: show(x), y: place(x) }));
  return { place, marks };
}

const threeDigits = (x: number): string => String(Number(x.toPrecision(3)));

function drawn(svg: Element, description: string): Html {
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", description);
  return raw(svg.outerHTML);
}
