import fc from "fast-check";
import {
  argWhere,
  nonZero,
  putAlongAxis,
  searchSorted,
  ShapeError,
  type Tensor,
  tensor,
  TraceError,
  ValueError,
  vmap,
} from "inkgrad";
import { expect, test } from "vitest";
import { coordinates, product } from "../../support/index-oracle.js";

const smallShape = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 3 });
const flat = (x: Tensor): number[] => [x.toArray()].flat(Infinity as 1) as number[];

test("argWhere and nonZero list the positions of what is not 0", () => {
  fc.assert(
    fc.property(smallShape, fc.infiniteStream(fc.constantFrom(0, 1, NaN, -2)), (shape, stream) => {
      const values = Array.from({ length: product(shape) }, () => stream.next().value as number);
      const expected = coordinates(shape).filter((_, i) => values[i] !== 0);
      const x: Tensor = tensor(values, { shape });
      const found = argWhere(x) as Tensor;
      expect(found.shape).toEqual([expected.length, shape.length]);
      expect(found.dtype).toBe("i32");
      expect(found.toArray()).toEqual(expected);
      if (shape.length === 0) return;
      expect((nonZero(x) as Tensor[]).map(flat)).toEqual(
        shape.map((_, axis) => expected.map((at) => at[axis])),
      );
      expect(flat(x.at(...nonZero(x)).get())).toEqual(values.filter((v) => v !== 0));
    }),
  );
});

test("nonZero needs an axis, and values", () => {
  expect(() => nonZero(tensor(1))).toThrow(ShapeError);
  const run = (): unknown => vmap((x: Tensor<[2]>) => nonZero(x)[0])(tensor([[1, 0]]));
  expect(run).toThrow(TraceError);
});

/** Where v goes: how many elements come before it, NaN being the greatest. */
const place = (sorted: number[], v: number, side: string): number => {
  const before = (a: number, c: number): boolean => (Number.isNaN(c) ? !Number.isNaN(a) : a < c);
  return sorted.filter((a) => (side === "left" ? before(a, v) : !before(v, a))).length;
};

test("searchSorted puts values where the list stays sorted", () => {
  const number = fc.constantFrom(-Infinity, -1, 0, 0.5, 1, 2, Infinity, NaN);
  const sides = fc.constantFrom("left" as const, "right" as const);
  fc.assert(
    fc.property(fc.array(number), fc.array(number), sides, (list, values, side) => {
      const sorted = tensor(list).sort();
      const expected = values.map((v) => place(flat(sorted), v, side));
      const found = searchSorted(sorted, tensor(values), { side });
      expect(found.dtype).toBe("i32");
      expect(found.toArray()).toEqual(expected);
      for (const v of values.slice(0, 1))
        expect(searchSorted(sorted, v, { side }).item()).toBe(expected[0]);
    }),
  );
  expect(searchSorted(tensor([1, 3, 5], { dtype: "i32" }), 3.5).item()).toBe(2);
  expect(searchSorted(tensor([1, 3, 5], { dtype: "u8" }), tensor([[300], [3]])).toArray()).toEqual([
    [3],
    [1],
  ]);
  expect(searchSorted(tensor([1, 2], { dtype: "i32" }), 2 ** 40).item()).toBe(2);
});

test("searchSorted says what is wrong", () => {
  expect(() => searchSorted(tensor([[1]]), 1)).toThrow(ShapeError);
  expect(() => searchSorted(tensor([1]), 1, { side: "middle" as never })).toThrow(ValueError);
});

test("putAlongAxis puts values where takeAlongAxis would take them", () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const index = tensor([[2], [-3]], { dtype: "i32" });
  expect(putAlongAxis(x, index, 0, 1).toArray()).toEqual([
    [1, 2, 0],
    [0, 5, 6],
  ]);
  const values = tensor([[7, 8, 9]]);
  const rows = tensor([[0, 1, 0]], { dtype: "i32" });
  expect(putAlongAxis(x, rows, values, 0).toArray()).toEqual([
    [7, 2, 9],
    [4, 8, 6],
  ]);
  expect(() => putAlongAxis(x, tensor([0], { dtype: "i32" }), 0, 1)).toThrow(
    "putAlongAxis: index of shape [1] needs as many axes as [2, 3]",
  );
});
