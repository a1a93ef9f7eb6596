import { ShapeError, ValueError } from "../../base/errors.js";
import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import { newCanvas, reach, render, roomOf, standardSize } from "./render.js";
import type { PenStroke } from "./strokes.js";
import type { Written } from "./write.js";

/**
 * A picture of pen strokes as MNIST's are: light on dark, scaled to a box of 20 × 20 in 28 × 28
 * pixels (other sizes in proportion), its centre of mass in the middle. Made for strokes of
 * `handwrittenStrokes`, and for those that somebody draws on a page.
 *
 * @param strokes  points and widths in any one unit
 * @param options.size      pixels of a side (default 28, at least 8)
 * @param options.softness  pixels of 28 over which the edge of a stroke fades (default 1.2)
 * @returns u8 [size, size, 1]
 * @throws ValueError  if there is no point, or a number is not finite
 * @throws ShapeError  if a stroke has not one width for each point, or size is too small
 */
export function drawStrokes<N extends number = 28>(
  strokes: readonly PenStroke[],
  { size = standardSize as N, softness = 1.2 }: { size?: N; softness?: number } = {},
): Tensor<[N, N, 1], "u8"> {
  if (!Number.isInteger(size) || size < 8)
    throw new ShapeError(`drawStrokes: size must be a whole number of at least 8, got ${size}`);
  const written = toWritten(strokes);
  const [across, down] = [reach(written, 0, 1), reach(written, 1, 1)];
  const side = Math.max(across.high - across.low, down.high - down.low);
  const scale = roomOf(softness, size) / Math.max(side, 1e-12);
  for (const widths of written.widths) widths.forEach((w, i) => (widths[i] = w * scale));
  const out = new Uint8Array(size * size);
  render(written, softness, newCanvas(size), out, 0);
  return tensor(out, { shape: [size, size, 1] });
}

function toWritten(strokes: readonly PenStroke[]): Written {
  strokes.forEach(({ points, widths }, i) => {
    if (points.length !== 2 * widths.length || points.length === 0)
      throw new ShapeError(
        `drawStrokes: stroke ${i} has ${points.length} coordinates and ${widths.length} widths; ` +
          "give x and y of each point in turn, at least one point, and one width for each",
      );
    if (![...Array.from(points), ...Array.from(widths)].every(Number.isFinite))
      throw new ValueError(`drawStrokes: stroke ${i} has a number that is not finite`);
  });
  if (strokes.length === 0) throw new ValueError("drawStrokes: there is no stroke to draw");
  return {
    curves: strokes.map(({ points }) => {
      // A dot is a line without length.
      const all = points.length === 2 ? [points[0], points[1], points[0], points[1]] : points;
      return { points: Float64Array.from(all), count: all.length / 2 };
    }),
    widths: strokes.map(({ widths }) =>
      Float64Array.from(widths.length === 1 ? [widths[0], widths[0]] : widths, (w) => w / 2),
    ),
    strokes: strokes.length,
  };
}
