import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ShapeError } from "@src/base/errors.js";
import {
  assertShape,
  broadcastShapes,
  keptShape,
  normalizeAxes,
  normalizeAxis,
  positions,
  removeAxes,
  sameShape,
  show,
  sizeOf,
  stridesOf,
} from "@src/base/shape.js";

const sizes = fc.array(fc.nat(4), { maxLength: 4 });

describe("sizes and strides", () => {
  it("a scalar has one element and no strides", () => {
    expect(sizeOf([])).toBe(1);
    expect(stridesOf([])).toEqual([]);
    expect(show([])).toBe("[]");
  });

  it("an axis of size 0 leaves no elements", () => {
    expect(sizeOf([3, 0, 5])).toBe(0);
  });

  it("strides count the elements of the axes behind", () => {
    expect(stridesOf([2, 3, 4])).toEqual([12, 4, 1]);
    fc.assert(
      fc.property(sizes, (shape) => {
        const strides = stridesOf(shape);
        shape.forEach((_, i) => expect(strides[i]).toBe(sizeOf(shape.slice(i + 1))));
      }),
    );
  });

  it("shapes are the same only if every size is, and there are as many", () => {
    expect(sameShape([], [])).toBe(true);
    expect(sameShape([2, 3], [2, 3])).toBe(true);
    expect(sameShape([2, 3], [3, 2])).toBe(false);
    expect(sameShape([2], [2, 1])).toBe(false);
  });
});

describe("broadcasting", () => {
  it("aligns at the last axis and stretches ones", () => {
    expect(broadcastShapes([5, 1, 4], [3, 1])).toEqual([5, 3, 4]);
    expect(broadcastShapes([], [2, 3])).toEqual([2, 3]);
    expect(broadcastShapes([1], [0])).toEqual([0]);
    expect(broadcastShapes([0, 1], [3])).toEqual([0, 3]);
  });

  it("refuses sizes that differ, and says which", () => {
    expect(() => broadcastShapes([2, 3], [2, 4], "add")).toThrow(
      /^add: shapes \[2, 3\] and \[2, 4\] do not broadcast; sizes 3 and 4 of axis -1/,
    );
    expect(() => broadcastShapes([2], [0])).toThrow(ShapeError);
  });

  it("does not care about order, and a shape meets itself unchanged", () => {
    const attempt = (a: number[], b: number[]): unknown => {
      try {
        return broadcastShapes(a, b);
      } catch (error) {
        return (error as Error).constructor;
      }
    };
    fc.assert(
      fc.property(sizes, sizes, (a, b) => {
        expect(attempt(a, b)).toEqual(attempt(b, a));
        expect(broadcastShapes(a, a)).toEqual(a);
      }),
    );
  });
});

describe("axes", () => {
  it("are counted from the front or, negative, from the back", () => {
    expect(normalizeAxis(0, 3, "op")).toBe(0);
    expect(normalizeAxis(-1, 3, "op")).toBe(2);
    expect(normalizeAxis(-3, 3, "op")).toBe(0);
  });

  it("out of range are refused with the range", () => {
    expect(() => normalizeAxis(3, 3, "sum")).toThrow(
      "sum: axis 3 is out of range for a tensor with 3 axes; use -3 to 2",
    );
    expect(() => normalizeAxis(-2, 1, "sum")).toThrow(
      "sum: axis -2 is out of range for a tensor with 1 axis; use -1 to 0",
    );
    expect(() => normalizeAxis(0, 0, "sum")).toThrow("a scalar has none");
  });

  it("that are no whole numbers are refused", () => {
    for (const axis of [0.5, NaN, Infinity, "0", null, undefined])
      expect(() => normalizeAxis(axis as number, 2, "sum"), String(axis)).toThrow(ShapeError);
  });

  it("come in ascending order, all of them by default, none twice", () => {
    expect(normalizeAxes(undefined, 3, "sum")).toEqual([0, 1, 2]);
    expect(normalizeAxes([-1, 0], 3, "sum")).toEqual([0, 2]);
    expect(normalizeAxes(1, 3, "sum")).toEqual([1]);
    expect(normalizeAxes([], 3, "sum")).toEqual([]);
    expect(() => normalizeAxes([1, -1], 2, "sum")).toThrow("sum: axis 1 is given twice");
  });

  it("that are neither a number nor a list of them are refused", () => {
    for (const axes of ["0", null, {}, [0.5], [null]])
      expect(() => normalizeAxes(axes as number, 2, "sum"), JSON.stringify(axes)).toThrow(
        ShapeError,
      );
  });

  it("leave the shape, or stay with size 1", () => {
    expect(removeAxes([2, 3, 4], [0, 2])).toEqual([3]);
    expect(keptShape([2, 3, 4], [0, 2])).toEqual([1, 3, 1]);
  });
});

describe("a shape from outside", () => {
  it("is a list of whole numbers ≥ 0", () => {
    for (const good of [[], [0], [2, 3]]) expect(() => assertShape(good, "zeros")).not.toThrow();
    for (const bad of [[-1], [1.5], [NaN], [Infinity], ["2"], [null], [2 ** 53], 3, "2", null, {}])
      expect(() => assertShape(bad, "zeros"), JSON.stringify(bad)).toThrow(ShapeError);
  });

  it("that is a number is told how to be a shape", () => {
    expect(() => assertShape(3, "zeros")).toThrow("got the number 3; write [3]");
  });
});

describe("positions of a window", () => {
  it("count those where it fits", () => {
    expect(positions(7, 3, 1, 1)).toBe(5);
    expect(positions(7, 3, 2, 2)).toBe(2);
    expect(positions(4, 3, 1, 1, [1, 1])).toBe(4);
    expect(positions(2, 3, 1, 1)).toBe(0);
    expect(positions(0, 1, 1, 1)).toBe(0);
  });
});
