import { random, tensor } from "inkgrad";
import { dataset, head, kFold, requireDataset, subset, trainTestSplit } from "inkgrad/data";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

const sorted = (rows: ArrayLike<number>): number[] => Array.from(rows).sort((a, b) => a - b);
const range = (n: number): number[] => Array.from({ length: n }, (_, i) => i);

describe("dataset", () => {
  it("takes tensors as they are, typed arrays in their type and plain labels with names as i32", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const data = dataset({ x, y: [0, 2, 1], classes: ["a", "b", "c"], name: "three" });
    expect(data.x).toBe(x);
    expect([data.y.dtype, data.name]).toEqual(["i32", "three"]);
    expect(dataset({ x: new Uint8Array(3), y: [0.5, 1, 2] }).x.dtype).toBe("u8");
    expect(dataset({ x: new Uint8Array(3), y: [0.5, 1, 2] }).y.dtype).toBe("f32");
  });

  it("says what does not fit", () => {
    const x = [[1], [2]];
    expect(() => dataset({ x, y: [1] })).toThrow(/2 examples.*y has 1/);
    expect(() => dataset({ x: tensor(3), y: [1] })).toThrow(/x of "data" is a scalar/);
    expect(() => dataset({ x, y: [1, 2], weights: [1] })).toThrow(
      /weights of "data" must be \[2\]/,
    );
    expect(() => dataset({ x, y: [1, 2], weights: [1, -1] })).toThrow(/that of row 1 is -1/);
    expect(() => dataset({ x, y: [1, 2], weights: [NaN, 1] })).toThrow(/row 0 is NaN/);
    expect(() => dataset({ x, y: [0, 2], classes: ["a", "b"] })).toThrow(/y\[1\] is 2/);
    expect(() => dataset({ x, y: [0, 0.5], classes: ["a", "b"] })).toThrow(/y\[1\] is 0.5/);
    expect(() => dataset({ x: "no" as never, y: [1] })).toThrow(/x must be a tensor/);
    const data = dataset({ x, y: [1, 2] });
    expect(() => requireDataset(data, "fit", [28, -1])).toThrow(
      /has shape \[1\], expected \[28, -1\]/,
    );
    expect(() => requireDataset(data, "fit", [-1])).not.toThrow();
  });

  it("gives the rows that are asked for, with all that belongs to them", () => {
    const data = dataset({
      x: [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      y: [7, 8, 9],
      weights: [0.5, 1, 2],
    });
    const part = subset(data, [2, 0, -1]);
    expect(part.x.toArray()).toEqual([
      [5, 6],
      [1, 2],
      [5, 6],
    ]);
    expect(part.y.toArray()).toEqual([9, 7, 9]);
    expect(part.weights!.toArray()).toEqual([2, 0.5, 2]);
    expect(subset(data, tensor([1], { dtype: "i32" })).y.toArray()).toEqual([8]);
    expect(head(data, 2).y.toArray()).toEqual([7, 8]);
    expect(head(data, 9).y.toArray()).toEqual([7, 8, 9]);
    expect(() => subset(data, [3])).toThrow(/no row 3, only 0 to 2/);
    expect(() => subset(data, [0.5])).toThrow(/no row 0.5/);
  });
});

