import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  allClose,
  bincount,
  histogram,
  isClose,
  logAddExp,
  xlogy,
  median,
  quantile,
  take,
  takeAlongAxis,
  Tensor,
  tensor,
  topK,
  TraceError,
  unique,
  where,
  zeros,
} from "inkgrad";
import { placeholderNode } from "@src/graph/node.js";
import { derivative } from "./gradient.js";

const ints = (data: number[], shape = [data.length]): Tensor =>
  tensor(data, { dtype: "i32", shape });
const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const unknown = (): Tensor => new Tensor(placeholderNode([3], "i32", { open: true, outer: [] }));

describe("take and takeAlongAxis", () => {
  test("count negative positions from the end", () => {
    expect(take(x, ints([-1, 0]), 1).toArray()).toEqual([
      [3, 1],
      [6, 4],
    ]);
    expect(takeAlongAxis(x, ints([-1, 0], [2, 1]), 1).toArray()).toEqual([[3], [4]]);
  });

  test("broadcast the other axes", () => {
    expect(takeAlongAxis(x, ints([2, 0], [1, 2]), 1).toArray()).toEqual([
      [3, 1],
      [6, 4],
    ]);
    expect(takeAlongAxis(tensor([[1, 2, 3]]), ints([2, 0], [2, 1]), 1).toArray()).toEqual([
      [3],
      [1],
    ]);
  });

  test("never take from another row", () => {
    expect(() =>
      takeAlongAxis(x, ints([3, 0], [2, 1]), 1).toArray(),
    ).toThrowErrorMatchingInlineSnapshot(
      `[IndexError: gather: index 3 is out of range for axis 0 of shape [3], which has positions 0 to 2]`,
    );
    expect(() =>
      takeAlongAxis(x, ints([-4, 0], [2, 1]), 1).toArray(),
    ).toThrowErrorMatchingInlineSnapshot(
      `[IndexError: gather: index -4 is out of range for axis 0 of shape [3], which has positions 0 to 2]`,
    );
    expect(() => take(x, ints([3]), 1).toArray()).toThrowErrorMatchingInlineSnapshot(
      `[IndexError: gather: index 3 is out of range for axis 1 of shape [2, 3], which has positions 0 to 2]`,
    );
  });

  test("have gradients that add up where positions repeat", () => {
    expect(derivative((t) => take(t, ints([1, 1, -1]), 0))(tensor([5, 6, 7])).toArray()).toEqual([
      0, 2, 1,
    ]);
    const f = (t: Tensor): Tensor => takeAlongAxis(t, ints([0, 0, 1, 2], [2, 2]), 1);
    expect(derivative(f)(x).toArray()).toEqual([
      [2, 0, 0],
      [0, 1, 1],
    ]);
  });

  test("say what is wrong", () => {
    expect(() => take(x, tensor([0]), 0)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: take: positions must be integers, got f32; use .cast("i32") first]`,
    );
    expect(() => take(x, ints([0]), 2 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: take: axis 2 is out of range for a tensor with 2 axes; use -2 to 1]`,
    );
    expect(() => takeAlongAxis(x, ints([0]), 0)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: takeAlongAxis: the index needs the 2 axes of [2, 3], got shape [1]]`,
    );
    expect(() => takeAlongAxis(x, ints([0, 0, 0], [3, 1]), 1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: takeAlongAxis: shapes [2, 1] and [3, 1] do not broadcast; sizes 2 and 3 of axis -2 must be equal, or one of them 1]`,
    );
  });
});

describe("topK", () => {
  test("puts NaN first, equals in order, along any axis", () => {
    const [values, indices] = topK(tensor([1, NaN, 3, 3]), 3);
    expect(values.toArray()).toEqual([NaN, 3, 3]);
    expect(indices.toArray()).toEqual([1, 2, 3]);
    expect(topK(x, 1, { axis: 0 }).map((t) => t.toArray())).toEqual([[[4, 5, 6]], [[1, 1, 1]]]);
    expect(topK(x, 0)[0].shape).toEqual([2, 0]);
    expect(topK(tensor([1, 2], { dtype: "f16" }), 1)[0].dtype).toBe("f16");
  });

  test("says what is wrong", () => {
    expect(() => topK(x, 4)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: topK: k must be a whole number from 0 to 3, the size of axis 1 of [2, 3], got 4]`,
    );
    expect(() => topK(tensor(1), 1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: topK: axis -1 is out of range for a tensor with 0 axes; a scalar has none]`,
    );
  });
});

