import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  arange,
  concat,
  diag,
  eye,
  linspace,
  meshgrid,
  oneHot,
  slidingWindows,
  split,
  stack,
  type Tensor,
  tensor,
  tril,
  triu,
  zeros,
} from "inkgrad";
import { derivative } from "./gradient.js";

const x = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);

describe("concat, stack and split", () => {
  test("a list with holes is no list of tensors", () => {
    const holes = new Array<Tensor>(2);
    expect(() => concat(holes)).toThrow(/concat: expected a tensor, got undefined/);
    expect(() => stack(holes)).toThrow(/stack: expected a tensor, got undefined/);
  });

  test("split takes apart what concat puts together", () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 4 }),
        fc.constantFrom(0, 1, 2, -1),
        (sizes, axis) => {
          const parts: Tensor[] = sizes.map((n, i) => {
            const shape = [2, 3, 2];
            shape.splice(axis, 1, n);
            return tensor(
              Array.from({ length: n * 12 }, (_, j) => 100 * i + j).slice(
                0,
                shape.reduce((a, b) => a * b),
              ),
              { shape },
            );
          });
          const back = split(concat(parts, axis) as Tensor, sizes, axis) as Tensor[];
          expect(back.map((t) => t.toArray())).toEqual(parts.map((t) => t.toArray()));
        },
      ),
    );
  });

  test("join in the type that holds all", () => {
    const [u8, i32, f16] = (["u8", "i32", "f16"] as const).map((dtype) => tensor([1], { dtype }));
    expect(concat([u8, i32]).dtype).toBe("i32");
    expect(concat([f16, f16]).dtype).toBe("f16");
    expect(stack([f16, u8]).dtype).toBe("f32");
    expect(stack([tensor([true]), tensor([false])]).toArray()).toEqual([[true], [false]]);
  });

  test("parts evaluate together", () => {
    const [a, b] = split(x.exp(), 3, 1);
    a.toArray();
    expect(b.node.value).not.toBeNull();
  });

  test("say what is wrong", () => {
    expect(() => concat([] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: concat: needs one tensor or more]`,
    );
    expect(() => concat(x as never)).toThrowErrorMatchingInlineSnapshot(
      `[InkgradError: concat: expected a list of tensors, got an object of class Tensor]`,
    );
    expect(() => concat([x, [1]] as never)).toThrowErrorMatchingInlineSnapshot(
      `[InkgradError: concat: expected a tensor, got an object of class Array; make one with tensor(…)]`,
    );
    expect(() => concat([x, x.transpose()] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: concat: shapes [2, 3] and [3, 2] differ outside axis 0]`,
    );
    expect(() => concat([x, x.flatten()] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: concat: shapes [2, 3] and [6] differ in rank; stack joins along a new axis]`,
    );
    expect(() => concat([x, x] as Tensor[], 2)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: concat: axis 2 is out of range for a tensor with 2 axes; use -2 to 1]`,
    );
    expect(() => stack([x, x.transpose()] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: stack: shapes [2, 3] and [3, 2] differ]`,
    );
    expect(() => stack([x, x] as Tensor[], 3)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: stack: axis 3 is out of range for a tensor with 3 axes; use -3 to 2]`,
    );
    expect(() => split(x, 2, 1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: split: axis 1 of [2, 3], of size 3, has no 2 equal parts; give a list of sizes]`,
    );
    expect(() => split(x, 0)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: split: axis 0 of [2, 3], of size 2, has no 0 equal parts; give a list of sizes]`,
    );
    expect(() => split(x, [1, 1], 1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: split: axis 1 of [2, 3], of size 3, is not what the sizes [1, 1] add up to: 2]`,
    );
    expect(() => split(x, [-1, 4], 1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: split: sizes must be whole numbers ≥ 0, got [-1, 4]]`,
    );
  });
});