describe("trainTestSplit", () => {
  const x = range(10).map((i) => [i, -i]);

  it("keeps rows together, takes each once, and the same again for the same key", () => {
    const data = dataset({ x, y: range(10), weights: range(10) });
    const { train, test, rows } = trainTestSplit(data, { fraction: 0.3, key: random.key(4) });
    expect([train.x.shape, test.x.shape]).toEqual([
      [7, 2],
      [3, 2],
    ]);
    expect(test.x.toArray()).toEqual(Array.from(rows.test, (i) => [i, -i]));
    expect(train.weights!.toArray()).toEqual(train.y.toArray());
    expect(sorted([...rows.train, ...rows.test])).toEqual(range(10));
    expect(trainTestSplit(data, { fraction: 0.3, key: random.key(4) }).rows).toEqual(rows);
    expect(trainTestSplit(data, { fraction: 0.3, key: random.key(5) }).rows).not.toEqual(rows);
  });

  it("without a key takes the last rows, of arrays of any kind", () => {
    const { train, test } = trainTestSplit(
      [tensor(x), range(10).map(String), Int32Array.from(range(10))],
      {
        size: 2,
      },
    );
    expect(train[0].shape).toEqual([8, 2]);
    expect(test[0].toArray()).toEqual([
      [8, -8],
      [9, -9],
    ]);
    expect(test[1]).toEqual(["8", "9"]);
    expect(test[2]).toEqual(Int32Array.of(8, 9));
  });

  it("when stratified keeps every class' share within one example, for any labels and size", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 60 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.integer(),
        (labels, fraction, seed) => {
          const size = Math.round(labels.length * fraction);
          const options = { size, stratified: labels, key: random.key(seed) };
          const { rows } = trainTestSplit([labels], options);
          expect(rows.test.length).toBe(size);
          expect(sorted([...rows.train, ...rows.test])).toEqual(range(labels.length));
          for (const c of new Set(labels)) {
            const all = labels.filter((l) => l === c).length;
            const taken = Array.from(rows.test).filter((row) => labels[row] === c).length;
            expect(Math.abs(taken - (all * size) / labels.length)).toBeLessThan(1);
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("by y of a data set, which a plain split of sorted labels would not do", () => {
    const data = dataset({ x, y: [0, 0, 0, 0, 0, 0, 0, 0, 1, 1] });
    expect(trainTestSplit(data, { size: 5 }).test.y.toArray()).toEqual([0, 0, 0, 1, 1]);
    expect(trainTestSplit(data, { size: 5, stratified: true }).test.y.toArray()).toEqual([
      0, 0, 0, 0, 1,
    ]);
  });

  it("says what is wrong", () => {
    expect(() => trainTestSplit([x], { fraction: 1.5 })).toThrow(/between 0 and 1, got 1.5/);
    expect(() => trainTestSplit([x], { size: 11 })).toThrow(/from 0 to the 10 rows, got 11/);
    expect(() => trainTestSplit([x, [1]])).toThrow(/they have 10, 1/);
    expect(() => trainTestSplit([])).toThrow(/nothing to split/);
    expect(() => trainTestSplit([x], { stratified: true })).toThrow(/give the labels/);
    expect(() => trainTestSplit([x], { stratified: [1] })).toThrow(
      /1 labels to stratify by, and 10/,
    );
    expect(() => trainTestSplit([7 as never])).toThrow(/first axis, or arrays, got/);
  });
});

describe("kFold", () => {
  it("has every row in the test part of one fold and in the train part of the others", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 50 }),
        fc.integer({ min: 2, max: 10 }),
        fc.boolean(),
        fc.option(fc.integer({ min: 1, max: 4 })),
        (n, wanted, shuffled, classes) => {
          const folds = Math.min(n, wanted);
          const labels = classes === null ? undefined : range(n).map((i) => (i * i) % classes);
          const parts = kFold(n, {
            folds,
            ...(shuffled && { key: random.key(n) }),
            ...(labels && { stratified: labels }),
          });
          expect(parts.length).toBe(folds);
          expect(sorted(parts.flatMap(({ test }) => [...test]))).toEqual(range(n));
          const sizes = parts.map(({ test }) => test.length);
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1);
          for (const { train, test } of parts) {
            expect(sorted([...train, ...test])).toEqual(range(n));
            expect(Array.from(test)).toEqual(sorted(test));
            for (const c of new Set(labels)) {
              const all = labels!.filter((l) => l === c).length;
              const taken = Array.from(test).filter((row) => labels![row] === c).length;
              expect(Math.abs(taken - all / folds)).toBeLessThan(1);
            }
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it("cuts blocks in order without a key, and others with one", () => {
    const plain = kFold(7, { folds: 3 }).map(({ test }) => [...test]);
    expect(plain).toEqual([
      [0, 1, 2],
      [3, 4],
      [5, 6],
    ]);
    expect(kFold(7, { folds: 3, key: random.key(0) }).map(({ test }) => [...test])).not.toEqual(
      plain,
    );
    expect(kFold(7, { folds: 3, key: random.key(0) })).toEqual(
      kFold(7, { folds: 3, key: random.key(0) }),
    );
  });

  it("says what is wrong", () => {
    expect(() => kFold(3, { folds: 4 })).toThrow(/from 2 to the 3 rows, got 4/);
    expect(() => kFold(3, { folds: 1 })).toThrow(/got 1/);
    expect(() => kFold(-1)).toThrow(/≥ 0, got -1/);
    expect(() => kFold(3, { folds: 2, stratified: [1] })).toThrow(/1 labels/);
  });
});
