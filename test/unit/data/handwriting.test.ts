import { createHash } from "node:crypto";
import { random, ShapeError, ValueError } from "inkgrad";
import { drawStrokes, handwriting, handwrittenStrokes } from "inkgrad/data";
import { describe, expect, it } from "vitest";
import { formsOf } from "@src/data/handwriting/forms.js";
import { standardStyle } from "@src/data/handwriting/style.js";
import { stream } from "@src/data/handwriting/stream.js";

const everything = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

type Options = Parameters<typeof handwriting>[0];

/** The pictures one by one, and the classes. */
async function drawn(options: Options): Promise<{ pictures: Uint8Array[]; classes: Uint8Array }> {
  const { x, y } = handwriting<number>(options);
  const pixels = await x.data();
  const each = x.shape[1] * x.shape[2];
  const pictures = Array.from({ length: x.shape[0] }, (_, i) =>
    pixels.slice(i * each, (i + 1) * each),
  );
  return { pictures, classes: await y.data() };
}

const sum = (picture: Uint8Array): number => picture.reduce((a, b) => a + b, 0);

/** Where the ink reaches, and its centre of mass. */
function measure(picture: Uint8Array, size: number) {
  let [left, right, top, bottom, x, y] = [size, -1, size, -1, 0, 0];
  picture.forEach((ink, i) => {
    const [row, column] = [Math.floor(i / size), i % size];
    x += ink * column;
    y += ink * row;
    if (ink === 0) return;
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
  });
  const mass = sum(picture);
  return { width: right - left + 1, height: bottom - top + 1, x: x / mass, y: y / mass };
}

