import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkGradients,
  convolve,
  convolve2d,
  correlate,
  DTypeError,
  fftConvolve,
  ShapeError,
  tensor,
  type Tensor,
  ValueError,
  vmap,
  zeros,
} from "inkgrad";
import { expectClose, filled, flat } from "./helpers.js";

const vector = (...xs: number[]): Tensor<[number], "f64"> => tensor(new Float64Array(xs));
const modes = ["full", "same", "valid"] as const;

/** By the definition, one matrix after the other; a beyond its edges by `beyond`. */
function direct(a: Tensor, c: Tensor, beyond: (i: number, j: number) => number): Tensor {
  const [[h, w], [kh, kw]] = [a.shape, c.shape];
  const cs = flat(c);
  const out = new Float64Array((h + kh - 1) * (w + kw - 1));
  for (let i = 0; i < h + kh - 1; i++)
    for (let j = 0; j < w + kw - 1; j++)
      for (let p = 0; p < kh; p++)
        for (let q = 0; q < kw; q++)
          out[i * (w + kw - 1) + j] += beyond(i - p, j - q) * cs[p * kw + q];
  return tensor(out, { shape: [h + kh - 1, w + kw - 1] });
}
const within = (a: Tensor, fill = 0) => {
  const [xs, [h, w]] = [flat(a), a.shape];
  return (i: number, j: number): number =>
    i >= 0 && i < h && j >= 0 && j < w ? xs[i * w + j] : fill;
};
const part = (x: Tensor, from: number[], size: number[]): Tensor => {
  const [rows, width] = [flat(x), x.shape[1]];
  const picked = Array.from({ length: size[0] * size[1] }, (_, at) => {
    const [i, j] = [Math.floor(at / size[1]), at % size[1]];
    return rows[(from[0] + i) * width + from[1] + j];
  });
  return tensor(Float64Array.from(picked), { shape: size });
};

const sizes = fc.integer({ min: 1, max: 6 });

describe("convolve", () => {
  it("agrees with its definition and with Fourier transforms, in every mode", () => {
    fc.assert(
      fc.property(sizes, sizes, (n, m) => {
        const [a, c] = [filled([n], 1), filled([m], 2)];
        const full = direct(a.reshape([1, n]), c.reshape([1, m]), within(a.reshape([1, n])));
        const [long, short] = [Math.max(n, m), Math.min(n, m)];
        const cut = (from: number, size: number): Tensor =>
          part(full, [0, from], [1, size]).reshape([size]);
        expectClose(convolve(a, c), full.reshape([n + m - 1]));
        expectClose(convolve(a, c, "same"), cut(Math.floor((short - 1) / 2), long));
        expectClose(convolve(a, c, "valid"), cut(short - 1, long - short + 1));
        expectClose(fftConvolve(a, c), full.reshape([n + m - 1]));
        expectClose(fftConvolve(a, c, "valid"), cut(short - 1, long - short + 1));
        expectClose(fftConvolve(a, c, "same"), cut(Math.floor((m - 1) / 2), n));
      }),
    );
  });

  it("does not mind the order of its operands", () => {
    for (const mode of modes)
      expectClose(
        convolve(filled([7]), filled([4], 2), mode),
        convolve(filled([4], 2), filled([7]), mode),
      );
  });

  it("is exact for integers beyond f32 and wraps like any sum of them", () => {
    const a = tensor([16777217, 1], { dtype: "i32" });
    const y = convolve(a, tensor([1, 3], { dtype: "i32" }));
    expect([y.dtype, ...flat(y)]).toEqual(["i32", 16777217, 50331652, 3]);
    const large = tensor([2 ** 31 - 1], { dtype: "i32" });
    expect(flat(convolve(large, large))).toEqual([1]);
    const bytes = tensor([200, 200], { dtype: "u8" });
    expect([convolve(bytes, bytes).dtype, ...flat(convolve(bytes, bytes))]).toEqual([
      "u32",
      40000,
      80000,
      40000,
    ]);
    const bools = tensor([true, true]);
    expect([convolve(bools, bools).dtype, ...flat(convolve(bools, bools, "same"))]).toEqual([
      "i32",
      1,
      2,
    ]);
    expect(convolve(a, vector(1)).dtype).toBe("f64");
  });

  it("has gradients that agree with differences, and can be vmapped", () => {
    for (const mode of modes) {
      const f = (a: Tensor, c: Tensor): Tensor => convolve(a, c, mode);
      checkGradients(f, [filled([5]), filled([3], 2)]);
      checkGradients(
        (a: Tensor, c: Tensor): Tensor => fftConvolve(a, c, mode),
        [filled([3]), filled([5], 2)],
      );
      const many = filled([2, 5]);
      const rows = vmap(f, { inAxes: [0, null] })(many, filled([3], 2));
      const first = f(part(many, [0, 0], [1, 5]).reshape([5]), filled([3], 2));
      expectClose(part(rows, [0, 0], [1, first.size]).reshape([first.size]), first);
    }
  });

  it("refuses nothing, matrices and unknown modes", () => {
    const a = vector(1, 2);
    expect(() => convolve(a, vector())).toThrow(
      /convolve: needs one element or more on either side, got \[2\] and \[0\]/,
    );
    expect(() => convolve(zeros([2, 2]), a)).toThrow(
      /convolve: takes two vectors \[n\], got \[2, 2\] and \[2\]/,
    );
    expect(() => convolve(a, a, "middle" as "same")).toThrow(
      /convolve: mode must be one of "full", "same", "valid", got middle/,
    );
    expect(() => convolve(a, a, "middle" as "same")).toThrow(ValueError);
  });
});

