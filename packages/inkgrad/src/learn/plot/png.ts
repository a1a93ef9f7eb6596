import { initWasm, Resvg } from "@resvg/resvg-wasm";
import { ValueError } from "../../base/errors.js";
import { packageFile } from "../../data/system.js";
import type { Svg } from "./draw.js";

export interface PngOptions {
  /** Pixels across (default: twice the chart's own width). */
  readonly width?: number;
  /** What is behind it (default "white"; "none": nothing). */
  readonly background?: string;
}

let ready: Promise<Uint8Array> | null = null;

/**
 * A chart as a PNG file.
 *
 * @throws ValueError  for a width that is not from 1 to 16,384
 */
export async function toPng(svg: Svg, options: PngOptions = {}): Promise<Uint8Array> {
  const { width, background = "white" } = options;
  if (width !== undefined && !(Number.isInteger(width) && width >= 1 && width <= 16384))
    throw new ValueError(`toPng: width must be a whole number from 1 to 16384, got ${width}`);
  const font = await (ready ??= prepared());
  const drawing = new Resvg(withoutVariables(svg), {
    ...(background !== "none" && { background }),
    fitTo: width === undefined ? { mode: "zoom", value: 2 } : { mode: "width", value: width },
    font: { fontBuffers: [font], defaultFontFamily: "DejaVu Sans", sansSerifFamily: "DejaVu Sans" },
  });
  try {
    return drawing.render().asPng();
  } finally {
    drawing.free();
  }
}

/** Pixels are the same on every machine, as the letters' forms come along. */
async function prepared(): Promise<Uint8Array> {
  const [program, font] = await Promise.all([
    packageFile("@resvg/resvg-wasm/index_bg.wasm"),
    packageFile("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"),
  ]);
  await initWasm(program);
  return font;
}

/** `var(--first, #0b62c4)` becomes #0b62c4, and what a browser finds by itself is written out. */
const withoutVariables = (svg: Svg): string =>
  svg
    .replace(/var\(--plot-background\)/g, "white")
    .replace(/var\(--[\w-]+,\s*([^()]+)\)/g, "$1")
    .replaceAll("system-ui, ", "")
    .replaceAll("currentColor", "#1b1f24");