describe("handwriting", () => {
  it("is the same from the same key on every machine", async () => {
    // Threefry's words, sums, products and square roots: nothing that engines may round differently.
    const { pictures } = await drawn({ characters: everything, perClass: 2, seed: 7 });
    const hash = createHash("sha256");
    for (const picture of pictures) hash.update(picture);
    expect(hash.digest("hex")).toBe(
      "7bacb3802172f31d4956ec4115b323627b116e0a98e17db621bf1cd88261e778",
    );
  });

  it("follows from the key alone: a seed is its key, and other keys give other pictures", async () => {
    const [seed, key, other] = await Promise.all([
      drawn({ count: 20, seed: 5 }),
      drawn({ count: 20, key: random.key(5) }),
      drawn({ count: 20, seed: 6 }),
    ]);
    expect(key).toEqual(seed);
    seed.pictures.forEach((picture, i) => expect(other.pictures[i]).not.toEqual(picture));
  });

  it("begins a longer set with a shorter one", async () => {
    const [long, short] = await Promise.all([drawn({ count: 57 }), drawn({ count: 23 })]);
    expect(long.pictures.slice(0, 23)).toEqual(short.pictures);
  });

  it("has classes of one size, taking turns, u8 throughout", async () => {
    const { x, y, classes, name } = handwriting({ characters: "abz", perClass: 7 });
    expect([x.shape, x.dtype, y.shape, y.dtype]).toEqual([[21, 28, 28, 1], "u8", [21], "u8"]);
    expect([...(await y.data())]).toEqual(Array.from({ length: 21 }, (_, i) => i % 3));
    expect([classes, name]).toEqual([["a", "b", "z"], "handwriting"]);
    expect(handwriting({ characters: "01" }).x.shape[0]).toBe(2000);
  });

  it("never draws the same twice, and of one character pictures that differ a lot", async () => {
    const { pictures } = await drawn({ characters: "3", count: 2000 });
    const distinct = new Set(pictures.map((picture) => Buffer.from(picture).toString("latin1")));
    expect(distinct.size).toBe(2000);
    // Share of the ink that two of them do not have in common.
    const apart = pictures.slice(1).map((picture, i) => {
      let difference = 0;
      picture.forEach((ink, k) => (difference += Math.abs(ink - pictures[i][k])));
      return difference / (sum(picture) + sum(pictures[i]));
    });
    expect(apart.reduce((a, b) => a + b, 0) / apart.length).toBeGreaterThan(0.3);
  });

  it("fits a box of 20 pixels in 28 and lies centred by mass, as MNIST does", async () => {
    const { pictures } = await drawn({ count: 1000, seed: 3 });
    const places = pictures.map((picture) => measure(picture, 28));
    for (const { width, height, x, y } of places) {
      expect(Math.max(width, height)).toBeLessThanOrEqual(20);
      expect(Math.abs(x - 14)).toBeLessThan(0.75);
      expect(Math.abs(y - 14)).toBeLessThan(0.75);
    }
    const larger = places.map(({ width, height }) => Math.max(width, height));
    expect(larger.filter((side) => side >= 19).length).toBeGreaterThan(990);
  });

  it("has about as much ink as MNIST's digits, and whole grey levels between", async () => {
    const { pictures } = await drawn({ count: 2000 });
    // MNIST's training images have a mean of 0.1307.
    const mean = pictures.reduce((a, p) => a + sum(p), 0) / pictures.length / 784 / 255;
    expect(mean).toBeGreaterThan(0.115);
    expect(mean).toBeLessThan(0.145);
    const levels = new Set(pictures.flatMap((picture) => [...picture]));
    expect(levels.size).toBe(256);
  });

  it.each([8, 16, 20, 56])("comes in pictures of %s pixels too", async (size) => {
    const { pictures } = await drawn({ characters: "08x", count: 30, size });
    for (const picture of pictures) {
      const { width, height, x, y } = measure(picture, size);
      expect(Math.max(width, height)).toBeGreaterThanOrEqual(Math.floor((20 / 28) * size) - 1);
      expect(Math.max(width, height)).toBeLessThanOrEqual(Math.ceil((20 / 28) * size) + 1);
      expect(Math.abs(x - size / 2)).toBeLessThan(0.75);
      expect(Math.abs(y - size / 2)).toBeLessThan(0.75);
    }
  });

  it("varies less with a style that allows less", async () => {
    const still = Object.fromEntries(
      [
        "jitter",
        "shift",
        "elastic",
        "slant",
        "rotation",
        "aspect",
        "ends",
        "thickness",
        "pressure",
        "nib",
      ].map((k) => [k, 0]),
    );
    const spread = async (style: object) => {
      const { pictures } = await drawn({ characters: "O", count: 100, style });
      let total = 0;
      for (let i = 1; i < 100; i++)
        pictures[i].forEach((ink, k) => (total += Math.abs(ink - pictures[i - 1][k])));
      return total;
    };
    expect(await spread(still)).toBeLessThan(0.8 * (await spread({})));
  });

  it.each(Object.keys(standardStyle))(
    "varies by %s: without it the pictures are others",
    async (name) => {
      const options = { characters: "4R", count: 4 };
      const { pictures } = await drawn(options);
      const none = name === "softness" ? [0.1, 0.1] : name === "width" ? 1.5 : 0;
      const without = await drawn({ ...options, style: { [name]: none } });
      pictures.forEach((picture, i) => expect(without.pictures[i]).not.toEqual(picture));
    },
  );

  it.each<[Options, new (message: string) => Error, string]>([
    [{ characters: "a?" }, ValueError, 'no skeleton of "?"'],
    [{ characters: "é" }, ValueError, "no skeleton"],
    [{ characters: "" }, ValueError, "at least one"],
    [{ characters: "aba" }, ValueError, '"a" comes twice'],
    [{ count: 10, perClass: 1 }, ValueError, "either count or perClass"],
    [{ count: 0 }, ShapeError, "count must be a whole number of at least 1, got 0"],
    [{ perClass: 1.5 }, ShapeError, "perClass must be a whole number of at least 1, got 1.5"],
    [{ size: 7 }, ShapeError, "size must be a whole number of at least 8, got 7"],
    [{ count: 1, seed: 0.5 }, ValueError, "the seed must be a whole number"],
  ])("refuses %j", (options, type, message) => {
    expect(() => handwriting<number>(options)).toThrow(type);
    expect(() => handwriting<number>(options)).toThrow(message);
  });
});

describe("the skeletons", () => {
  it.each(Array.from(everything))("of %s: masters agree, and corners lie inside", (character) => {
    for (const { masters, weight } of formsOf(character)) {
      expect(weight).toBeGreaterThan(0);
      for (const strokes of masters) {
        expect(strokes.map(({ points }) => points.length)).toEqual(
          masters[0].map(({ points }) => points.length),
        );
        expect(strokes.map(({ corners }) => [...corners])).toEqual(
          masters[0].map(({ corners }) => [...corners]),
        );
        for (const { points, corners } of strokes) {
          expect(points.length).toBe(2 * corners.length);
          expect(corners.length).toBeGreaterThan(1);
          expect(points.every((p) => p > -60 && p < 160)).toBe(true);
        }
      }
    }
  });

  it("have several forms for every character, and more of the digits", () => {
    for (const character of everything)
      expect(formsOf(character).length, character).toBeGreaterThanOrEqual(
        /\d/.test(character) ? 3 : 2,
      );
  });
});

