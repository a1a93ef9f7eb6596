// Pictures in the terminal.
import { createColors } from "picocolors";
import { describe, expect, it } from "vitest";
import { pictureGrid, pictureLines } from "@src/cli/output/pictures.js";

const [plain, coloured] = [createColors(false), createColors(true)];
const picture = (rows: number[][]) => ({
  pixels: rows.flat(),
  height: rows.length,
  width: rows[0].length,
});
const corner = picture([
  [255, 0, 0, 255],
  [255, 0, 255, 0],
  [0, 0, 0, 0],
  [0, 255, 0, 0],
]);

describe("a picture", () => {
  it("has two pixels in each character", () => {
    expect(pictureLines(corner, plain)).toEqual(["█ ▄▀", " ▄  "]);
  });

  it("has its greys where there are colours", () => {
    const [line] = pictureLines(
      picture([
        [255, 0],
        [128, 0],
      ]),
      coloured,
    );
    expect(line).toBe(
      "\u001b[38;5;255m\u001b[48;5;244m▀\u001b[38;5;232m\u001b[48;5;232m▀\u001b[0m",
    );
  });

  it("is made smaller by the means of areas, and loses the empty margin of MNIST's", () => {
    const wide = Array.from({ length: 8 }, (_, y) =>
      Array.from({ length: 8 }, () => (y < 4 ? 255 : 0)),
    );
    expect(pictureLines(picture(wide), plain, { width: 4 })).toEqual(["████", "    "]);
    const digit = Array.from({ length: 28 }, (_, y) =>
      Array.from({ length: 28 }, (_, x) => (y === 2 || x === 2 ? 255 : 0)),
    );
    const lines = pictureLines(picture(digit), plain);
    expect([lines.length, lines[0]]).toEqual([12, `█${"▀".repeat(23)}`]);
    expect(lines.slice(1)).toEqual(Array.from({ length: 11 }, () => `█${" ".repeat(23)}`));
  });
});

describe("several pictures", () => {
  const four = (label: string) => ({ picture: corner, label });

  it("stand side by side as there is room, each above its text", () => {
    const grid = (columns: number): string =>
      pictureGrid([four("a"), four("b")], { colours: plain, columns, width: 4 });
    expect(grid(10)).toBe("█ ▄▀  █ ▄▀\n ▄     ▄\na     b");
    expect(grid(9)).toBe("█ ▄▀\n ▄\na\n\n█ ▄▀\n ▄\nb");
  });
});
