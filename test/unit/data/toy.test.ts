import { random, ShapeError, svd, tensor, type Tensor, ValueError } from "inkgrad";
import { lengthOf, requireDataset, toy, trainTestSplit } from "inkgrad/data";
import { describe, expect, it } from "vitest";
import { exponential, logarithm, onCircle } from "@src/data/toy/exact.js";
import { draws } from "@src/data/toy/draws.js";
import {
  chiSquared,
  countsOf,
  equally,
  kolmogorov,
  kolmogorovLimit,
  moments,
  normalCdf,
} from "../../support/statistics.js";

const key = random.key(11);
const f64 = { dtype: "f64" } as const;
const rowsOf = (x: Tensor): number[][] => x.toArray() as number[][];
const list = (x: Tensor): number[] => x.toArray() as number[];
const column = (x: Tensor, k: number): number[] => rowsOf(x).map((row) => row[k]);
const radius = ([x, y]: readonly number[]): number => Math.hypot(x, y);
/** Singular values, falling. */
const spectrum = (x: Tensor): number[] => list(svd(x)[1]);
const rank = (x: number[][]): number => {
  const sizes = spectrum(tensor(x, f64));
  return sizes.filter((v) => v > 1e-9 * sizes[0]).length;
};

type Made = { x: Tensor; y: Tensor; name: string };
const makers: Record<string, (options: any) => Made> = {
  classification: toy.classification,
  moons: (o) => toy.moons({ noise: 0.1, ...o }),
  circles: (o) => toy.circles({ noise: 0.1, ...o }),
  blobs: toy.blobs,
  xor: toy.xor,
  spirals: (o) => toy.spirals({ noise: 0.1, ...o }),
  regression: (o) => toy.regression({ noise: 1, ...o }),
};

it("every maker is tested", () => {
  expect(Object.keys(makers).sort()).toEqual(Object.keys(toy).sort());
});

describe.each(Object.entries(makers))("%s", (name, make) => {
  it("gives a data set of as many rows as asked for, 100 if nothing is said", () => {
    for (const n of [100, 1, 7, 64]) {
      const data = n === 100 ? make({}) : make({ n });
      requireDataset(data, "test");
      expect([data.name, lengthOf(data), data.y.shape]).toEqual([name, n, [n]]);
      expect(data.x.dtype).toBe("f32");
      expect(data.y.dtype).toBe(name === "regression" ? "f32" : "i32");
    }
    const { train, test } = trainTestSplit(make({}), { key });
    expect([lengthOf(train), lengthOf(test)]).toEqual([80, 20]);
  });

  it("gives the same for the same key, and other data for another", () => {
    expect(rowsOf(make({ key }).x)).toEqual(rowsOf(make({ key: random.key(11) }).x));
    expect(list(make({ key }).y)).toEqual(list(make({ key }).y));
    expect(rowsOf(make({ key }).x)).not.toEqual(rowsOf(make({ key: random.key(12) }).x));
    expect(rowsOf(make({}).x)).toEqual(rowsOf(make({ key: random.key(0) }).x));
  });

  it("has the same rows in order or not, and in f64 what rounds to f32", () => {
    if (name !== "classification" && name !== "regression") {
      const sorted = (data: Made): string[] =>
        rowsOf(data.x)
          .map((row, i) => [...row, list(data.y)[i]].join())
          .sort();
      const plain = make({ key, shuffle: false });
      expect(sorted(make({ key }))).toEqual(sorted(plain));
      expect(list(plain.y)).toEqual([...list(plain.y)].sort((a, b) => a - b));
      expect(list(make({ key }).y)).not.toEqual(list(plain.y));
    }
    const wide = make({ key, ...f64 }).x;
    expect(wide.dtype).toBe("f64");
    expect(rowsOf(wide.cast("f32"))).toEqual(rowsOf(make({ key }).x));
  });

  it("refuses numbers of rows and types that make no sense", () => {
    expect(() => make({ n: 0 })).toThrow(ShapeError);
    expect(() => make({ n: 2.5 })).toThrow(new RegExp(`^${name}: n must be a whole number`));
    expect(() => make({ dtype: "i32" })).toThrow(/dtype/);
    if (name !== "classification" && name !== "blobs")
      expect(() => make({ noise: -1 })).toThrow(/noise must be a finite number ≥ 0/);
  });
});