describe("tile, repeat and pad", () => {
  test("tile aligns at the last axis", () => {
    expect(x.tile([2]).shape).toEqual([2, 6]);
    expect(x.tile([2, 1, 1]).shape).toEqual([2, 2, 3]);
    expect(x.tile([0, 1]).shape).toEqual([0, 3]);
    expect(tensor(5).tile([2, 2]).toArray()).toEqual([
      [5, 5],
      [5, 5],
    ]);
  });

  test("repeat flattens when no axis is given", () => {
    expect(
      tensor([
        [1, 2],
        [3, 4],
      ])
        .repeat(2)
        .toArray(),
    ).toEqual([1, 1, 2, 2, 3, 3, 4, 4]);
    expect(tensor(7).repeat(3).toArray()).toEqual([7, 7, 7]);
    expect(x.repeat(0, -1).shape).toEqual([2, 0]);
  });

  test("pad takes one number or pairs", () => {
    expect(
      tensor([[1]])
        .pad(1)
        .toArray(),
    ).toEqual([
      [0, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
    ]);
    expect(
      tensor([1, 2])
        .pad([[0, 1]], -1)
        .toArray(),
    ).toEqual([1, 2, -1]);
    expect(tensor([true]).pad(1, 1).toArray()).toEqual([true, true, true]);
    expect(tensor([1, 2], { dtype: "f16" }).pad(1, 0.5).toArray()).toEqual([0.5, 1, 2, 0.5]);
  });

  test("have gradients", () => {
    const v = tensor([1, 2, 3]);
    expect(derivative((t) => t.tile([2, 2]).square())(v).toArray()).toEqual([8, 16, 24]);
    expect(derivative((t) => t.repeat(3, 0))(v).toArray()).toEqual([3, 3, 3]);
    expect(derivative((t) => t.pad(2, 9).square())(v).toArray()).toEqual([2, 4, 6]);
  });

  test("say what is wrong", () => {
    expect(() => x.tile([2, -1])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tile: sizes must be whole numbers ≥ 0, got [2, -1]]`,
    );
    expect(() => x.tile(2 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tile: expected a shape such as [2, 3], got the number 2; write [2]]`,
    );
    expect(() => x.repeat(1.5)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: repeat: the count must be a whole number ≥ 0, got 1.5]`,
    );
    expect(() => x.repeat(2, 2 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: repeat: axis 2 is out of range for a tensor with 2 axes; use -2 to 1]`,
    );
    expect(() => x.pad([[1, 1]] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: pad: expected a number, or [before, after] for each of the 2 axes of [2, 3], got [[1,1]]]`,
    );
    expect(() => x.pad([1, 1] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: pad: expected a number, or [before, after] for each of the 2 axes of [2, 3], got [1,1]]`,
    );
    expect(() => x.pad(-1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: pad: expected a count ≥ 0 for each axis of [2, 3], got [-1, -1]]`,
    );
    expect(() => tensor([1], { dtype: "u8" }).pad(1, 300)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: pad: 300 is not a value of type u8; cast the tensor first, as x.cast("f32")]`,
    );
  });
});

describe("assertShape", () => {
  test("gives the tensor back, or says what its shape is", () => {
    expect(x.assertShape([2, -1])).toBe(x);
    expect(() => x.assertShape([2, 4] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: assertShape: the shape is [2, 3], not [2, 4]]`,
    );
    expect(() => x.assertShape([2] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: assertShape: the shape is [2, 3], not [2]]`,
    );
    expect(() => x.assertShape([2, -3] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: assertShape: sizes must be whole numbers ≥ 0, got [2, -3]]`,
    );
    expect(() => x.assertShape(2 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: assertShape: expected a shape such as [2, 3], got the number 2; write [2]]`,
    );
  });
});

