import { describe, expect, test } from "vitest";
import { arange, full, ones, onesLike, Tensor, tensor, zeros } from "inkgrad";

const dtypes = ["f32", "f64", "i32", "u32", "u8", "bool", "f16", "bf16"] as const;

describe("elements", () => {
  test.each(dtypes)("of %s come out as they went in", async (dtype) => {
    const x = tensor(
      [
        [1, 0],
        [1, 1],
      ],
      { dtype },
    );
    const leaf = (v: number): number | boolean => (dtype === "bool" ? v !== 0 : v);
    expect(x.toArray()).toEqual([
      [leaf(1), leaf(0)],
      [leaf(1), leaf(1)],
    ]);
    expect(tensor(1, { dtype }).item()).toBe(leaf(1));
    expect(tensor([[[1]]], { dtype }).item()).toBe(leaf(1));
    expect([...(await x.data())]).toEqual([1, 0, 1, 1]);
    expect([x.shape, x.rank, x.size, x.dtype]).toEqual([[2, 2], 2, 4, dtype]);
    expect(tensor([], { dtype }).toArray()).toEqual([]);
    expect(zeros([2, 0], { dtype }).toArray()).toEqual([[], []]);
  });

  test("of the 16-bit types are rounded to nearest, and read as f32", async () => {
    expect(tensor([0.1, 65504, 1e9, NaN], { dtype: "f16" }).toArray()).toEqual([
      0.0999755859375,
      65504,
      Infinity,
      NaN,
    ]);
    expect(tensor([0.1, 3e38], { dtype: "bf16" }).toArray()[0]).toBe(0.10009765625);
    expect(await tensor([1.5], { dtype: "bf16" }).data()).toEqual(new Float32Array([1.5]));
  });

  test("of a typed array keep its type, and are copied", async () => {
    const source = new Int32Array([1, 2, 3, 4]);
    const x = tensor(source, { shape: [2, 2] });
    source[0] = 9;
    (await x.data())[1] = 9;
    expect([x.dtype, x.toArray()]).toEqual([
      "i32",
      [
        [1, 2],
        [3, 4],
      ],
    ]);
    expect(tensor(new Uint8ClampedArray([300])).toArray()).toEqual([255]);
    expect(tensor(new Float64Array([1]), { dtype: "f32" }).dtype).toBe("f32");
  });

  test("of extreme values survive", () => {
    const values = [NaN, Infinity, -Infinity, -0, 5e-324, Number.MAX_VALUE];
    expect(tensor(values, { dtype: "f64" }).toArray()).toEqual(values);
    expect(tensor([2 ** 32 - 1], { dtype: "u32" }).toArray()).toEqual([2 ** 32 - 1]);
    expect(tensor([-(2 ** 31)], { dtype: "i32" }).toArray()).toEqual([-(2 ** 31)]);
  });
});