describe("the shapes in the plane", () => {
  it("moons are half circles of radius 1 about (0, 0) and (1, ½), above and below", () => {
    const { x, y } = toy.moons({ n: 200, key, ...f64 });
    const classes = list(y);
    expect(countsOf(classes, 2)).toEqual([100, 100]);
    rowsOf(x).forEach(([a, b], i) => {
      const centred = classes[i] === 0 ? [a, b] : [1 - a, 0.5 - b];
      expect(Math.abs(radius(centred) - 1)).toBeLessThan(1e-14);
      expect(centred[1]).toBeGreaterThanOrEqual(-1e-15);
    });
    expect(countsOf(list(toy.moons({ n: [5, 30] }).y), 2)).toEqual([5, 30]);
    const ends = rowsOf(toy.moons({ n: [2, 2], shuffle: false, ...f64 }).x);
    expect(ends.flat().map((v) => Math.round(v * 1e12) / 1e12 + 0)).toEqual([
      1, 0, -1, 0, 0, 0.5, 2, 0.5,
    ]);
  });

  it("circles have radius 1 and `factor`, points at equal angles", () => {
    const { x, y } = toy.circles({ n: 80, factor: 0.3, shuffle: false, ...f64 });
    const classes = list(y);
    rowsOf(x).forEach((p, i) => expect(radius(p)).toBeCloseTo(classes[i] === 0 ? 1 : 0.3, 14));
    const angles = rowsOf(x)
      .slice(0, 40)
      .map(([a, b]) => Math.atan2(b, a) / (2 * Math.PI));
    angles.forEach((angle, i) => expect((angle + 1) % 1).toBeCloseTo(i / 40, 12));
    for (const factor of [1, -0.1, NaN]) expect(() => toy.circles({ factor })).toThrow(ValueError);
  });

  it("spirals go round, each arm turned by its share, the radius growing evenly", () => {
    const { x, y } = toy.spirals({ n: 90, classes: 3, turns: 1.5, shuffle: false, ...f64 });
    const classes = list(y);
    rowsOf(x).forEach((p, i) => {
      const r = ((i % 30) + 1) / 30;
      expect(radius(p)).toBeCloseTo(r, 12);
      const turned = Math.atan2(p[1], p[0]) / (2 * Math.PI) - 1.5 * r - classes[i] / 3;
      expect(Math.abs(turned - Math.round(turned))).toBeLessThan(1e-12);
    });
    expect(() => toy.spirals({ classes: 1 })).toThrow(/classes/);
    expect(() => toy.spirals({ n: [3, 3], classes: 3 })).toThrow(/each of 3 classes/);
  });

  it("xor has class 1 where the signs differ, and each corner as often", () => {
    const { x, y } = toy.xor({ n: 40, noise: 0 });
    const classes = list(y);
    const corners = rowsOf(x).map(([a, b], i) => {
      expect([Math.abs(a), Math.abs(b)]).toEqual([1, 1]);
      expect(classes[i]).toBe(Number(a !== b));
      return Number(a > 0) + 2 * Number(b > 0);
    });
    expect(countsOf(corners, 4)).toEqual([10, 10, 10, 10]);
  });

  it("noise is normal, of the deviation asked for, and leaves the points where they were", () => {
    const still = rowsOf(toy.moons({ n: 4000, key, shuffle: false, ...f64 }).x).flat();
    const moved = rowsOf(toy.moons({ n: 4000, key, noise: 0.2, shuffle: false, ...f64 }).x).flat();
    const noise = moved.map((v, i) => (v - still[i]) / 0.2);
    expect(kolmogorov(noise, normalCdf)).toBeLessThan(kolmogorovLimit);
    const { mean, variance } = moments(noise);
    expect(Math.abs(mean)).toBeLessThan(0.04);
    expect(Math.abs(variance - 1)).toBeLessThan(0.06);
  });
});

