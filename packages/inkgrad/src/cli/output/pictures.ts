import type { Colours } from "./output.js";

/** Pictures in a terminal: two pixels a character, the upper and the lower half of a block. */

/** A picture in grey, 0 (dark) to 255. */
export interface Grey {
  readonly pixels: ArrayLike<number>;
  readonly height: number;
  readonly width: number;
}

/** Pixels at the sides that are the same for all digits of MNIST: empty. */
const margin = 2;

/**
 * The lines of a picture, `width` characters each, half as many lines.
 *
 * @param colours  where there are none, pixels are on or off
 */
export function pictureLines(picture: Grey, colours: Colours, { width = 24 } = {}): string[] {
  const { pixels, size } = squareOf(picture, width);
  const at = (y: number, x: number): number => (y < size ? pixels[y * size + x] : 0);
  const lines: string[] = [];
  for (let y = 0; y < size; y += 2) {
    let line = "";
    for (let x = 0; x < size; x++)
      line += colours.isColorSupported
        ? greyBlock(at(y, x), at(y + 1, x))
        : block(at(y, x) > 100, at(y + 1, x) > 100);
    lines.push(colours.isColorSupported ? `${line}\u001b[0m` : line);
  }
  return lines;
}

const block = (upper: boolean, lower: boolean): string =>
  upper ? (lower ? "█" : "▀") : lower ? "▄" : " ";

/** The 24 greys of terminals with 256 colours are numbers 232 to 255. */
const grey = (value: number): number => 232 + Math.round((value / 255) * 23);
const greyBlock = (upper: number, lower: number): string =>
  `\u001b[38;5;${grey(upper)}m\u001b[48;5;${grey(lower)}m▀`;

/** The picture without its margin, brought to size × size by averages over areas. */
function squareOf(
  { pixels, height, width }: Grey,
  size: number,
): { pixels: number[]; size: number } {
  const cut = height === 28 && width === 28 ? margin : 0;
  const side = Math.max(height, width) - 2 * cut;
  const to = Math.min(size, side);
  const out = new Array<number>(to * to).fill(0);
  const offset = (full: number): number => (full - side) / 2;
  const [top, left] = [offset(height), offset(width)];
  const step = side / to;
  const steps = Math.max(Math.ceil(step), 1);
  for (let i = 0; i < to * to; i++) {
    const [y, x] = [Math.floor(i / to), i % to];
    let sum = 0;
    for (let a = 0; a < steps; a++)
      for (let b = 0; b < steps; b++) {
        const row = Math.floor(top + (y + (a + 0.5) / steps) * step);
        const column = Math.floor(left + (x + (b + 0.5) / steps) * step);
        if (row >= 0 && row < height && column >= 0 && column < width)
          sum += pixels[row * width + column];
      }
    out[i] = sum / (steps * steps);
  }
  return { pixels: out, size: to };
}

/** Pictures side by side with a text below each, as many on a line as there is room for. */
export function pictureGrid(
  pictures: readonly { readonly picture: Grey; readonly label: string }[],
  { colours, columns, width = 24 }: { colours: Colours; columns: number; width?: number },
): string {
  const perLine = Math.max(Math.floor((columns + 2) / (width + 2)), 1);
  const lines: string[] = [];
  for (let from = 0; from < pictures.length; from += perLine) {
    const row = pictures.slice(from, from + perLine);
    const drawn = row.map(({ picture }) => pictureLines(picture, colours, { width }));
    for (let i = 0; i < Math.max(...drawn.map((d) => d.length)); i++)
      lines.push(
        drawn
          .map((d) => d[i] ?? " ".repeat(width))
          .join("  ")
          .trimEnd(),
      );
    lines.push(
      row
        .map(({ label }) => label.padEnd(width))
        .join("  ")
        .trimEnd(),
      "",
    );
  }
  return lines.join("\n").trimEnd();
}