describe("literals", () => {
  test("become bool only when all are booleans", () => {
    expect(tensor([true, false]).dtype).toBe("bool");
    expect(tensor([true, 2] as never).toArray()).toEqual([1, 2]);
    expect(tensor(true).item()).toBe(true);
  });

  test("say what is wrong", () => {
    const make = (data: unknown, options?: object) => () => tensor(data as never, options as never);
    expect(make([[1, 2], [3]])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tensor: the rows differ in length: axis 1 has 2 elements in the first row and 1 in another]`,
    );
    expect(make([[1, 2], 3])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tensor: the rows differ in length: axis 1 has 2 elements in the first row and none in another]`,
    );
    expect(make([1, [2]])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tensor: the rows differ in depth; every row needs the same nesting]`,
    );
    const endless: unknown[] = [];
    endless.push(endless);
    expect(() => tensor(endless as number[])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tensor: the data is nested more than 64 arrays deep; does an array hold itself?]`,
    );
    expect(make([1, "2"])).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: expected numbers or booleans, got the string 2]`,
    );
    expect(make([1, undefined])).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: expected numbers or booleans, got undefined]`,
    );
    expect(make(null)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: expected numbers or booleans, got null]`,
    );
    expect(make([1, 2], { shape: [3] })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tensor: shape [3] has 3 elements, the data 2]`,
    );
    expect(make([1, 2], { shape: 2 })).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: tensor: expected a shape such as [2, 3], got the number 2; write [2]]`,
    );
    expect(make([1], { dtype: "int" })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: dtype int is not known; choose one of f32, f64, i32, u32, u8, bool, f16, bf16]`,
    );
    expect(make([1.5], { dtype: "i32" })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: 1.5 at position 0 is not a value of type i32; take "f32", or round it first]`,
    );
    expect(make([0, 256], { dtype: "u8" })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: 256 at position 1 is not a value of type u8; take "f32", or round it first]`,
    );
    expect(make([NaN], { dtype: "u32" })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: NaN at position 0 is not a value of type u32; take "f32", or round it first]`,
    );
    expect(make([2], { dtype: "bool" })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: 2 at position 0 is not a value of type bool; take "f32", or round it first]`,
    );
    expect(make(new Int8Array(1))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: no element type is that of Int8Array; say which to use, as tensor(data, { dtype: "i32" })]`,
    );
    expect(make(new BigInt64Array(1))).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: no element type is that of BigInt64Array; say which to use, as tensor(data, { dtype: "i32" })]`,
    );
    expect(make([10n])).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: tensor: expected numbers or booleans, got the bigint 10]`,
    );
    expect(() => zeros([-1])).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: zeros: sizes must be whole numbers ≥ 0, got [-1]]`,
    );
    expect(() => ones(3 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: ones: expected a shape such as [2, 3], got the number 3; write [3]]`,
    );
    expect(() => full([2], 0.5, { dtype: "i32" })).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: full: 0.5 is not a value of type i32; cast the tensor first, as x.cast("f32")]`,
    );
    expect(() => onesLike([1] as never)).toThrowErrorMatchingInlineSnapshot(
      `[InkgradError: onesLike: expected a tensor, got an object of class Array; make one with tensor(…)]`,
    );
  });
});

describe("printing", () => {
  test("shows elements, shape and type", () => {
    expect(String(tensor([1, 2.5]))).toBe("tensor([1, 2.5], shape [2], f32)");
    expect(String(tensor(0.1))).toBe("tensor(0.1, shape [], f32)");
    expect(String(tensor([0.1], { dtype: "f64" }))).toBe("tensor([0.1], shape [1], f64)");
    expect(String(tensor([true, false]))).toBe("tensor([true, false], shape [2], bool)");
    expect(String(tensor([0.1], { dtype: "f16" }))).toBe("tensor([0.09997559], shape [1], f16)");
    expect(String(tensor([NaN, Infinity, -1e30]))).toBe(
      "tensor([NaN, Infinity, -1e+30], shape [3], f32)",
    );
    expect(String(tensor([2 ** 31 - 1], { dtype: "i32" }))).toContain("[2147483647]");
    expect(String(tensor([-0, 2 ** 24]))).toContain("[-0, 16777216]");
    expect(String(zeros([0, 3]))).toBe("tensor([], shape [0, 3], f32)");
    expect(
      String(
        tensor([
          [1, 2],
          [3, 4],
        ]).add(0.5),
      ),
    ).toMatchInlineSnapshot(`
      "tensor([[1.5, 2.5],
       [3.5, 4.5]], shape [2, 2], f32)"
    `);
  });

  test("cuts long axes short", () => {
    expect(String(arange(1000))).toMatchInlineSnapshot(
      `"tensor([0, 1, 2, …, 997, 998, 999], shape [1000], f32)"`,
    );
    expect(String(arange(120).reshape([60, 2]))).toMatchInlineSnapshot(`
      "tensor([[0, 1],
       [2, 3],
       [4, 5],
       …,
       [114, 115],
       [116, 117],
       [118, 119]], shape [60, 2], f32)"
    `);
  });
});