describe("blobs", () => {
  it("lie about their centres with the deviations asked for, in any number of dimensions", () => {
    const centers = [
      [0, 5, 1],
      [-3, 0, 2],
    ];
    const std = [0.5, 2];
    const made = toy.blobs({ n: [3000, 1500], centers, std, key, ...f64 });
    expect(made.x.shape).toEqual([4500, 3]);
    expect(rowsOf(made.centers)).toEqual(centers);
    const y = list(made.y);
    for (const c of [0, 1])
      for (const k of [0, 1, 2]) {
        const z = column(made.x, k)
          .filter((_, i) => y[i] === c)
          .map((v) => (v - centers[c][k]) / std[c]);
        expect(z.length).toBe([3000, 1500][c]);
        expect(kolmogorov(z, normalCdf)).toBeLessThan(kolmogorovLimit);
      }
  });

  it("have centres at random within the box, the first classes one row more", () => {
    const { centers, y } = toy.blobs({ n: 11, centers: 4, features: 5, box: [2, 3], key });
    expect(centers.shape).toEqual([4, 5]);
    expect(
      rowsOf(centers)
        .flat()
        .every((v) => v >= 2 && v < 3),
    ).toBe(true);
    expect(countsOf(list(y), 4)).toEqual([3, 3, 3, 2]);
  });

  it("refuse what does not fit together", () => {
    expect(() => toy.blobs({ n: [1, 2], centers: 3 })).toThrow(/each of 3 classes/);
    expect(() => toy.blobs({ std: [1, 2] })).toThrow(/2 standard deviations for 3/);
    expect(() => toy.blobs({ std: -1 })).toThrow(ValueError);
    expect(() => toy.blobs({ box: [1, 1] })).toThrow(/box/);
    expect(() => toy.blobs({ centers: [[1, 2], [1]] })).toThrow(/center 1 has 1/);
    expect(() => toy.blobs({ centers: [[NaN, 2]] })).toThrow(/finite/);
    expect(() => toy.blobs({ features: 3, centers: [[1, 2]] })).toThrow(/expected 3/);
  });
});