describe("diagonals and triangles", () => {
  test("diag undoes diag, on every diagonal", () => {
    for (let k = -3; k <= 3; k++)
      for (const n of [0, 1, 3]) {
        const v = arange(n).add(1);
        expect(diag(diag(v, k) as Tensor, k).toArray()).toEqual(v.toArray());
        expect(diag(v, k).shape).toEqual([n + Math.abs(k), n + Math.abs(k)]);
      }
  });

  test("diag of a matrix is empty beyond it", () => {
    expect([diag(x, 3).toArray(), diag(x, 7).toArray(), diag(x, -2).toArray()]).toEqual([
      [],
      [],
      [],
    ]);
    expect(diag(x, 2).toArray()).toEqual([3]);
    expect(diag(zeros([0, 3])).toArray()).toEqual([]);
  });

  test("tril and triu make up the whole, and do not spread NaN", () => {
    const m = tensor([
      [NaN, 2, 3],
      [4, 5, 6],
    ]);
    expect(tril(x, -1).add(triu(x)).toArray()).toEqual(x.toArray());
    expect(triu(m, 1).toArray()).toEqual([
      [0, 2, 3],
      [0, 0, 6],
    ]);
    expect(tril(tensor([[true, true]])).toArray()).toEqual([[true, false]]);
  });

  test("eye has any type", () => {
    expect(eye(2).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(eye(2, 3, 1, { dtype: "bool" }).toArray()).toEqual([
      [false, true, false],
      [false, false, true],
    ]);
    expect(eye(0).shape).toEqual([0, 0]);
    expect(eye(1, 1, 0, { dtype: "f16" }).dtype).toBe("f16");
  });

  test("say what is wrong", () => {
    expect(() => diag(tensor(1))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: diag: takes a vector or a matrix, got shape []]`,
    );
    expect(() => diag(x, 0.5)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: diag: the diagonal must be a whole number, got 0.5]`,
    );
    expect(() => tril(tensor([1]))).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tril needs 2 axes or more, got shape [1]]`,
    );
    expect(() => eye(-1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: eye: sizes must be whole numbers ≥ 0, got [-1, -1]]`,
    );
    expect(() => eye(2, 2, NaN)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: eye: the diagonal must be a whole number, got NaN]`,
    );
    expect(() => eye(2, 2, 0, { dtype: "float" as never })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: eye: dtype float is not known; choose one of f32, f64, i32, u32, u8, bool, f16, bf16]`,
    );
  });
});

