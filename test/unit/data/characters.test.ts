import { ShapeError, tensor, zeros } from "inkgrad";
import { handwriting, normalizeCharacter } from "inkgrad/data";
import { describe, expect, it } from "vitest";
import { randomDrawing, randomFrom, redraw } from "../../../bench/redraw.mjs";

const { x } = handwriting({ count: 60, seed: 3 });
const digits = x.toArray().map((image) => Uint8Array.from((image as number[][][]).flat(2)));

const normal = (pixels: Uint8Array, height: number, width = height): number[] =>
  (normalizeCharacter(tensor(pixels, { shape: [height, width] })).toArray() as number[][][]).flat(
    2,
  );

/** By how much pixels differ, 0 … 255, on average. */
const difference = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, value, i) => sum + Math.abs(value - b[i]), 0) / a.length;

/** How alike two pictures are: 1 for the same up to contrast. */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const mean = (v: ArrayLike<number>): number =>
    Array.from(v).reduce((s, x) => s + x, 0) / v.length;
  const [ma, mb] = [mean(a), mean(b)];
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

describe("normalizeCharacter", () => {
  it("finds digits again that are drawn in any size, place, polarity and on uneven grey", () => {
    const random = randomFrom(5);
    const alike = digits.map((digit) => {
      const drawing = randomDrawing(random);
      const plain = normal(digit, 28);
      return correlation(plain, normal(redraw(digit, drawing, random), drawing.size));
    });
    alike.sort((a, b) => a - b);
    expect(alike[Math.floor(alike.length / 10)]).toBeGreaterThan(0.8);
    expect(alike[alike.length >> 1]).toBeGreaterThan(0.9);
  });

  // A pixel of these digits is 32 on average, and differs by 17 from its neighbour.
  it.each([
    { size: 20, most: 13 },
    { size: 28, most: 12 },
    { size: 60, most: 8 },
    { size: 400, most: 8 },
  ])("brings digits of $size pixels back to the pixels that they had", ({ size, most }) => {
    const kinds = [
      { ink: 255, paper: 0, across: 0.5, down: 0.5 },
      { ink: 20, paper: 235, across: 0, down: 1 },
      { ink: 60, paper: 150, across: 0.8, down: 0.1 },
      { ink: 200, paper: 90, across: 1, down: 0.4 },
    ];
    const plain = { size, share: 0.75, slopeX: 0, slopeY: 0, noise: 0 };
    for (const kind of kinds) {
      const off = digits
        .slice(0, 15)
        .map((digit) =>
          difference(digit, normal(redraw(digit, { ...plain, ...kind }, randomFrom(1)), size)),
        );
      expect(off.reduce((a, b) => a + b) / off.length).toBeLessThan(most);
    }
  });

  it("leaves digits about as they are that have MNIST's form already", () => {
    const off = digits.map((digit) => difference(digit, normal(digit, 28)));
    expect(off.reduce((a, b) => a + b) / off.length).toBeLessThan(7);
  });

  it("puts the centre of mass into the pixel right of and below the middle, evenly spread", () => {
    const centres = digits.flatMap((digit) => {
      const picture = normal(digit, 28);
      const mass = picture.reduce((a, b) => a + b);
      return [
        picture.reduce((sum, ink, i) => sum + ink * ((i % 28) + 0.5), 0) / mass,
        picture.reduce((sum, ink, i) => sum + ink * (Math.floor(i / 28) + 0.5), 0) / mass,
      ];
    });
    expect(Math.min(...centres)).toBeGreaterThan(13.95);
    expect(Math.max(...centres)).toBeLessThan(15.05);
    const mean = centres.reduce((a, b) => a + b) / centres.length;
    expect(Math.abs(mean - 14.5)).toBeLessThan(0.1);
  });

  it("takes greys of any dtype", () => {
    const image = tensor(digits[0], { shape: [28, 28] });
    const as = (dtype: "u8" | "f16"): unknown => normalizeCharacter(image.cast(dtype)).toArray();
    expect(as("f16")).toEqual(as("u8"));
  });

  it("gives the same for a picture and its negative", () => {
    for (const digit of digits.slice(0, 20)) {
      const one = normal(digit, 28);
      const other = normal(
        digit.map((v) => 255 - v),
        28,
      );
      expect(correlation(one, other)).toBeGreaterThan(0.999);
    }
  });

  it("puts the ink into 20 × 20 pixels, its centre of mass in the middle", () => {
    const bar = new Uint8Array(200 * 100).fill(255);
    for (let y = 20; y < 140; y++) bar.fill(0, y * 100 + 60, y * 100 + 75);
    const picture = normal(bar, 200, 100);
    const rows = [...Array(28).keys()].filter((r) =>
      picture.slice(r * 28, r * 28 + 28).some((v) => v > 127),
    );
    expect(rows).toHaveLength(20);
    // Either of the two middle rows is right for a bar that is the same above and below.
    expect([4, 5]).toContain(rows[0]);
    const mass = picture.reduce((a, b) => a + b);
    const column = picture.reduce((sum, v, i) => sum + v * ((i % 28) + 0.5), 0) / mass;
    expect(Math.abs(column - 14.5)).toBeLessThanOrEqual(0.5);
  });

  it("makes black of a picture without ink", () => {
    for (const grey of [0, 128, 255])
      expect(normal(new Uint8Array(50 * 40).fill(grey), 50, 40).every((v) => v === 0)).toBe(true);
    expect(normal(Uint8Array.of(7), 1)).toHaveLength(784);
  });

  it("takes greys only, and says how to get them", () => {
    expect(() => normalizeCharacter(zeros([28, 28, 3]))).toThrow(ShapeError);
    expect(() => normalizeCharacter(zeros([28, 28, 3]))).toThrow(/grey/);
    expect(() => normalizeCharacter(zeros([0, 28]))).toThrow(ShapeError);
  });
});