describe("handwrittenStrokes and drawStrokes", () => {
  it("make the very pictures of the data set, but for the softness of edges", async () => {
    const softness = 1.2;
    const style = { softness: [softness, softness] as const };
    const { pictures } = await drawn({ characters: "4g", count: 20, seed: 2, style });
    for (const [i, picture] of pictures.entries()) {
      const strokes = handwrittenStrokes("4g"[i % 2], { seed: 2, index: i, style });
      const again = await drawStrokes(strokes, { softness }).data();
      // Scaling there and back rounds.
      again.forEach((ink, k) => expect(Math.abs(ink - picture[k])).toBeLessThanOrEqual(1));
    }
  });

  it("give strokes whose ink fills the unit square in its larger direction", () => {
    for (const character of everything) {
      const strokes = handwrittenStrokes(character, { index: 3 });
      const sides = [0, 1].map((axis) => {
        const edges = strokes
          .flatMap(({ points, widths }) =>
            Array.from(widths, (width, i) => [
              points[2 * i + axis] - width / 2,
              points[2 * i + axis] + width / 2,
            ]),
          )
          .flat();
        const [low, high] = [Math.min(...edges), Math.max(...edges)];
        expect((low + high) / 2).toBeCloseTo(0.5, 6);
        return high - low;
      });
      expect(Math.max(...sides)).toBeCloseTo(1, 6);
    }
  });

  it("draw the same picture wherever and however large the strokes were", async () => {
    const strokes = handwrittenStrokes("R");
    const moved = strokes.map(({ points, widths }) => ({
      points: Array.from(points, (p, i) => 300 * p + (i % 2 === 0 ? 40 : -7)),
      widths: Array.from(widths, (w) => 300 * w),
    }));
    const [a, b] = [await drawStrokes(strokes).data(), await drawStrokes(moved).data()];
    a.forEach((ink, k) => expect(Math.abs(ink - b[k])).toBeLessThanOrEqual(1));
  });

  it("draw a dot as a disc of the whole box, in the middle", async () => {
    const dot = await drawStrokes([{ points: [5, 5], widths: [3] }]).data();
    const { width, height, x, y } = measure(dot, 28);
    expect([width, height]).toEqual([20, 20]);
    // The mass of an even number of pixels lies between two: 13.5 is half a pixel from 14.
    expect([x, y].every((place) => Math.abs(place - 14) <= 0.5)).toBe(true);
    expect(Math.abs(sum(dot) / 255 - Math.PI * 10 ** 2)).toBeLessThan(6);
  });

  it("refuse what is no stroke", () => {
    expect(() => drawStrokes([])).toThrow(ValueError);
    expect(() => drawStrokes([{ points: [1, 2, 3], widths: [1] }])).toThrow(ShapeError);
    expect(() => drawStrokes([{ points: [], widths: [] }])).toThrow(/at least one point/);
    expect(() => drawStrokes([{ points: [0, NaN], widths: [1] }])).toThrow(/not finite/);
    expect(() => drawStrokes([{ points: [0, 0], widths: [1] }], { size: 3 })).toThrow(/at least 8/);
    expect(() => handwrittenStrokes("0", { index: -1 })).toThrow(/whole number from 0/);
  });
});

describe("the stream of random numbers", () => {
  it("is uniform, about normal, and chooses by weight", () => {
    const random = stream(1, 2, 3);
    const n = 40_000;
    const mean = (f: () => number) => {
      let total = 0;
      for (let i = 0; i < n; i++) total += f();
      return total / n;
    };
    expect(mean(() => random.uniform())).toBeCloseTo(0.5, 1);
    expect(mean(() => random.uniform() ** 2)).toBeCloseTo(1 / 3, 1);
    expect(Math.abs(mean(() => random.normal()))).toBeLessThan(0.02);
    expect(Math.abs(mean(() => random.normal() ** 2) - 1)).toBeLessThan(0.03);
    // A sum of four uniforms: its fourth moment is 3 − 1.2 / 4.
    expect(Math.abs(mean(() => random.normal() ** 4) - 2.7)).toBeLessThan(0.15);
    const counts = [0, 0, 0];
    for (let i = 0; i < n; i++) counts[random.choose([1, 0, 3])]++;
    expect(counts[1]).toBe(0);
    expect(Math.abs(counts[0] / n - 0.25)).toBeLessThan(0.01);
  });

  it("differs by key and by number, and not by when it is made", () => {
    const first = [stream(1, 2, 3), stream(1, 2, 4), stream(1, 3, 3), stream(2, 2, 3)];
    const drawn = first.map((random) => random.uniform());
    expect(new Set(drawn).size).toBe(4);
    expect(stream(1, 2, 3).uniform()).toBe(drawn[0]);
  });
});
