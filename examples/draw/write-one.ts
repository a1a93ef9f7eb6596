import { handwrittenStrokes } from "inkgrad/data";
import type { Stroke } from "./ink.js";

/** How much of the square's side the digit takes. */
const size = 0.6;

/** Some digit, as the library's handwriting generator writes it. */
export function writeOne(): Stroke[] {
  const digit = Math.floor(10 * Math.random());
  const index = Math.floor(2 ** 32 * Math.random());
  const place = (share: number): number => 0.5 + size * (share - 0.5);
  return handwrittenStrokes(String(digit), { index }).map(({ points, widths }) =>
    Array.from(widths, (width, i) => ({
      x: place(points[2 * i]),
      y: place(points[2 * i + 1]),
      width: size * width,
    })),
  );
}