describe("classification", () => {
  const options = { n: 2000, key, ...f64 };

  it("has the shares asked for, within one row", () => {
    const shares = [0.7, 0.2, 0.1];
    const sizes = { ...options, classes: 3, informative: 4, flipY: 0 };
    for (const weights of [shares, shares.slice(0, 2)])
      expect(countsOf(list(toy.classification({ ...sizes, weights }).y), 3)).toEqual([
        1400, 400, 200,
      ]);
    expect(
      countsOf(list(toy.classification({ ...sizes, n: 101, weights: [1, 0, 0] }).y), 3),
    ).toEqual([101, 0, 0]);
    const even = countsOf(list(toy.classification({ ...sizes, n: 101 }).y), 3);
    expect(even.sort()).toEqual([33, 34, 34]);
  });

  it("flips the share of labels asked for, half of them to what they were", () => {
    const still = list(toy.classification({ ...options, flipY: 0 }).y);
    const flipped = list(toy.classification({ ...options, flipY: 0.3 }).y);
    const changed = still.filter((c, i) => c !== flipped[i]).length / 2000;
    expect(Math.abs(changed - 0.15)).toBeLessThan(0.03);
    expect(rowsOf(toy.classification({ ...options, flipY: 0 }).x)).toEqual(
      rowsOf(toy.classification({ ...options, flipY: 0.3 }).x),
    );
    const random4 = toy.classification({
      ...options,
      flipY: 1,
      classes: 4,
      informative: 3,
      weights: [1, 0, 0],
    });
    expect(chiSquared(countsOf(list(random4.y), 4), equally(4))).toBeLessThan(1);
  });

  it("has columns of each kind, and says which", () => {
    const kinds = { features: 12, informative: 4, redundant: 3, repeated: 2 };
    const { x, columns } = toy.classification({ ...options, ...kinds });
    expect(Object.values(columns).map((c) => c.length)).toEqual([4, 3, 2, 3]);
    expect(
      Object.values(columns)
        .flat()
        .sort((a, b) => a - b),
    ).toEqual(Array.from({ length: 12 }, (_, k) => k));
    const pick = (ks: readonly number[]): number[][] =>
      rowsOf(x).map((row) => ks.map((k) => row[k]));
    const { informative, redundant, repeated, noise } = columns;
    expect(rank(pick([...informative, ...redundant]))).toBe(4);
    expect(rank(pick([...informative, ...noise]))).toBe(7);
    for (const k of repeated) {
      const twins = [...informative, ...redundant].filter(
        (j) => column(x, j).join() === column(x, k).join(),
      );
      expect(twins.length).toBe(1);
    }
    for (const k of noise)
      expect(kolmogorov(column(x, k), normalCdf)).toBeLessThan(kolmogorovLimit);
    const ordered = toy.classification({ ...options, ...kinds, shuffle: false }).columns;
    expect(ordered.redundant).toEqual([4, 5, 6]);
  });

  it("is told apart by the informative columns, the better the farther, and not by noise", () => {
    // By the nearest of the clouds' corners: the one cloud of each class lies about one of two.
    const accuracyOf = (classSep: number, kind: "informative" | "noise"): number => {
      const made = toy.classification({ ...options, classSep, flipY: 0, clustersPerClass: 1 });
      const y = list(made.y);
      const rows = rowsOf(made.x).map((row) => made.columns[kind].map((k) => row[k]));
      const middle = (c: number): number[] =>
        rows[0].map((_, k) => moments(rows.filter((_, i) => y[i] === c).map((row) => row[k])).mean);
      const centres = [middle(0), middle(1)];
      const near = (row: number[], c: number): number =>
        Math.hypot(...row.map((v, k) => v - centres[c][k]));
      return rows.filter((row, i) => Number(near(row, 1) < near(row, 0)) === y[i]).length / 2000;
    };
    expect(accuracyOf(3, "informative")).toBeGreaterThan(0.98);
    expect(accuracyOf(1, "informative")).toBeGreaterThan(accuracyOf(0.3, "informative") + 0.05);
    expect(Math.abs(accuracyOf(3, "noise") - 0.5)).toBeLessThan(0.06);
  });

  it("puts clouds at different corners, or in a squeezed box, and moves and stretches columns", () => {
    const few = {
      n: 64,
      features: 6,
      informative: 6,
      redundant: 0,
      classes: 4,
      flipY: 0,
      clustersPerClass: 16,
      key,
      ...f64,
    };
    // One row a cloud, and so far apart that its corner is seen.
    const far = rowsOf(toy.classification({ ...few, classSep: 1000 }).x);
    expect(new Set(far.map((row) => row.map((v) => Number(v > 0)).join())).size).toBe(64);
    const squeezed = rowsOf(toy.classification({ ...few, classSep: 1000, hypercube: false }).x);
    expect(Math.max(...squeezed.flat().map(Math.abs))).toBeLessThan(1005);
    expect(moments(squeezed.flat()).variance).toBeLessThan(0.5 * moments(far.flat()).variance);
    const [plain, moved, wild] = [{}, { shift: 5, scale: 2 }, { shift: null, scale: null }].map(
      (more) => rowsOf(toy.classification({ ...few, ...more }).x).flat(),
    );
    moved.forEach((v, i) => expect(v).toBeCloseTo((plain[i] + 5) * 2, 12));
    expect(moments(wild).variance).toBeGreaterThan(100 * moments(plain).variance);
  });

  it("refuses what cannot be", () => {
    const { classification } = toy;
    expect(() => classification({ features: 3 })).toThrow(/more than the 3 features/);
    expect(() => classification({ classes: 3 })).toThrow(/3 classes of 2 clusters.* have 4/);
    expect(() => classification({ weights: [0.5, 0.6] })).toThrow(/sum to 1/);
    expect(() => classification({ weights: [1.2] })).toThrow(ValueError);
    expect(() => classification({ weights: [1, 0, 0] })).toThrow(/each of 2 classes/);
    expect(() => classification({ flipY: 1.1 })).toThrow(/flipY must be from 0 to 1/);
    expect(() => classification({ classSep: NaN })).toThrow(/classSep/);
    expect(() => classification({ scale: Infinity })).toThrow(/scale/);
    expect(() => classification({ redundant: -1 })).toThrow(/redundant/);
  });
});