describe("median and quantile", () => {
  test("interpolate between elements", () => {
    expect(median(tensor([3, 1, 2])).item()).toBe(2);
    expect(median(x).item()).toBe(3.5);
    expect(median(x, 0, { keepDims: true }).toArray()).toEqual([[2.5, 3.5, 4.5]]);
    expect(quantile(tensor([0, 10, 20, 30]), 0.25).item()).toBe(7.5);
    expect(quantile(x, 1, [0, 1]).item()).toBe(6);
    expect(quantile(ints([1, 2]), 0.5).item()).toBe(1.5);
  });

  test("are NaN where an element is, or none is there; infinities stay", () => {
    expect(
      median(
        tensor([
          [1, NaN, 2],
          [1, 2, 3],
        ]),
        1,
      ).toArray(),
    ).toEqual([NaN, 2]);
    expect(median(zeros([0])).item()).toBeNaN();
    expect(median(zeros([2, 0]), 1).toArray()).toEqual([NaN, NaN]);
    expect(median(tensor([1, Infinity, Infinity, Infinity])).item()).toBe(Infinity);
    expect(median(tensor([-Infinity, Infinity])).item()).toBeNaN();
  });

  test("have gradients", () => {
    expect(derivative((t) => median(t))(tensor([5, 1, 9, 3])).toArray()).toEqual([0.5, 0, 0, 0.5]);
  });

  test("say what is wrong", () => {
    expect(() => quantile(x, 1.5)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: quantile: q must be from 0 to 1, got 1.5]`,
    );
    expect(() => quantile(x, NaN)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: quantile: q must be from 0 to 1, got NaN]`,
    );
    expect(() => median(x, 2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: median: axis 2 is out of range for a tensor with 2 axes; use -2 to 1]`,
    );
  });
});

describe("unique", () => {
  test("gives what a set gives, where each stands, and how often", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -3, max: 3 })), (data) => {
        const [values, inverse, counts] = unique(ints(data), {
          returnInverse: true,
          returnCounts: true,
        });
        expect(values.toArray()).toEqual([...new Set(data)].sort((a, b) => a - b));
        expect(take(values, inverse, 0).toArray()).toEqual(data);
        expect(counts.sum().item()).toBe(data.length);
      }),
    );
  });

  test("counts all NaN as one, and keeps type and shape", () => {
    const [values, counts] = unique(tensor([NaN, 1, NaN, 0, -0]), { returnCounts: true });
    expect(values.toArray().map((v) => v + 0)).toEqual([0, 1, NaN]);
    expect(counts.toArray()).toEqual([2, 1, 2]);
    expect(unique(tensor([true, false, true])).toArray()).toEqual([false, true]);
    expect(unique(tensor([1.5, 0.1, 1.5], { dtype: "bf16" })).dtype).toBe("bf16");
    expect(unique(x, { returnInverse: true })[1].shape).toEqual([2, 3]);
  });
});

describe("bincount and histogram", () => {
  test("count", () => {
    expect(bincount(ints([1, 3, 1])).toArray()).toEqual([0, 2, 0, 1]);
    expect(bincount(ints([])).toArray()).toEqual([]);
    expect(bincount(ints([0, 1]), { weights: ints([5, 7]) }).dtype).toBe("i32");
    const weigh = (weights: Tensor): Tensor => bincount(ints([0, 1, 1]), { weights }).square();
    expect(derivative(weigh)(tensor([1, 2, 3])).toArray()).toEqual([2, 10, 10]);
  });

  test("each element falls into one interval, the last of which is closed", () => {
    const [counts, edges] = histogram(ints([0, 1, 2, 3, 4]), { bins: 4 });
    expect(counts.toArray()).toEqual([1, 1, 1, 2]);
    expect(edges.toArray()).toEqual([0, 1, 2, 3, 4]);
    fc.assert(
      fc.property(
        // No subnormal numbers: between them there is no room for twelve edges.
        fc.array(
          fc.integer({ min: -1000, max: 1000 }).map((k) => k / 700),
          { minLength: 1 },
        ),
        fc.integer({ min: 1, max: 12 }),
        (data, bins) => {
          const [counts, edges] = histogram(tensor(data, { dtype: "f64" }), { bins });
          const e = edges.toArray();
          const inside = (v: number, i: number): boolean =>
            v >= e[i] && (i === bins - 1 ? v <= e[i + 1] : v < e[i + 1]);
          const expected = counts.toArray().map((_, i) => data.filter((v) => inside(v, i)).length);
          expect(counts.toArray()).toEqual(expected);
          expect(counts.sum().item()).toBe(data.length);
        },
      ),
    );
  });

  test("leave out what is outside the range, NaN too", () => {
    expect(histogram(tensor([NaN, -5, 0.5, 9]), { bins: 1, range: [0, 1] })[0].toArray()).toEqual([
      1,
    ]);
    expect(histogram(tensor([]), { bins: 2 })[1].toArray()).toEqual([0, 0.5, 1]);
  });

  test("say what is wrong", () => {
    expect(() => bincount(ints([1, -1]))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: bincount: elements must be ≥ 0, got -1]`,
    );
    expect(() => bincount(x)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: bincount: takes integers, got f32; use .cast("i32") first]`,
    );
    expect(() => bincount(ints([1], [1, 1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: bincount: takes a vector, got shape [1, 1]; flatten it]`,
    );
    expect(() => bincount(ints([1]), { weights: x })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: bincount: the weights have shape [2, 3], x has [1]]`,
    );
    expect(() => bincount(ints([1]), { minLength: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: bincount: minLength must be a whole number ≥ 0, got -1]`,
    );
    expect(() => histogram(tensor([1, NaN]))).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: histogram: the range must be two finite numbers, the lower first, got NaN and NaN from the elements; give options.range to leave some out]`,
    );
    expect(() => histogram(x, { range: [1, 0] })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: histogram: the range must be two finite numbers, the lower first, got 1 and 0]`,
    );
    expect(() => histogram(x, { bins: 0 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: histogram: bins must be a whole number ≥ 1, got 0]`,
    );
  });
});

describe("sizes that depend on values", () => {
  test("throw a TraceError where there are no values yet", () => {
    for (const f of [unique, bincount, histogram, (t: Tensor) => allClose(t, t)])
      expect(() => (f as (t: Tensor) => unknown)(unknown())).toThrow(TraceError);
  });
});

describe("isClose and allClose", () => {
  test("infinities are close to themselves, NaN to nothing unless it is said", () => {
    const a = tensor([1, Infinity, -Infinity, NaN, 1, Infinity]);
    const b = tensor([1 + 1e-6, Infinity, Infinity, NaN, Infinity, 1]);
    expect(isClose(a, b).toArray()).toEqual([true, true, false, false, false, false]);
    expect(isClose(a, b, { equalNaN: true }).toArray()[3]).toBe(true);
    expect(allClose(x, x.add(1e-7))).toBe(true);
    expect(allClose(x, 1)).toBe(false);
    expect(allClose(x, x.add(0.5), { atol: 1 })).toBe(true);
    expect(allClose(ints([2 ** 30]), ints([2 ** 30 + 1]), { rtol: 0 })).toBe(false);
  });
});

describe("where, logAddExp and xlogy", () => {
  test("xlogy is 0 at 0, with a finite gradient, and broadcasts", () => {
    expect(xlogy(tensor([[0], [2]]), tensor([0, 1])).toArray()).toEqual([
      [0, 0],
      [-Infinity, 0],
    ]);
    expect(derivative((t) => xlogy(0, t))(tensor([0, 3])).toArray()).toEqual([0, 0]);
    expect(xlogy(tensor([0, 1], { dtype: "i32" }), 1).dtype).toBe("f32");
  });

  test("where takes numbers, broadcasts, and keeps unchosen gradients out", () => {
    expect(where(tensor([1, 0]), 5, 6).toArray()).toEqual([5, 6]);
    expect(where(tensor([[true], [false]]), tensor([1, 2]), 0).toArray()).toEqual([
      [1, 2],
      [0, 0],
    ]);
    const f = (t: Tensor): Tensor => where(t.greater(0), t.log(), 0);
    expect(derivative(f)(tensor([2, 4])).toArray()).toEqual([0.5, 0.25]);
    expect(() =>
      where(tensor([true, false]), tensor([1, 2, 3]) as Tensor, 0),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: where: shapes [2] and [3] do not broadcast; sizes 2 and 3 of axis -1 must be equal, or one of them 1]`,
    );
  });

  test("logAddExp is finite where e^x is not", () => {
    expect(Number(logAddExp(tensor(1000), tensor(1000)).item())).toBeCloseTo(1000 + Math.log(2), 3);
    expect(logAddExp(tensor([-Infinity, 3]), -Infinity).toArray()).toEqual([-Infinity, 3]);
    expect(derivative((t) => logAddExp(t, 0))(tensor([0, 1000, -1000])).toArray()).toEqual([
      0.5, 1, 0,
    ]);
  });
});
