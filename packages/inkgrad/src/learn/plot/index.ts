/** Charts, as SVG texts; `toPng` makes pictures of them. */

export { curves } from "./curves.js";
export type { CurvesOptions } from "./curves.js";
export { decisionBoundary } from "./decision-boundary.js";
export type { Deciding, DecisionBoundaryOptions } from "./decision-boundary.js";
export type { Svg } from "./draw.js";
export { effects } from "./effects.js";
export type { Effect, EffectsOptions } from "./effects.js";
export { lineChart } from "./line-chart.js";
export type { LineChartOptions, Point, Series } from "./line-chart.js";
export { lossSurface } from "./loss-surface.js";
export type { LossSurfaceOptions } from "./loss-surface.js";
export { toPng } from "./png.js";
export type { PngOptions } from "./png.js";
export { scatter } from "./scatter.js";
