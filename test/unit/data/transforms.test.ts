import { compile, concat, grad, random, type Tensor, tensor } from "inkgrad";
import { DataLoader, dataset, transforms as t } from "inkgrad/data";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { elasticField } from "@src/data/transforms/elastic.js";
import { kolmogorov, kolmogorovLimit } from "../../support/statistics.js";

const key = random.key;
const images = random.uniform(key(1), [6, 9, 8, 2]);
const values = (x: Tensor): number[] => x.reshape([-1]).toArray() as number[];
const number = (x: Tensor): number => x.item() as number;
const furthest = (a: Tensor, b: Tensor): number => a.sub(b).abs().max().item() as number;
const shifted = (row: number, column: number, size = 5): Tensor => {
  const pixels = Array.from({ length: size }, (_, i) =>
    Array.from({ length: size }, (_, j) => [i === row && j === column ? 1 : 0]),
  );
  return tensor(pixels);
};

/** Every transform that draws, with options under which it does something. */
const drawing: Record<string, t.Transform> = {
  randomAffine: t.randomAffine({ rotate: 20, scale: 0.2, aspect: 0.2, shear: 10, translate: 2 }),
  randomWarp: t.randomWarp({ rotate: 10, elastic: { alpha: 20, sigma: 3 }, fill: 0.5 }),
  randomRotation: t.randomRotation(30),
  randomTranslation: t.randomTranslation([2, [-1, 0]]),
  randomShear: t.randomShear([-20, 0]),
  randomZoom: t.randomZoom([0.5, 2]),
  elasticDistortion: t.elasticDistortion({ alpha: 20, sigma: 3 }),
  randomCrop: t.randomCrop([6, 5], { padding: 1 }),
  randomResizedCrop: t.randomResizedCrop([7, 4]),
  randomFlip: t.randomFlip({ horizontal: 0.5, vertical: 0.5 }),
  randomErasing: t.randomErasing({ probability: 0.8 }),
  "randomErasing with noise": t.randomErasing({ value: "noise" }),
  gaussianNoise: t.gaussianNoise(0.1, { clip: [0, 1] }),
  saltAndPepper: t.saltAndPepper(0.3),
  randomApply: t.randomApply(t.randomRotation([80, 90]), 0.5),
  compose: t.compose(t.randomFlip(), t.resize(12), t.randomCrop(10), t.gaussianNoise(0.1)),
};

describe.each(Object.entries(drawing))("%s", (_, transform) => {
  it("gives the same for the same key and something else for another", () => {
    const once = values(transform(images, key(5)));
    expect(values(transform(images, key(5)))).toEqual(once);
    expect(values(transform(images, key(6)))).not.toEqual(once);
  });

  it("is the same inside a compiled program, but for rounding", () => {
    const program = compile(transform);
    for (const seed of [5, 6])
      expect(furthest(program(images, key(seed)), transform(images, key(seed)))).toBeLessThan(2e-5);
  });

  it("treats the images of a batch differently", () => {
    const same = images.slice([[0, 1]]).broadcastTo([32, 9, 8, 2]);
    const rows = transform(same, key(3)).reshape([32, -1]).toArray() as number[][];
    expect(new Set(rows.map(String)).size).toBeGreaterThan(1);
  });

  it("takes a single image for a batch of one", () => {
    const one = images.slice([[2, 3]]);
    const batch = transform(one, key(4));
    const alone = transform(one.squeeze(0), key(4));
    expect(alone.shape).toEqual(batch.shape.slice(1));
    expect(values(alone)).toEqual(values(batch));
  });

  it("lets gradients through to the images: what leaves is what came in, weighed", () => {
    const f = (x: Tensor): Tensor<[]> => transform(x, key(7)).sum();
    const slope = grad(f)(images);
    expect(slope.shape).toEqual(images.shape);
    // Linear in the images, but for what is put in besides and for clipping: checked by a difference.
    const along = random.normal(key(8), [6, 9, 8, 2]).mul(1e-2);
    const middle = (number(f(images.add(along))) - number(f(images.sub(along)))) / 2;
    expect(Math.abs(middle - number(slope.mul(along).sum()))).toBeLessThan(0.02);
  });

  it("says what it cannot take", () => {
    expect(() => transform(tensor([[1]]), key(0))).toThrow(
      /images must be \[n, h, w, c\].*\[1, 1\]/,
    );
    expect(() => transform(images, 3 as never)).toThrow(/key/);
  });
});

