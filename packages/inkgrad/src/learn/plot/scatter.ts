import * as Plot from "@observablehq/plot";
import { ShapeError } from "../../base/errors.js";
import { labelEncoder } from "../../data/transforms/label-encoder.js";
import { labelList } from "../input/labels.js";
import { denseOf, namesOf } from "../input/matrix.js";
import { columnName } from "../input/names.js";
import type { Labels, Matrix } from "../types.js";
import { colourOf, colours, draw, type Svg } from "./draw.js";

/**
 * A dot for each row of a table of two columns, coloured by its label.
 *
 * @param x  [rows, 2]
 * @param y  a label for each row
 */
export function scatter(
  x: Matrix,
  y: Labels,
  options: { readonly description?: string } = {},
): Svg {
  const { rows, columns, values } = denseOf(x, "scatter");
  if (columns !== 2) throw new ShapeError(`scatter: X must have two columns, got ${columns}`);
  const labels = labelList(y, rows, "scatter");
  const { classes } = labelEncoder(labels);
  const [across, up] = [0, 1].map((k) => columnName(namesOf(x), k));
  const dots = labels.map((label, row) => ({
    x: values[2 * row],
    y: values[2 * row + 1],
    colour: colourOf(classes.indexOf(label)),
  }));
  const {
    description = `${rows} rows of the classes ${classes.join(", ")} by ${across} and ${up}`,
  } = options;
  return draw(description, {
    height: 400,
    x: { label: across, nice: true },
    y: { label: up, nice: true },
    color: { type: "identity" },
    marks: [
      Plot.dot(dots, {
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
