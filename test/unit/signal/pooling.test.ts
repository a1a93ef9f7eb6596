import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  avgPool1d,
  avgPool2d,
  checkGradients,
  globalAvgPool,
  globalMaxPool,
  grad,
  maxPool1d,
  maxPool2d,
  ShapeError,
  tensor,
  type Tensor,
  vmap,
  zeros,
} from "inkgrad";
import { expectClose, filled, flat } from "./helpers.js";

const line = (...xs: number[]): Tensor<[number, number, number], "f64"> =>
  tensor(new Float64Array(xs)).reshape([1, xs.length, 1]);

describe("pooling", () => {
  it("reduces the real elements under each window", () => {
    const upTo = (n: number, from = 1) => fc.integer({ min: from, max: n });
    const cases = fc.record({
      window: upTo(4),
      stride: upTo(4),
      low: upTo(3, 0),
      high: upTo(3, 0),
      n: upTo(9, 4),
    });
    fc.assert(
      fc.property(cases, ({ window, stride, low, high, n }) => {
        fc.pre(low < window && high < window);
        const x = filled([2, n, 3]);
        const padding = [[low, high]] as const;
        const xs = flat(x);
        const under = (e: number, p: number, c: number): number[] =>
          Array.from({ length: window }, (_, i) => p * stride + i - low)
            .filter((at) => at >= 0 && at < n)
            .map((at) => xs[(e * n + at) * 3 + c]);
        const count = Math.floor((n + low + high - window) / stride) + 1;
        const places = [0, 1].flatMap((e) =>
          Array.from({ length: count }, (_, p) => [0, 1, 2].map((c) => under(e, p, c))).flat(),
        );
        const shape = [2, count, 3];
        const like = (f: (ys: number[]) => number): Tensor =>
          tensor(Float64Array.from(places, f), { shape });
        const mean = (ys: number[]): number => ys.reduce((t, y) => t + y, 0) / ys.length;
        expectClose(
          maxPool1d(x, window, { stride, padding }),
          like((ys) => Math.max(...ys)),
        );
        expectClose(avgPool1d(x, window, { stride, padding }), like(mean));
      }),
    );
  });

  it("steps by the window unless told otherwise", () => {
    expect(flat(maxPool1d(line(3, 1, 2, 5, 4), 2))).toEqual([3, 5]);
    expect(flat(avgPool1d(line(3, 1, 2, 5, 4), 2))).toEqual([2, 3.5]);
    expect(maxPool2d(zeros([1, 6, 6, 2]), [2, 3]).shape).toEqual([1, 3, 2, 2]);
  });

  it("pads with what never wins: negative values and integers keep their maximum", () => {
    expect(flat(maxPool1d(line(-3, -1, -2), 3, { padding: "same", stride: 1 }))).toEqual([
      -1, -1, -1,
    ]);
    const whole = tensor([-3, -2], { dtype: "i32" }).reshape([1, 2, 1]);
    const pooled = maxPool1d(whole, 2, { padding: 1 });
    expect([pooled.dtype, ...flat(pooled)]).toEqual(["i32", -3, -2]);
    const bytes = tensor([7, 9], { dtype: "u8" }).reshape([1, 2, 1]);
    expect(flat(maxPool1d(bytes, 2, { padding: 1 }))).toEqual([7, 9]);
  });

  it("does not count padding in a mean, and gives floats for integers", () => {
    expect(flat(avgPool1d(line(2, 4, 6), 2, { padding: 1, stride: 1 }))).toEqual([2, 3, 5, 6]);
    const bytes = tensor([1, 2], { dtype: "u8" }).reshape([1, 2, 1]);
    expect([avgPool1d(bytes, 2).dtype, ...flat(avgPool1d(bytes, 2))]).toEqual(["f32", 1.5]);
  });

  it("keeps f16 as it is in a maximum", () => {
    const half = tensor([0.5, 2]).reshape([1, 2, 1]).cast("f16");
    expect([maxPool1d(half, 2).dtype, ...flat(maxPool1d(half, 2))]).toEqual(["f16", 2]);
  });

  it("carries NaN and infinities", () => {
    expect(flat(maxPool1d(line(1, NaN, 3, -Infinity), 2))).toEqual([NaN, 3]);
    expect(flat(maxPool1d(line(-Infinity, -Infinity), 2))).toEqual([-Infinity]);
    expect(flat(avgPool1d(line(1, Infinity, 3, 5), 2))).toEqual([Infinity, 4]);
  });

  it("shares the gradient of a tie evenly", () => {
    const x = line(1, 4, 4, 0);
    expect(flat(grad((v: Tensor) => maxPool1d(v, 4).sum())(x))).toEqual([0, 0.5, 0.5, 0]);
    const overlapping = grad((v: Tensor) => maxPool1d(v, 2, { stride: 1 }).sum())(x);
    expect(flat(overlapping)).toEqual([0, 1.5, 1.5, 0]);
  });

  it("has gradients that agree with differences, twice", () => {
    const x = filled([1, 5, 4, 2]);
    for (const pool of [maxPool2d, avgPool2d]) {
      const f = (v: Tensor): Tensor => pool(v, 3, { stride: 2, padding: "same" });
      checkGradients(f, [x]);
      checkGradients(
        grad((v: Tensor) => f(v).square().sum()),
        [x],
      );
    }
  });

  it("can be vmapped", () => {
    const x = filled([3, 1, 4, 2]);
    for (const pool of [maxPool1d, avgPool1d]) {
      const f = (v: Tensor): Tensor => pool(v, 2, { padding: 1 });
      expectClose(vmap(f)(x), f(x.reshape([3, 4, 2])).reshape([3, 1, 3, 2]));
    }
  });

  it("does without examples or channels, and keeps an empty axis empty", () => {
    for (const pool of [maxPool1d, avgPool1d]) {
      expect(pool(zeros([0, 4, 2]), 2).shape).toEqual([0, 2, 2]);
      expect(pool(zeros([2, 4, 0]), 2).shape).toEqual([2, 2, 0]);
      expect(pool(zeros([1, 0, 2] as number[]), 2, { padding: "same" }).shape).toEqual([1, 0, 2]);
    }
  });

  it("says what does not fit", () => {
    const pool = (x: number[], window: unknown, options?: object) => () =>
      maxPool2d(zeros(x) as Tensor, window as number, options);
    expect(pool([1, 2, 2, 1], 3)).toThrow(/^maxPool2d: window 3×3 does not fit \[1, 2, 2, 1\]$/);
    expect(pool([2, 2, 1], 2)).toThrow(/^maxPool2d: x must be \[n, h, w, c\], not \[2, 2, 1\]/);
    expect(pool([1, 4, 4, 1], 2, { padding: 2 })).toThrow(/must be less than the window, 2×2/);
    for (const window of [0, -1, 1.5, NaN, [2], [2, 2, 2], "2", undefined])
      expect(pool([1, 4, 4, 1], window), String(window)).toThrow(ShapeError);
    expect(pool([1, 4, 4, 1], 2, { stride: 0 })).toThrow(/stride must be a whole number ≥ 1, or 2/);
  });
});

describe("global pooling", () => {
  it("reduces all spatial axes, however many", () => {
    const x = filled([2, 3, 4, 2]);
    expectClose(globalMaxPool(x), x.max([1, 2]));
    expectClose(globalAvgPool(x), x.mean([1, 2]));
    expect(globalAvgPool(x, { keepDims: true }).shape).toEqual([2, 1, 1, 2]);
    expect(globalMaxPool(filled([1, 5, 3])).shape).toEqual([1, 3]);
    expect(globalAvgPool(filled([1, 2, 2, 2, 3])).shape).toEqual([1, 3]);
  });

  it("needs a spatial axis", () => {
    expect(() => globalMaxPool(zeros([2, 3]))).toThrow(
      /globalMaxPool: x must be \[n, \.\.\.spatial, c\]/,
    );
    expect(() => globalMaxPool(zeros([2, 0, 3]))).toThrow(ShapeError);
  });
});
