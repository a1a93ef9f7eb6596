import * as Plot from "@observablehq/plot";
import { ValueError } from "../../base/errors.js";
import { colours, draw, type Svg } from "./draw.js";

/** How much something counts: a coefficient, an odds ratio, an importance. */
export interface Effect {
  readonly name: string;
  readonly value: number;
  /** Where its confidence interval begins and ends. */
  readonly interval?: readonly [number, number];
}

export interface EffectsOptions {
  readonly description?: string;
  /** What is measured: "coefficient". */
  readonly x?: string;
  /** Default "linear"; "log" for ratios. */
  readonly scale?: "linear" | "log";
  /** Where there is no effect (default 0; 1 on a log scale). */
  readonly none?: number;
  /** How many are drawn, the strongest first (default 30). */
  readonly most?: number;
}

/** A bar for each effect, from no effect to its value, with its interval as a line: the strongest on top. */
export function effects(list: readonly Effect[], options: EffectsOptions = {}): Svg {
  const { x = "coefficient", scale = "linear", most = 30 } = options;
  const { none = scale === "log" ? 1 : 0 } = options;
  const finite = list.filter(
    ({ value }) => Number.isFinite(value) && (scale === "linear" || value > 0),
  );
  if (finite.length === 0) throw new ValueError("effects: there is no finite value to draw");
  const to = (value: number): number => (scale === "log" ? Math.log(value) : value);
  const strength = ({ value }: Effect): number => Math.abs(to(value) - to(none));
  const shown = [...finite].sort((a, b) => strength(b) - strength(a)).slice(0, most);
  const ends = shown.flatMap(({ name, interval }) =>
    interval !== undefined && interval.every((end) => Number.isFinite(to(end)))
      ? [{ name, from: interval[0], to: interval[1] }]
      : [],
  );
  const longest = Math.max(...shown.map(({ name }) => name.length));
  const strongest = shown
    .slice(0, 3)
    .map(({ name, value }) => `${name} ${value.toPrecision(3)}`)
    .join(", ");
  return draw(
    options.description ?? `${x} of ${finite.length} columns; the strongest: ${strongest}`,
    {
      height: 50 + 18 * shown.length,
      marginLeft: Math.min(24 + 6.2 * longest, 220),
      x: { label: x, type: scale, grid: true, ...(scale === "log" && { tickFormat: "~g" }) },
      y: { label: null, domain: shown.map(({ name }) => name) },
      marks: [
        Plot.barX(shown, {
          ...{ x1: none, x2: "value", y: "name" },
          fill: ({ value }: Effect) => (value < none ? colours.second : colours.first),
          fillOpacity: 0.75,
        }),
        Plot.ruleY(ends, {
          x1: "from",
          x2: "to",
          y: "name",
          stroke: colours.ink,
          strokeWidth: 1.5,
        }),
        Plot.ruleX([none], { stroke: colours.soft }),
      ],
    },
  );
}
