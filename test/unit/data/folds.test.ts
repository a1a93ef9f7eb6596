import fc from "fast-check";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { random, ShapeError, ValueError } from "inkgrad";
import {
  groupKFold,
  kFold,
  leaveOneGroupOut,
  leaveOneOut,
  repeatedKFold,
  stratifiedGroupKFold,
} from "inkgrad/data";

const golden = JSON.parse(
  readFileSync(new URL("../../golden/learn/folds.json", import.meta.url), "utf8"),
);
const tests = (folds: { test: Int32Array }[]) => folds.map(({ test }) => [...test]);

const someGroups = fc.array(fc.tuple(fc.integer({ min: 0, max: 12 }), fc.boolean()), {
  minLength: 10,
  maxLength: 60,
});

describe("folds by group", () => {
  it("are scikit-learn's", () => {
    for (const { groups, y, folds, group, stratified } of golden.cases) {
      expect(tests(groupKFold(groups, { folds }))).toEqual(group);
      expect(tests(stratifiedGroupKFold(y, groups, { folds }))).toEqual(stratified);
    }
  });

  it("part all rows, never a group", () => {
    fc.assert(
      fc.property(someGroups, fc.option(fc.nat(99)), (rows, seed) => {
        const groups = rows.map(([group]) => group);
        const count = new Set(groups).size;
        fc.pre(count >= 3);
        const options = { folds: 3, ...(seed !== null && { key: random.key(seed) }) };
        for (const folds of [
          groupKFold(groups, options),
          stratifiedGroupKFold(
            rows.map(([, y]) => y),
            groups,
            options,
          ),
          leaveOneGroupOut(groups),
        ]) {
          expect(
            tests(folds)
              .flat()
              .sort((a, b) => a - b),
          ).toEqual(groups.map((_, row) => row));
          for (const { train, test } of folds) {
            expect(train.length + test.length).toBe(groups.length);
            const inTest = new Set([...test].map((row) => groups[row]));
            expect([...train].some((row) => inTest.has(groups[row]))).toBe(false);
          }
        }
      }),
      { numRuns: 40 },
    );
  });

  it("are refused for too few groups, and lists of different lengths", () => {
    expect(() => groupKFold(["a", "a", "b"], { folds: 3 })).toThrow("from 2 to the 2 groups");
    expect(() => leaveOneGroupOut([1, 1, 1])).toThrow(ValueError);
    expect(() => stratifiedGroupKFold([1, 0], [1, 2, 3], { folds: 2 })).toThrow(ShapeError);
  });
});

describe("repeatedKFold", () => {
  it("parts the rows anew in every repeat, each time stratified", () => {
    const y = Array.from({ length: 30 }, (_, i) => i % 3);
    const folds = repeatedKFold(30, { folds: 5, repeats: 3, key: random.key(1), stratified: y });
    expect(folds).toHaveLength(15);
    for (let repeat = 0; repeat < 3; repeat++) {
      const own = tests(folds.slice(repeat * 5, repeat * 5 + 5));
      expect(own.flat().sort((a, b) => a - b)).toEqual(y.map((_, i) => i));
      for (const test of own)
        for (const c of [0, 1, 2]) expect(test.filter((row) => y[row] === c)).toHaveLength(2);
    }
    expect(tests(folds.slice(0, 5))).not.toEqual(tests(folds.slice(5, 10)));
    expect(() => repeatedKFold(9, { repeats: 0, key: random.key(1) })).toThrow(ValueError);
    expect(() => repeatedKFold(9, {} as never)).toThrow("needs a key");
  });
});

it("leaveOneOut tests each row by itself", () => {
  expect(tests(leaveOneOut(3))).toEqual([[0], [1], [2]]);
  expect([...leaveOneOut(3)[1].train]).toEqual([0, 2]);
  expect(tests(kFold(3, { folds: 3 }))).toEqual([[0], [1], [2]]);
  expect(() => leaveOneOut(1)).toThrow(ValueError);
});