describe("arange and linspace", () => {
  test("add up no rounding, and stop before the stop", () => {
    for (const [start, stop, step, count] of [
      [0, 1, 0.1, 10],
      [1, 1.3, 0.1, 3],
      [0, 0.3, 0.1, 3],
      [0, 2.1, 0.7, 3],
      [-1, 1, 0.2, 10],
      [0, 1, 0.3, 4],
      [5, 5, 1, 0],
      [5, 4, 1, 0],
      [1, 0, -0.25, 4],
    ]) {
      const t = arange(start, stop, step, { dtype: "f64" });
      expect([start, stop, step, t.shape[0]]).toEqual([start, stop, step, count]);
      expect(t.toArray()).toEqual(Array.from({ length: count }, (_, i) => start + i * step));
    }
    const long = arange(0, 1e3, 0.1, { dtype: "f64" });
    expect(long.shape).toEqual([1e4]);
  });

  test("take a stop alone, a start, a type", () => {
    expect(arange(3).toArray()).toEqual([0, 1, 2]);
    expect(arange(2.5).toArray()).toEqual([0, 1, 2]);
    expect(arange(-2).toArray()).toEqual([]);
    expect(arange(1, 3).toArray()).toEqual([1, 2]);
    expect(arange(3, { dtype: "i32" }).dtype).toBe("i32");
    expect(arange(0, 2, 0.5).dtype).toBe("f32");
  });

  test("linspace has both ends, to the last bit", () => {
    for (const count of [2, 3, 7, 50]) {
      const t = linspace(0.1, 0.7, count, { dtype: "f64" }).toArray();
      expect([t[0], t.at(-1), t.length]).toEqual([0.1, 0.7, count]);
    }
    expect(linspace(1, 2, 0).toArray()).toEqual([]);
    expect(linspace(1, 2, 1).toArray()).toEqual([1]);
  });

  test("meshgrid has rows first, or follows the vectors", () => {
    const [a, b] = [arange(3), arange(2)];
    expect(meshgrid([a, b]).map((t) => t.shape)).toEqual([
      [2, 3],
      [2, 3],
    ]);
    expect(meshgrid([a, b])[0].toArray()).toEqual([
      [0, 1, 2],
      [0, 1, 2],
    ]);
    expect(meshgrid([a, b], { indexing: "ij" })[1].toArray()).toEqual([
      [0, 1],
      [0, 1],
      [0, 1],
    ]);
    expect(meshgrid([a, b, a]).map((t) => t.shape)[2]).toEqual([2, 3, 3]);
    expect(meshgrid([a])[0].toArray()).toEqual([0, 1, 2]);
  });

  test("say what is wrong", () => {
    expect(() => arange(0, 1, 0)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: arange: expected (stop), (start, stop) or (start, stop, step) of finite numbers with step ≠ 0, got (0, 1, 0)]`,
    );
    expect(() => arange(Infinity)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: arange: expected (stop), (start, stop) or (start, stop, step) of finite numbers with step ≠ 0, got (Infinity)]`,
    );
    expect(() => (arange as any)()).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: arange: expected (stop), (start, stop) or (start, stop, step) of finite numbers with step ≠ 0, got ()]`,
    );
    expect(() => (arange as any)("3")).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: arange: expected (stop), (start, stop) or (start, stop, step) of finite numbers with step ≠ 0, got ()]`,
    );
    expect(() => arange(1e300)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: arange: the count must be a whole number from 0 to 2³², got 1e+300]`,
    );
    expect(() => arange(0, 1, 0.5, { dtype: "i32" })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: arange: 0.5 at position 1 is not a value of type i32; take "f32", or round it first]`,
    );
    expect(() => linspace(0, 1, 2.5)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: linspace: the count must be a whole number from 0 to 2³², got 2.5]`,
    );
    expect(() => linspace(0, NaN, 3)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: linspace: the ends must be finite, got 0 and NaN]`,
    );
    expect(() => meshgrid([x])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: meshgrid: takes vectors, got shape [2, 3]]`,
    );
  });
});

describe("slidingWindows", () => {
  test("counts windows along the axis, and holds them in a new last one", () => {
    const v = arange(7);
    expect(slidingWindows(v, 3, { stride: 2 }).toArray()).toEqual([
      [0, 1, 2],
      [2, 3, 4],
      [4, 5, 6],
    ]);
    expect(slidingWindows(v, 3, { dilation: 3 }).toArray()).toEqual([[0, 3, 6]]);
    expect(slidingWindows(x, 2, { axis: 0 }).shape).toEqual([1, 3, 2]);
    expect(derivative((t) => slidingWindows(t, 2))(arange(4)).toArray()).toEqual([1, 2, 2, 1]);
  });
  test("says what is wrong", () => {
    expect(() => slidingWindows(x, 4)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: slidingWindows: window 4 does not fit axis 1 of shape [2, 3]]`,
    );
    expect(() => slidingWindows(x, 0)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: slidingWindows: window sizes, strides and dilation must be whole numbers ≥ 1, got 0, 1 and 1]`,
    );
    expect(() => slidingWindows(x, 1, { axis: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: slidingWindows: axis 2 is out of range for a tensor with 2 axes; use -2 to 1]`,
    );
  });
});

describe("oneHot", () => {
  const classes = tensor([2, 0], { dtype: "i32" });
  test("is a function and a method", () => {
    expect(oneHot(classes, 3).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
    expect(classes.oneHot(3, { dtype: "bool" }).dtype).toBe("bool");
    expect(oneHot(tensor([[1]], { dtype: "u8" }), 2).shape).toEqual([1, 1, 2]);
  });
  test("says what is wrong", () => {
    expect(() => oneHot(tensor([1, 2]), 3)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: oneHot: classes must be integers, got f32; use .cast("i32") first]`,
    );
    expect(() => oneHot(classes, 2).toArray()).toThrowErrorMatchingInlineSnapshot(
      `[IndexError: gather: index 2 is out of range for axis 0 of shape [2], which has positions 0 to 1]`,
    );
    expect(() => oneHot(classes.neg(), 3).toArray()).toThrowErrorMatchingInlineSnapshot(
      `[IndexError: gather: index -2 is out of range for axis 0 of shape [3], which has positions 0 to 2]`,
    );
    expect(() => oneHot(classes, 1.5)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: oneHot: the depth must be a whole number ≥ 0, got 1.5]`,
    );
  });
});