describe("correlate", () => {
  it("has NumPy's values, whichever of the two is longer", () => {
    const [v, a] = [vector(0, 1, 0.5, -1, 2), vector(1, 2, 3)];
    expect(flat(correlate(v, a))).toEqual([3.5, -1, 4.5]);
    expect(flat(correlate(a, v))).toEqual([4.5, -1, 3.5]);
    expect(flat(correlate(v, a, "same"))).toEqual([3, 3.5, -1, 4.5, 3]);
    expect(flat(correlate(v, a, "full"))).toEqual([0, 3, 3.5, -1, 4.5, 3, 2]);
    const [even, short] = [vector(0, 1, 0.5, -1), vector(1, 2)];
    expect(flat(correlate(even, short, "same"))).toEqual([0, 2, 2, -1.5]);
    expect(flat(correlate(short, even, "same"))).toEqual([-1.5, 2, 2, 0]);
  });
});

describe("convolve2d", () => {
  const cases = fc.record({ h: sizes, w: sizes, kh: sizes, kw: sizes });

  it("agrees with its definition in every mode and beyond every boundary", () => {
    fc.assert(
      fc.property(cases, ({ h, w, kh, kw }) => {
        const [a, c] = [filled([h, w], 1), filled([kh, kw], 2)];
        const xs = flat(a);
        const modulo = (i: number, n: number): number => ((i % n) + n) % n;
        const mirrored = (i: number, n: number): number =>
          Math.min(modulo(i, 2 * n), 2 * n - 1 - modulo(i, 2 * n));
        const beyond = {
          fill: within(a, 0.5),
          wrap: (i: number, j: number) => xs[modulo(i, h) * w + modulo(j, w)],
          symmetric: (i: number, j: number) => xs[mirrored(i, h) * w + mirrored(j, w)],
        };
        for (const boundary of ["fill", "wrap", "symmetric"] as const) {
          const full = direct(a, c, beyond[boundary]);
          const options = { boundary, fillValue: 0.5 };
          expectClose(convolve2d(a, c, options), full);
          const start = [Math.floor((kh - 1) / 2), Math.floor((kw - 1) / 2)];
          expectClose(convolve2d(a, c, { ...options, mode: "same" }), part(full, start, [h, w]));
          if (h >= kh && w >= kw)
            expectClose(
              convolve2d(a, c, { ...options, mode: "valid" }),
              part(full, [kh - 1, kw - 1], [h - kh + 1, w - kw + 1]),
            );
        }
        expectClose(convolve2d(a, c), fftConvolve(a, c));
        expectClose(convolve2d(a, c, { mode: "same" }), fftConvolve(a, c, "same"));
      }),
      { numRuns: 60 },
    );
  });

  it("has SciPy's values where the kernel is larger than the image", () => {
    const a = tensor([
      [1, 2],
      [3, 4],
    ]);
    const k = tensor([
      [1, 1, 1],
      [1, 2, 1],
      [1, 1, 3],
    ]);
    expect(convolve2d(a, k, { mode: "same", boundary: "wrap" }).toArray()).toEqual([
      [36, 32],
      [28, 24],
    ]);
    const ones = tensor(new Float32Array(25).fill(1), { shape: [5, 5] });
    expect(convolve2d(a, ones, { mode: "same", boundary: "symmetric" }).toArray()).toEqual([
      [70, 65],
      [60, 55],
    ]);
    const nine = tensor(
      Float64Array.from({ length: 9 }, (_, i) => i),
      { shape: [3, 3] },
    );
    expect(convolve2d(a, nine, { mode: "valid" }).toArray()).toEqual([
      [13, 23],
      [43, 53],
    ]);
  });

  it("is exact for integers", () => {
    const a = tensor([[16777217, 1]], { dtype: "i32" });
    const k = tensor([[1], [1]], { dtype: "i32" });
    expect(flat(convolve2d(a, k))).toEqual([16777217, 1, 16777217, 1]);
    expect(flat(convolve2d(a, k, { fillValue: 1 }))).toEqual([16777218, 2, 16777218, 2]);
    expect(flat(convolve2d(a, k, { mode: "same", boundary: "wrap" }))).toEqual([33554434, 2]);
  });

  it("has gradients that agree with differences", () => {
    for (const boundary of ["fill", "wrap", "symmetric"] as const)
      checkGradients(
        (a: Tensor, c: Tensor): Tensor =>
          convolve2d(a, c, { mode: "same", boundary, fillValue: 2 }),
        [filled([3, 2]), filled([2, 3], 2)],
      );
  });

  it("refuses what has no answer", () => {
    const [a, k] = [zeros([2, 3]), zeros([3, 2])];
    expect(() => convolve2d(a, k, { mode: "valid" })).toThrow(
      /fits into the other along every axis/,
    );
    expect(() => fftConvolve(a, k, "valid")).toThrow(ShapeError);
    expect(() => convolve2d(a, zeros([0, 2]))).toThrow(/needs one element or more/);
    expect(() => convolve2d(a, zeros([2]))).toThrow(/takes two matrices \[h, w\]/);
    expect(() => convolve2d(a, k, { boundary: "reflect" as "wrap" })).toThrow(
      /boundary must be one of/,
    );
    expect(() => convolve2d(a.cast("i32"), k.cast("i32"), { fillValue: 0.5 })).toThrow(DTypeError);
    expect(() => fftConvolve(zeros([2]), a)).toThrow(/same number of axes/);
    expect(() => fftConvolve(zeros([]), zeros([]))).toThrow(ShapeError);
    expect(() => fftConvolve(zeros([0]), zeros([1]))).toThrow(ShapeError);
  });
});
