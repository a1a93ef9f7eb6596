import * as Plot from "@observablehq/plot";
import { ShapeError, ValueError } from "../../base/errors.js";
import { tensorOf } from "../../data/tensor-of.js";
import type { Tensor } from "../../tensor/tensor.js";
import { labelList } from "../input/labels.js";
import { denseOf, namesOf } from "../input/matrix.js";
import { columnName } from "../input/names.js";
import type { Label, Labels, Matrix } from "../types.js";
import { colourOf, colours, draw, type Svg } from "./draw.js";

/** What the chart needs of a fitted classifier. */
export interface Deciding {
  readonly classes: readonly Label[];
  predictProba(x: Matrix): Tensor<[number, number], "f64">;
}

export interface DecisionBoundaryOptions {
  readonly description?: string;
  /** Names of the two features (default: those of X). */
  readonly names?: readonly [string, string];
  /** Points across and up at which the classifier is asked (default 120). */
  readonly resolution?: number;
  /** Dots that are drawn at most; beyond, every so-manieth (default 1,000). */
  readonly dots?: number;
}

/**
 * Which class a classifier of two features chooses where, with the data as dots. Where two classes meet
 * is the boundary; the lighter lines are where the greatest probability is 90 %.
 *
 * @param x  [rows, 2]
 * @param y  a label for each row
 * @throws ShapeError  if X does not have two columns
 */
export function decisionBoundary(
  fitted: Deciding,
  x: Matrix,
  y: Labels,
  options: DecisionBoundaryOptions = {},
): Svg {
  const op = "decisionBoundary";
  const { resolution = 120, dots = 1000 } = options;
  const { rows, columns, values } = denseOf(x, op);
  if (columns !== 2)
    throw new ShapeError(`${op}: X must have two columns, to be drawn, got ${columns}`);
  if (!(Number.isInteger(resolution) && resolution >= 2 && resolution <= 1000))
    throw new ValueError(`${op}: resolution must be a whole number from 2 to 1000`);
  if (rows === 0) throw new ValueError(`${op}: there are no rows to draw`);
  const labels = labelList(y, rows, op);
  const names = options.names ?? [0, 1].map((k) => columnName(namesOf(x), k));
  const [x1, x2] = spanOf(values, 0);
  const [y1, y2] = spanOf(values, 1);
  const grid = new Float64Array(2 * resolution * resolution);
  for (let i = 0, at = 0; i < resolution; i++)
    for (let j = 0; j < resolution; j++) {
      grid[at++] = x1 + ((x2 - x1) * (j + 0.5)) / resolution;
      grid[at++] = y1 + ((y2 - y1) * (i + 0.5)) / resolution;
    }
  const points = tensorOf(grid, [resolution * resolution, 2], "f64") as Tensor<[number, number]>;
  const probabilities = fitted.predictProba(points).toArray();
  const field = { width: resolution, height: resolution, x1, x2, y1, y2 };
  const { classes } = fitted;
  const areas = classes.flatMap((_, k) => {
    const ahead = probabilities.map((p) => p[k] - Math.max(...p.filter((_, other) => other !== k)));
    const sure = probabilities.map((p) => p[k]);
    // A class that is never chosen has no area.
    if (Math.max(...ahead) <= 0) return [];
    const line = Math.max(...sure) > 0.9 && Math.min(...sure) < 0.9;
    const fill = colourOf(k);
    return [
      Plot.contour(ahead, { ...field, ...at(0), fill, fillOpacity: 0.16, stroke: fill }),
      ...(line
        ? [Plot.contour(sure, { ...field, ...at(0.9), stroke: fill, strokeOpacity: 0.35 })]
        : []),
    ];
  });
  const every = Math.ceil(rows / dots);
  const shown = Array.from({ length: Math.ceil(rows / every) }, (_, i) => {
    const row = i * every;
    const colour = colourOf(Math.max(classes.indexOf(labels[row]), 0));
    return { x: values[2 * row], y: values[2 * row + 1], colour };
  });
  const { description = describe(names, classes) } = options;
  return draw(description, {
    height: 400,
    x: { label: names[0], domain: [x1, x2] },
    y: { label: names[1], domain: [y1, y2] },
    color: { type: "identity" },
    marks: [
      ...areas,
      Plot.dot(shown, {
        x: "x",
        y: "y",
        fill: "colour",
        r: 2.5,
        stroke: colours.paper,
        strokeWidth: 0.5,
      }),
    ],
  });
}

const at = (threshold: number) => ({ thresholds: [threshold], value: (v: number) => v, blur: 0 });

const describe = (names: readonly string[], classes: readonly Label[]): string =>
  `which of the classes ${classes.join(", ")} is chosen by ${names.join(" and ")}, and the data`;

/** From the least to the greatest, and a little more. */
function spanOf(values: ArrayLike<number>, column: number): [number, number] {
  let [least, most] = [Infinity, -Infinity];
  for (let i = column; i < values.length; i += 2) {
    least = Math.min(least, values[i]);
    most = Math.max(most, values[i]);
  }
  const edge = most > least ? 0.06 * (most - least) : 1;
  return [least - edge, most + edge];
}