describe("methods", () => {
  const x = tensor([
    [1, 2, 3],
    [4, 5, 6],
  ]);
  const i = tensor([1, 2], { dtype: "i32" });
  const any = x as any;

  test("name the two shapes that do not fit", () => {
    expect(() => x.add(tensor([1, 2]) as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: add: shapes [2, 3] and [2] do not broadcast; sizes 3 and 2 of axis -1 must be equal, or one of them 1]`,
    );
    expect(() => x.matmul(x as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: inner sizes 3 and 2 differ, [2, 3] times [2, 3]]`,
    );
    expect(() => x.matmul(tensor(2) as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: needs one axis or more, got [2, 3] times []; use mul]`,
    );
    expect(() =>
      zeros([2, 1, 2]).matmul(zeros([3, 2, 1]) as never),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: matmul: batch dimensions [2] and [3] do not broadcast, [2, 1, 2] times [3, 2, 1]]`,
    );
    expect(() => x.dot(zeros([3, 1, 1]) as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: dot: [3, 1, 1] has more than two dimensions; use matmul]`,
    );
    expect(() => x.dot(tensor([1, 2]) as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: dot: inner sizes 3 and 2 differ, [2, 3] times [2]]`,
    );
    expect(() => x.reshape([4] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: reshape: [2, 3] has 6 elements, [4] has 4]`,
    );
    expect(() => x.reshape([4, -1] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: reshape: [2, 3] has 6 elements, not a multiple of 4 as [4, -1] asks]`,
    );
    expect(() => x.reshape([-1, -1] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: reshape: only one size can be -1, got [-1, -1]]`,
    );
    expect(() => x.reshape([2, 1.5, 2] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: reshape: sizes must be whole numbers ≥ 0, got [2, 1.5, 2]]`,
    );
    expect(() => x.broadcastTo([2, 2] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: broadcastTo: [2, 3] cannot be stretched to [2, 2]; aligned at the last axis, each size must be equal or 1]`,
    );
    expect(() => x.squeeze(0 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: squeeze: axis 0 of [2, 3] has size 2, not 1]`,
    );
    expect(() => x.permute([0, 0] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: permute: axes [0, 0] are no order of the 2 axes of [2, 3]; name each axis once]`,
    );
    expect(() => (tensor([1]) as Tensor).transpose()).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: transpose: needs two axes or more, got shape [1]; expandDims adds one]`,
    );
    expect(() => x.item()).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: item: needs a tensor of one element, got shape [2, 3]; use toArray(), or reduce it first]`,
    );
  });

  test("say which axes there are", () => {
    expect(() => x.sum(2 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: sum: axis 2 is out of range for a tensor with 2 axes; use -2 to 1]`,
    );
    expect(() => x.sum([0, -2] as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: sum: axis 0 is given twice]`,
    );
    expect(() => x.mean(0.5 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: mean: axis 0.5 is out of range for a tensor with 2 axes; use -2 to 1]`,
    );
    expect(() => tensor(1).softmax()).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: softmax: axis -1 is out of range for a tensor with 0 axes; a scalar has none]`,
    );
    expect(() => x.expandDims(4 as never)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: expandDims: axis 4 is out of range for a tensor with 3 axes; use -3 to 2]`,
    );
    expect(() => any.permute(1)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: permute: expected a list of all axes such as [1, 0], got 1]`,
    );
    expect(() => any.sum(null)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: sum: expected an axis or a list of axes, got null]`,
    );
    expect(() => any.sum("0")).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: sum: expected an axis or a list of axes, got 0]`,
    );
  });

  test("reduce nothing only where that has a value", () => {
    const empty = zeros([0, 2]);
    expect([
      empty.sum().item(),
      empty.prod().item(),
      empty.any().item(),
      empty.all().item(),
    ]).toEqual([0, 1, false, true]);
    expect(empty.mean(0).toArray()).toEqual([NaN, NaN]);
    expect(empty.std().item()).toBeNaN();
    expect(empty.logSumExp(0).toArray()).toEqual([-Infinity, -Infinity]);
    expect(empty.max(1).toArray()).toEqual([]);
    expect(() => empty.max()).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: max: axis 0 of shape [0, 2] has no elements, and max of nothing is not defined; check the size first]`,
    );
    expect(() => empty.min(0)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: min: axis 0 of shape [0, 2] has no elements, and min of nothing is not defined; check the size first]`,
    );
    expect(() => empty.argmax(0)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: argmax: axis 0 of shape [0, 2] has no elements, and argmax of nothing is not defined; check the size first]`,
    );
    expect(() => empty.argmin()).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: argmin: axis 0 of shape [0] has no elements, and argmin of nothing is not defined; check the size first]`,
    );
  });

  test("put no number into a type that does not hold it", () => {
    expect(() => i.add(0.5)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: add: 0.5 is not a value of type i32; cast the tensor first, as x.cast("f32")]`,
    );
    expect(() => i.mul(2 ** 31)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: mul: 2147483648 is not a value of type i32; cast the tensor first, as x.cast("f32")]`,
    );
    expect(() => tensor([1], { dtype: "u8" }).sub(-1)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: sub: -1 is not a value of type u8; cast the tensor first, as x.cast("f32")]`,
    );
    expect(i.div(2).toArray()).toEqual([0.5, 1]);
    expect(i.less(1.5).toArray()).toEqual([true, false]);
  });

  test("take only the types they are for", () => {
    expect(() => tensor([true]).neg()).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: neg: takes numbers, got bool; use x.cast("i32") first]`,
    );
    expect(() => x.bitwiseNot()).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: bitwiseNot: takes i32, u32, u8 or bool, got f32; use x.cast(…) first]`,
    );
    expect(() => x.leftShift(1)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: leftShift: takes i32, u32 or u8, got f32; use x.cast(…) first]`,
    );
    expect(() => x.cast("f8" as never)).toThrowErrorMatchingInlineSnapshot(
      `[DTypeError: cast: dtype f8 is not known; choose one of f32, f64, i32, u32, u8, bool, f16, bf16]`,
    );
    expect(() => any.add("1")).toThrowErrorMatchingInlineSnapshot(
      `[InkgradError: add: expected a tensor, got the string 1; make one with tensor(…)]`,
    );
    expect(() => any.add([1, 2, 3])).toThrowErrorMatchingInlineSnapshot(
      `[InkgradError: add: expected a tensor, got an object of class Array; make one with tensor(…)]`,
    );
    expect(() => any.add(null)).toThrowErrorMatchingInlineSnapshot(
      `[InkgradError: add: expected a tensor, got null; make one with tensor(…)]`,
    );
    expect(() => any.matmul(undefined)).toThrowErrorMatchingInlineSnapshot(
      `[InkgradError: matmul: expected a tensor, got undefined; make one with tensor(…)]`,
    );
    expect(() => x.norm(0, { ord: -1 })).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: norm: ord must be > 0, "fro" or "inf", got -1]`,
    );
  });

  test("leave no helper of the library on a tensor", () => {
    const names = new Set(Object.getOwnPropertyNames(Tensor.prototype));
    for (const helper of ["truth", "pair", "safeSqrt", "where", "concat"])
      expect(names.has(helper)).toBe(false);
    for (const method of ["add", "sum", "tile", "oneHot", "outer", "relu", "clip"])
      expect(names.has(method)).toBe(true);
  });

  test("outer takes any shapes", () => {
    expect(
      tensor([1, 2])
        .outer(tensor([[3, 4]]))
        .toArray(),
    ).toEqual([
      [3, 4],
      [6, 8],
    ]);
    expect(i.outer(tensor([0.5])).dtype).toBe("f32");
  });
});