describe("flips", () => {
  it("exchange the sides, and twice are nothing", () => {
    expect(t.flipHorizontal(shifted(1, 0)).toArray()).toEqual(shifted(1, 4).toArray());
    expect(t.flipVertical(shifted(1, 0)).toArray()).toEqual(shifted(3, 0).toArray());
    const shape = { min: 1, max: 6 };
    fc.assert(
      fc.property(
        fc.integer(shape),
        fc.integer(shape),
        fc.integer(shape),
        fc.integer(),
        (h, w, c, seed) => {
          const x = random.integers(key(seed), [2, h, w, c], { max: 256, dtype: "u8" });
          for (const flip of [t.flipHorizontal, t.flipVertical]) {
            expect(flip(flip(x)).toArray()).toEqual(x.toArray());
            expect(flip(x).dtype).toBe("u8");
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it("happen as often as they should", () => {
    const many = shifted(2, 0).expandDims(0).broadcastTo([2000, 5, 5, 1]);
    const out = t.randomFlip({ horizontal: 0.3 })(many, key(0));
    const flipped = number(out.slice([[], [2, 3], [4, 5]]).sum());
    expect(Math.abs(flipped - 600)).toBeLessThan(90);
    const upright = shifted(0, 2).expandDims(0).broadcastTo([2000, 5, 5, 1]);
    const turned = t.randomFlip({ horizontal: 0, vertical: 0.2 })(upright, key(0));
    const below = number(turned.slice([[], [4, 5], [2, 3]]).sum());
    expect(Math.abs(below - 400)).toBeLessThan(80);
    expect(() => t.randomFlip({ horizontal: 2 })).toThrow(/between 0 and 1, got 2/);
  });
});

describe("affine", () => {
  it("moves right and down, turns counterclockwise, leans to the right, grows", () => {
    const close = (a: Tensor, b: Tensor) => expect(furthest(a, b)).toBeLessThan(1e-6);
    close(t.translate(shifted(1, 1), 2, 1), shifted(2, 3));
    close(t.rotate(shifted(2, 4), 90), shifted(0, 2));
    close(t.shear(shifted(1, 2), 45), shifted(1, 3));
    close(t.shear(shifted(4, 2), 45), shifted(4, 0));
    const big = t.affine(shifted(2, 3), { scale: 2 }).toArray() as number[][][];
    expect(big[2].map(([v]) => v)).toEqual([0, 0, 0, 0.5, 1]);
    const out = t.translate(shifted(2, 2), 0, 3, 7).toArray() as number[][][];
    expect(out.map((row) => row[2][0])).toEqual([7, 7, 7, 0, 0]);
  });

  it("does nothing with nothing to do, and a full turn by quarters is nothing", () => {
    expect(furthest(t.affine(images, {}), images)).toBe(0);
    let x: Tensor = random.uniform(key(2), [2, 7, 7, 1]);
    const start = x;
    for (let i = 0; i < 4; i++) x = t.rotate(x, 90);
    expect(furthest(x, start)).toBeLessThan(1e-5);
  });

  it("gives the gradient of its parameters", () => {
    const smooth = t.resize(16)(random.uniform(key(3), [1, 4, 4, 1]));
    const f = (angle: Tensor<[1]>): Tensor<[]> => t.rotate(smooth, angle).square().sum();
    const slope = number(grad(f)(tensor([10])));
    const difference = (number(f(tensor([10.05]))) - number(f(tensor([9.95])))) / 0.1;
    expect(Math.abs(slope - difference)).toBeLessThan(0.02 * Math.abs(slope) + 0.01);
  });

  it("says what is wrong", () => {
    expect(() => t.affine(images, { scale: 0 })).toThrow(/above 0, got 0/);
    expect(() => t.rotate(images, tensor([1, 2]))).toThrow(
      /rotate must be a number or \[6\].*\[2\]/,
    );
    expect(() => t.randomZoom(1.5)).toThrow(/scale must be .* above 0, got 1.5/);
    expect(() => t.randomRotation([3, 1])).toThrow(/rotate must be .*\[3, 1\]/);
    expect(() => t.randomShear(90)).toThrow(/shear/);
    expect(() => t.elasticDistortion({ alpha: 1, sigma: 0 })(images, key(0))).toThrow(/sigma/);
  });
});

describe("random parameters", () => {
  it("of a translation cover their limits evenly", () => {
    const many = shifted(2, 2).expandDims(0).broadcastTo([4000, 5, 5, 1]);
    const out = t.randomTranslation([1, 0])(many, key(0));
    const place = out
      .slice([[], [2, 3]])
      .reshape([4000, 5])
      .mul(tensor([-2, -1, 0, 1, 2]))
      .sum(1);
    const moves = place.toArray() as number[];
    expect(Math.min(...moves)).toBeGreaterThanOrEqual(-1.001);
    expect(Math.max(...moves)).toBeLessThanOrEqual(1.001);
    expect(Math.abs(moves.reduce((a, b) => a + b) / 4000)).toBeLessThan(0.05);
    const spread = moves.reduce((a, b) => a + b * b, 0) / 4000;
    expect(Math.abs(spread - 1 / 3)).toBeLessThan(0.03);
  });

  /** Images whose channels are rows and columns from the centre: what comes out says where it was. */
  const places = (n: number, size: number): Tensor => {
    const line = tensor(Array.from({ length: size }, (_, i) => i - (size - 1) / 2));
    const rows = line.reshape([size, 1, 1]).broadcastTo([size, size, 1]);
    const columns = line.reshape([1, size, 1]).broadcastTo([size, size, 1]);
    return concat([rows, columns], 2).expandDims(0).broadcastTo([n, size, size, 2]);
  };
  /** Of each image the row and column that its pixel so far down and across of the centre comes from. */
  const origin = (out: Tensor, down: number, across: number): number[][] => {
    const [n, h, w] = out.shape;
    const [i, j] = [(h - 1) / 2 + down, (w - 1) / 2 + across];
    return out
      .slice([[], [i, i + 1], [j, j + 1]])
      .reshape([n, 2])
      .toArray() as number[][];
  };
  const evenly = (drawn: number[], least: number, most: number): number =>
    kolmogorov(drawn, (x) => Math.min(1, Math.max(0, (x - least) / (most - least))));
  const degrees = 180 / Math.PI;

  it("of turns, leans and sizes are uniform within the limits that are given, in degrees and factors", () => {
    const n = 1500;
    const out = t.randomAffine({ rotate: 30, shear: [-20, 5], scale: [0.7, 1.4], aspect: 0.3 })(
      places(n, 9),
      key(5),
    );
    // The way back is y = (sin·u + cos·v) / sy, x = ((cos + k sin)·u + (k cos − sin)·v) / sx.
    const [right, below] = [origin(out, 0, 1), origin(out, 1, 0)];
    const drawn = right.map(([y1, x1], i) => {
      const [y2, x2] = below[i];
      const [angle, sy] = [Math.atan2(y1, y2), 1 / Math.hypot(y1, y2)];
      const [sin, cos] = [Math.sin(angle), Math.cos(angle)];
      const sx = 1 / (x1 * cos - x2 * sin);
      const lean = Math.atan((x1 * sin + x2 * cos) * sx);
      return [angle * degrees, lean * degrees, Math.sqrt(sx * sy), sx / sy];
    });
    const limits = [
      [-30, 30],
      [-20, 5],
      [0.7, 1.4],
      [0.7, 1.3],
    ];
    limits.forEach(([least, most], k) => {
      const found = drawn.map((all) => all[k]);
      expect(evenly(found, least, most)).toBeLessThan(kolmogorovLimit);
      expect(Math.min(...found)).toBeGreaterThan(least - 1e-3);
      expect(Math.max(...found)).toBeLessThan(most + 1e-3);
    });
  });

  it("of each transform by itself are those of its name", () => {
    const n = 600;
    const of = (transform: t.Transform) => {
      const out = transform(places(n, 9), key(6));
      return [origin(out, 0, 1), origin(out, 1, 0), origin(out, 0, 0)];
    };
    const [turned] = of(t.randomRotation(40));
    const angles = turned.map(([y, x]) => Math.atan2(y, x) * degrees);
    expect(evenly(angles, -40, 40)).toBeLessThan(kolmogorovLimit);
    const [, leant] = of(t.randomShear([-20, 0]));
    const leans = leant.map(([, x]) => Math.atan(x) * degrees);
    expect(evenly(leans, -20, 0)).toBeLessThan(kolmogorovLimit);
    const [nearer] = of(t.randomZoom([0.5, 2]));
    const sizes = nearer.map(([, x]) => 1 / x);
    expect(evenly(sizes, 0.5, 2)).toBeLessThan(kolmogorovLimit);
    const [, , moved] = of(t.randomTranslation([2, [-1, 0]]));
    const [across, down] = [moved.map(([, x]) => -x), moved.map(([y]) => -y)];
    expect(evenly(across, -2, 2)).toBeLessThan(kolmogorovLimit);
    expect(evenly(down, -1, 0)).toBeLessThan(kolmogorovLimit);
  });

  it("of a resized crop are its area, its shape and its place", () => {
    const [n, size, to] = [800, 32, 8];
    const crop = t.randomResizedCrop(to, { area: [0.2, 0.5] });
    const out = crop(places(n, size), key(7)).toArray() as number[][][][];
    const boxes = out.map((rows) => {
      const [height, width] = [rows[4][4][0] - rows[3][4][0], rows[4][4][1] - rows[4][3][1]];
      const [h, w] = [height * to, width * to];
      // The middle of the box, from the middle of the image.
      const [y, x] = [(rows[3][4][0] + rows[4][4][0]) / 2, (rows[4][3][1] + rows[4][4][1]) / 2];
      return [(h * w) / size ** 2, Math.log(w / h), (2 * y) / (size - h), (2 * x) / (size - w)];
    });
    const limits = [
      [0.2, 0.5],
      [Math.log(3 / 4), Math.log(4 / 3)],
      [-1, 1],
      [-1, 1],
    ];
    limits.forEach(([least, most], k) =>
      expect(
        evenly(
          boxes.map((box) => box[k]),
          least,
          most,
        ),
      ).toBeLessThan(kolmogorovLimit),
    );
  });

  it("of an elastic distortion move pixels as far as its field says", () => {
    const out = t.elasticDistortion({ alpha: 34, sigma: 4 })(places(60, 41), key(8));
    const middle = out.sub(places(60, 41)).slice([[], [14, 27], [14, 27]]);
    const std = Math.sqrt(middle.square().mean().item());
    expect(Math.abs(std / (34 / Math.sqrt(3) / (2 * Math.sqrt(Math.PI) * 4)) - 1)).toBeLessThan(
      0.1,
    );
  });

  it("of an elastic field are smooth and as large as theory says", () => {
    const [dy, dx] = elasticField(key(1), [200, 28, 28], { alpha: 34, sigma: 4 });
    // In the middle: 34 · √⅓ / (2 √π · 4), were the Gaussian not cut off.
    for (const d of [dy, dx]) {
      const middle = d.slice([[], [12, 16], [12, 16]]);
      const std = Math.sqrt(middle.square().mean().item());
      expect(Math.abs(std / (34 / Math.sqrt(3) / (2 * Math.sqrt(Math.PI) * 4)) - 1)).toBeLessThan(
        0.15,
      );
      const step = d.slice([[], [1, 28]]).sub(d.slice([[], [0, 27]]));
      expect(step.abs().max().item()).toBeLessThan(2);
    }
    expect(dy.mul(dx).mean().item()).toBeLessThan(0.2);
  });
});

describe("resize", () => {
  it("keeps constants, and means by area", () => {
    const flat = images.mul(0).add(3);
    for (const options of [{}, { antialias: false }, { method: "area" as const }])
      for (const size of [1, 4, [20, 3]] as const)
        expect(furthest(t.resize(size, options)(flat), tensor(3))).toBeLessThan(1e-5);
    const small = t.resize([4, 3], { method: "area" })(images);
    expect(Math.abs(small.mean().item() - images.mean().item())).toBeLessThan(1e-6);
    expect(() => t.resize(0)).toThrow(/whole number of pixels ≥ 1/);
    expect(() => t.resize(3, { method: "cubic" as never })).toThrow(/"bilinear" or "area"/);
  });
});

describe("crops", () => {
  it("are parts of the image, of its type", () => {
    const x = tensor(
      Uint8Array.from({ length: 30 }, (_, i) => i),
      { shape: [5, 6, 1] },
    );
    const part = t.crop(1, 2, [2, 3])(x);
    expect([part.dtype, values(part)]).toEqual(["u8", [8, 9, 10, 14, 15, 16]]);
    expect(values(t.centerCrop([1, 2])(x))).toEqual([14, 15]);
    expect(values(t.centerCrop([2, 1])(x))).toEqual([8, 14]);
    expect(() => t.crop(4, 0, 2)(x)).toThrow(/do not lie within images of 5×6/);
    expect(() => t.centerCrop(7)(x)).toThrow(/do not lie/);
    expect(() => t.randomCrop(7)(x, key(0))).toThrow(/cannot be had from 5×6/);
  });

  it("at random are each equally likely, and each is a part that is there", () => {
    const x = tensor(
      Int32Array.from({ length: 12 }, (_, i) => i + 1),
      { shape: [1, 3, 4, 1] },
    );
    const out = t.randomCrop(2, { padding: 1 })(x.broadcastTo([4000, 3, 4, 1]), key(3));
    expect(out.dtype).toBe("i32");
    const counts = new Map<string, number>();
    for (const row of out.reshape([4000, 4]).toArray())
      counts.set(String(row), (counts.get(String(row)) ?? 0) + 1);
    const padded = (i: number, j: number): number =>
      i < 1 || i > 3 || j < 1 || j > 4 ? 0 : (i - 1) * 4 + j;
    const possible = new Set<string>();
    for (let i = 0; i < 4; i++)
      for (let j = 0; j < 5; j++)
        possible.add(
          String([padded(i, j), padded(i, j + 1), padded(i + 1, j), padded(i + 1, j + 1)]),
        );
    expect(new Set(counts.keys())).toEqual(possible);
    for (const count of counts.values()) expect(Math.abs(count - 200)).toBeLessThan(70);
  });

  it("of a part as large as the image are the image, resized", () => {
    const whole = t.randomResizedCrop([4, 4], { area: [1, 1], aspect: [1, 1] });
    const square = images.slice([[], [0, 8]]);
    expect(furthest(whole(square, key(1)), t.resize(4, { antialias: false })(square))).toBeLessThan(
      1e-5,
    );
    expect(() => t.randomResizedCrop(3, { area: [0.5, 2] })).toThrow(/at most 1/);
  });
});

describe("erasing and noise", () => {
  it("blot out one rectangle, of the right area", () => {
    const ones = images
      .slice([[0, 1]])
      .mul(0)
      .add(1)
      .broadcastTo([300, 9, 8, 2]);
    const out = t.randomErasing({ probability: 1, area: [0.25, 0.25], aspect: [1, 1] })(
      ones,
      key(2),
    );
    for (const image of out.toArray() as number[][][][]) {
      const rows = image.flatMap((row, i) => (row.some(([v]) => v === 0) ? [i] : []));
      const columns = image[0].flatMap((_, j) => (image.some((row) => row[j][0] === 0) ? [j] : []));
      expect([rows.length, columns.length]).toEqual([4, 4]);
      expect([rows[3] - rows[0], columns[3] - columns[0]]).toEqual([3, 3]);
      expect(image.flat(2).filter((v) => v === 0).length).toBe(4 * 4 * 2);
    }
    const tops = new Set(
      (out.toArray() as number[][][][]).map((image) =>
        image.findIndex((row) => row.flat().includes(0)),
      ),
    );
    expect(tops.size).toBe(6);
    const some = t.randomErasing({ probability: 0.3 })(ones, key(9)).reshape([300, -1]).min(1);
    const erased = values(some).filter((least) => least === 0).length;
    expect(Math.abs(erased - 90)).toBeLessThan(32);
    const u8 = t.randomErasing({ value: 7 })(images.mul(255).cast("u8"), key(0));
    expect(u8.dtype).toBe("u8");
    expect(values(t.randomErasing({ probability: 0 })(images, key(0)))).toEqual(values(images));
  });

  it("have the share and the spread they are told", () => {
    const grey = images
      .mul(0)
      .add(0.5)
      .slice([[0, 1]])
      .broadcastTo([200, 9, 8, 2]);
    const out = t.saltAndPepper(0.4)(grey, key(1));
    const share = (v: number): number => values(out).filter((x) => x === v).length / out.size;
    expect(Math.abs(share(0) - 0.2)).toBeLessThan(0.02);
    expect(Math.abs(share(1) - 0.2)).toBeLessThan(0.02);
    const [a, b] = [out.slice([[], [], [], [0, 1]]), out.slice([[], [], [], [1, 2]])];
    expect(furthest(a, b)).toBe(0);
    const noise = t.gaussianNoise(0.3)(grey, key(1)).sub(0.5);
    expect(Math.abs(Math.sqrt(noise.square().mean().item()) - 0.3)).toBeLessThan(0.01);
    expect(() => t.gaussianNoise(-1)).toThrow(/std/);
  });
});

describe("putting together", () => {
  it("composes in order, with keys by number", () => {
    const [a, b] = [t.gaussianNoise(0.1), t.randomRotation(20)];
    const by = (i: number) => random.foldIn(key(1), i);
    expect(values(t.compose(a, b)(images, key(1)))).toEqual(values(b(a(images, by(0)), by(1))));
    const fixed: t.FixedTransform = t.compose(t.resize(4), t.flipHorizontal);
    expect(fixed(images).shape).toEqual([6, 4, 4, 2]);
    expect(values(t.compose()(images))).toEqual(values(images));
  });

  it("applies to some images, not to others", () => {
    const minus = (x: Tensor) => x.neg();
    const many = images.slice([[0, 1]]).broadcastTo([1000, 9, 8, 2]);
    const first = t
      .randomApply(minus, 0.25)(many, key(1))
      .reshape([1000, -1])
      .slice([[], [0, 1]]);
    const changed = values(first).filter((x) => x < 0).length;
    expect(Math.abs(changed - 250)).toBeLessThan(60);
    expect(() => t.randomApply(t.resize(3), 0.5)(images, key(0))).toThrow(
      /both must have one shape/,
    );
  });

  it("works on plain arrays and on a loader's batches", async () => {
    const data = Uint8Array.from({ length: 2 * 4 * 4 }, (_, i) => 8 * i);
    const blur = t.onArrays(t.randomRotation(10));
    const out = await blur({ data, shape: [2, 4, 4, 1] }, key(3));
    const same = t.randomRotation(10)(tensor(data, { shape: [2, 4, 4, 1] }), key(3));
    expect(out).toEqual({ data: await same.data(), shape: [2, 4, 4, 1], dtype: "f32" });
    const set = dataset({ x: images, y: [0, 1, 2, 3, 4, 5] });
    const loader = new DataLoader(set, {
      batchSize: 3,
      transforms: [t.forBatches(t.randomFlip())],
    });
    for await (const { x, y } of loader.epoch(0))
      expect([x.shape, y.shape]).toEqual([[3, 9, 8, 2], [3]]);
  });
});
