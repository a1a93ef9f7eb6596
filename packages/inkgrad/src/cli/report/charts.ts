import * as Plot from "@observablehq/plot";
import { colours, draw } from "../../learn/plot/draw.js";
import { type Html, raw } from "./html.js";

/** A search's trials as a chart; other charts are those of `learn/plot`. */

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
  const svg = draw(description, {
    width: 900,
    height: 340,
    marginLeft: 10,
    marginRight: 20,
    marginTop: 36,
    marginBottom: 16,
    x: {
      type: "point",
      padding: 0.3,
      domain: axes.map(({ name }) => name),
      label: null,
      axis: "top",
    },
    y: { axis: null, domain: [0, 1] },
    marks: [
      Plot.ruleX(axes, { x: "name", stroke: colours.line }),
      Plot.line(points, {
        x: "axis",
        y: "y",
        z: "line",
        stroke: colours.first,
        strokeOpacity: (p: { rank: number }) => 0.12 + 0.5 * p.rank,
        strokeWidth: 1.5,
      }),
      Plot.line(best, { x: "axis", y: "y", z: "line", stroke: colours.second, strokeWidth: 3 }),
      Plot.text(ends, {
        ...{ x: "axis", y: "y", text: "text", dx: 6, textAnchor: "start" },
        ...{ fill: colours.ink, stroke: colours.paper, strokeWidth: 4, fontSize: 11 },
      }),
    ],
  });
  return raw(svg);
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
