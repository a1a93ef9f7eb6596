import * as Plot from "@observablehq/plot";
import { ValueError } from "../../base/errors.js";
import { colourOf, colours, draw, type Svg } from "./draw.js";
import type { Point } from "./line-chart.js";

export interface LossSurfaceOptions {
  readonly description?: string;
  /** From where to where the first parameter goes. */
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  /** Names of the two parameters (default w₀ and w₁). */
  readonly names?: readonly [string, string];
  /** The path that each optimizer took, by name. */
  readonly paths?: Readonly<Record<string, readonly Point[]>>;
  /** Lines of equal loss (default 18). */
  readonly levels?: number;
  /** Points across and up at which the loss is computed (default 80). */
  readonly resolution?: number;
}

/**
 * A loss over two parameters as lines of equal height, closer where it is low, and the paths that
 * optimizers took over it.
 *
 * @param loss  of the two parameters; where it is no finite number, nothing is drawn
 * @throws ValueError  if it is finite nowhere, or a range is empty
 */
export function lossSurface(
  loss: (x: number, y: number) => number,
  options: LossSurfaceOptions,
): Svg {
  const {
    x: [x1, x2],
    y: [y1, y2],
    paths = {},
    levels = 18,
    resolution = 80,
  } = options;
  const { names = ["w₀", "w₁"] } = options;
  if (!(x1 < x2 && y1 < y2))
    throw new ValueError(
      "lossSurface: the ranges x and y must go from a smaller to a greater number",
    );
  const values: number[] = [];
  for (let i = 0; i < resolution; i++)
    for (let j = 0; j < resolution; j++)
      values.push(
        loss(x1 + ((x2 - x1) * (j + 0.5)) / resolution, y1 + ((y2 - y1) * (i + 0.5)) / resolution),
      );
  const finite = values.filter(Number.isFinite);
  if (finite.length === 0)
    throw new ValueError("lossSurface: the loss is no finite number anywhere in these ranges");
  const [least, most] = [Math.min(...finite), Math.max(...finite)];
  // Steps grow away from the minimum, where all that matters happens.
  const thresholds = Array.from(
    { length: levels },
    (_, i) => least + (most - least) * ((i + 1) / (levels + 1)) ** 2.5,
  );
  const entries = Object.entries(paths);
  return draw(options.description ?? describe(names, entries), {
    height: 400,
    marginRight: entries.length === 0 ? 20 : 20 + 6 * Math.max(...entries.map(([n]) => n.length)),
    x: { label: names[0], domain: [x1, x2] },
    y: { label: names[1], domain: [y1, y2] },
    marks: [
      Plot.contour(values, {
        ...{ width: resolution, height: resolution, x1, x2, y1, y2, thresholds },
        value: (v: number) => v,
        stroke: colours.soft,
        strokeOpacity: 0.55,
        strokeWidth: 0.8,
      }),
      ...entries.flatMap(([name, points], i) => {
        const stroke = colourOf(i);
        const inside = points.filter((p) => p.x >= x1 && p.x <= x2 && p.y >= y1 && p.y <= y2);
        return [
          Plot.line(inside, { x: "x", y: "y", stroke, strokeWidth: 1.8 }),
          ...(inside.length <= 60
            ? [Plot.dot(inside, { x: "x", y: "y", fill: stroke, r: 2 })]
            : []),
          Plot.text(inside.slice(-1), {
            ...{ x: "x", y: "y", text: () => name, dx: 7, textAnchor: "start" },
            ...{ fill: stroke, stroke: colours.paper, strokeWidth: 3 },
          }),
        ];
      }),
    ],
  });
}

const describe = (names: readonly string[], paths: readonly [string, readonly Point[]][]): string =>
  `the loss over ${names.join(" and ")}` +
  paths
    .map(([name, points]) => {
      const end = points.at(-1);
      return end === undefined
        ? ""
        : `; ${name} ends at ${end.x.toPrecision(3)}, ${end.y.toPrecision(3)}`;
    })
    .join("");
