import { ShapeError } from "../../base/errors.js";
import { pen, type PenOptions } from "./pen.js";
import { fit, roomOf, standardSize } from "./render.js";
import { newWritten } from "./write.js";

/** The path of a pen from where it is set down to where it is lifted. */
export interface PenStroke {
  /** x and y of each point in turn, y downwards. */
  readonly points: ArrayLike<number>;
  /** The pen's width at each point, in the unit of the points. */
  readonly widths: ArrayLike<number>;
}

export interface HandwrittenStrokesOptions extends PenOptions {
  /** Which writing of the character (default 0): that of the same number in a data set. */
  readonly index?: number;
}

/**
 * One handwritten character as strokes, to draw or to change before `drawStrokes` makes a picture of
 * them. The ink's larger side, pen widths included, reaches from 0 to 1, and the other one lies
 * in the middle.
 *
 * @param character  one of 0–9, A–Z, a–z
 * @throws ValueError  if there is no skeleton of it
 */
export function handwrittenStrokes(
  character: string,
  options: HandwrittenStrokesOptions = {},
): PenStroke[] {
  const { index = 0 } = options;
  if (!Number.isInteger(index) || index < 0 || index >= 2 ** 32)
    throw new ShapeError(
      `handwrittenStrokes: index must be a whole number from 0 to 2³² − 1, got ${index}`,
    );
  const written = newWritten();
  const softness = pen(character, options)(index, written);
  // Points and widths have units of their own until the ink is fitted into its box.
  const room = roomOf(softness, standardSize);
  const { scale, x, y } = fit(written, room);
  return written.curves.slice(0, written.strokes).map(({ points, count }, s) => ({
    points: points
      .slice(0, 2 * count)
      .map((p, i) => 0.5 + (scale * p - (i % 2 === 0 ? x : y)) / room),
    widths: written.widths[s].slice(0, count).map((radius) => (2 * radius) / room),
  }));
}