describe("regression", () => {
  it("without noise is x · coef + bias, of as many columns as informative", () => {
    const { x, y, coef, bias } = toy.regression({
      n: 50,
      features: 8,
      informative: 3,
      bias: 7,
      key,
      ...f64,
    });
    const c = list(coef);
    expect(c.filter((v) => v !== 0).length).toBe(3);
    expect(c.every((v) => v >= 0 && v < 100)).toBe(true);
    const want = rowsOf(x).map((row) => row.reduce((sum, v, k) => sum + v * c[k], bias));
    list(y).forEach((v, i) => expect(v).toBeCloseTo(want[i], 10));
    expect(kolmogorov(rowsOf(x).flat(), normalCdf)).toBeLessThan(kolmogorovLimit);
  });

  it("has noise of the deviation asked for, and several targets", () => {
    const sizes = { n: 3000, features: 5, key, ...f64 };
    const [still, noisy] = [0, 2].map((noise) => list(toy.regression({ ...sizes, noise }).y));
    const noise = noisy.map((v, i) => (v - still[i]) / 2);
    expect(kolmogorov(noise, normalCdf)).toBeLessThan(kolmogorovLimit);
    const many = toy.regression({ ...sizes, targets: 2 });
    expect([many.y.shape, many.coef.shape]).toEqual([
      [3000, 2],
      [5, 2],
    ]);
    const told = many.x.matmul(many.coef as never) as Tensor;
    expect(Number(told.sub(many.y).abs().max().item())).toBeLessThan(1e-9);
  });

  it("of low rank has singular values that fall as said", () => {
    const { x } = toy.regression({
      n: 30,
      features: 12,
      effectiveRank: 3,
      tailStrength: 0.2,
      key,
      ...f64,
    });
    const found = spectrum(x);
    found.forEach((value, i) => {
      const want = 0.8 * Math.exp(-((i / 3) ** 2)) + 0.2 * Math.exp((-0.1 * i) / 3);
      expect(value).toBeCloseTo(want, 12);
    });
    expect(() => toy.regression({ effectiveRank: 0 })).toThrow(/effectiveRank/);
    expect(() => toy.regression({ tailStrength: 2 })).toThrow(/tailStrength/);
    expect(() => toy.regression({ bias: NaN })).toThrow(/bias/);
  });
});

describe("the functions they are made of", () => {
  it("are those of Math to the last digits", () => {
    for (let i = 0; i < 2000; i++) {
      const t = i / 2000 - 0.5;
      const [c, s] = onCircle(t);
      expect(Math.abs(c - Math.cos(2 * Math.PI * t))).toBeLessThan(8e-16);
      expect(Math.abs(s - Math.sin(2 * Math.PI * t))).toBeLessThan(8e-16);
      expect(onCircle(i / 512 - 5)).toEqual(onCircle(i / 512));
      const x = 10 ** (t * 24);
      expect(Math.abs(logarithm(x) - Math.log(x))).toBeLessThan(
        4e-16 * Math.max(1, Math.abs(Math.log(x))),
      );
      const e = -(i ** 2) / 8000;
      expect(Math.abs(exponential(e) / Math.exp(e) - 1)).toBeLessThan(1e-12);
    }
    expect([logarithm(1), exponential(0), exponential(-1000)]).toEqual([0, 1, 0]);
    expect([0, 0.25, 0.5, 0.75].map((t) => onCircle(t).map((v) => v + 0))).toEqual([
      [1, 0],
      [0, 1],
      [-1, 0],
      [0, -1],
    ]);
  });

  it("give normal and uniform numbers, other ones for each purpose", () => {
    const { normal, uniform } = draws(key, "points");
    const z = Array.from({ length: 20_000 }, normal);
    expect(kolmogorov(z, normalCdf)).toBeLessThan(kolmogorovLimit);
    const u = Array.from({ length: 20_000 }, uniform);
    expect(kolmogorov(u, (x) => Math.min(Math.max(x, 0), 1))).toBeLessThan(kolmogorovLimit);
    expect(draws(key, "noise").uniform()).not.toBe(draws(key, "points").uniform());
  });

  it("give the same bits on every machine", () => {
    const { x, y } = toy.moons({ n: 4, noise: 0.1, key: random.key(7), ...f64 });
    expect(rowsOf(x)).toEqual([
      [2.100890278160755, 0.5087193838902354],
      [-1.075577097010912, -0.08603158942479108],
      [-0.08897565489671033, 0.34328346701007084],
      [0.961532314606269, 0.11355494472371144],
    ]);
    expect(list(y)).toEqual([1, 0, 1, 0]);
  });
});
