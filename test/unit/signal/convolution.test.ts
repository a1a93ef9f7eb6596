import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkGradients,
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
  DTypeError,
  grad,
  InkgradError,
  ShapeError,
  tensor,
  type Tensor,
  vmap,
  zeros,
} from "inkgrad";
import { expectClose, filled, flat, inner } from "./helpers.js";
import { type Convolution, convolutions, naiveConvolution } from "./naive-convolution.js";

type Layer = (x: Tensor, kernel: Tensor, options?: object) => Tensor;
const forward: Record<number, Layer> = { 1: conv1d, 2: conv2d };
const backward: Record<number, Layer> = { 1: convTranspose1d, 2: convTranspose2d };

const optionsOf = ({ attrs }: Convolution) => ({
  stride: attrs.strides.length === 1 ? attrs.strides[0] : attrs.strides,
  dilation: attrs.dilation.length === 1 ? attrs.dilation[0] : attrs.dilation,
  padding: attrs.padding,
  groups: attrs.groups,
});

describe("conv1d and conv2d", () => {
  it("agree with nested loops for every stride, padding, dilation and group", () => {
    fc.assert(
      fc.property(convolutions([1, 2]), (c) => {
        const [x, k] = [filled(c.x, 1), filled(c.k, 2)];
        expectClose(forward[c.x.length - 2](x, k, optionsOf(c)), naiveConvolution(x, k, c));
      }),
      { numRuns: 100 },
    );
  });

  it('give ⌈size / stride⌉ windows with padding "same", the odd element behind', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        (size, window, stride, dilation) => {
          const [x, k] = [filled([1, size, 1], 1), filled([window, 1, 1], 2)];
          const y = conv1d(x, k, { stride, dilation, padding: "same" });
          const count = Math.ceil(size / stride);
          expect(y.shape).toEqual([1, count, 1]);
          const total = Math.max((count - 1) * stride + (window - 1) * dilation + 1 - size, 0);
          const low = Math.floor(total / 2);
          const padding = [[low, total - low]] as const;
          expectClose(y, conv1d(x, k, { stride, dilation, padding }));
        },
      ),
      { numRuns: 60 },
    );
  });

  it("take one number for all sides", () => {
    const [x, k] = [filled([1, 4, 5, 2]), filled([3, 3, 2, 1], 2)];
    const sides = [
      [1, 1],
      [1, 1],
    ] as const;
    expectClose(conv2d(x, k, { padding: 1 }), conv2d(x, k, { padding: sides }));
    expect(conv2d(x, k, { padding: 1 }).shape).toEqual([1, 4, 5, 1]);
  });

  it("compute integers with floats as floats, and f16 as f32", () => {
    const x = tensor([1, 2, 3], { dtype: "u8" }).reshape([1, 3, 1]);
    const k = tensor([0.5, 0.25]).reshape([2, 1, 1]);
    expect(conv1d(x, k).dtype).toBe("f32");
    expect(flat(conv1d(x, k))).toEqual([1, 1.75]);
    const half = conv1d(k.reshape([1, 2, 1]).cast("f16"), k.cast("f16"));
    expect([half.dtype, ...flat(half)]).toEqual(["f32", 0.3125]);
  });

  it("keep an empty axis empty, and do without examples", () => {
    const k = zeros([3, 2, 4]);
    expect(conv1d(zeros([0, 5, 2]), k).shape).toEqual([0, 3, 4]);
    expect(conv1d(zeros([1, 0, 2] as number[]), k, { padding: "same" }).shape).toEqual([1, 0, 4]);
    expect(flat(conv1d(zeros([1, 2, 0]), zeros([1, 0, 1])))).toEqual([0, 0]);
  });

  it("have gradients that agree with differences", () => {
    const layer = (x: Tensor, k: Tensor): Tensor =>
      forward[2](x, k, { padding: "same", stride: [2, 1], groups: 2 });
    checkGradients(layer, [filled([2, 4, 3, 2]), filled([2, 3, 1, 4], 2)]);
  });

  it("say what does not fit, in the words of the types", () => {
    const conv = (x: number[], k: number[], options?: object) => () =>
      forward[x.length === 4 ? 2 : 1](zeros(x), zeros(k), options);
    expect(conv([1, 3, 3, 1], [5, 5, 1, 1])).toThrow(
      /^conv2d: window 5×5 does not fit \[1, 3, 3, 1\]$/,
    );
    expect(conv([1, 3, 3, 3], [1, 1, 1, 1])).toThrow(
      /^conv2d: x has 3 channels, kernel expects 1, \[1, 3, 3, 3\] with \[1, 1, 1, 1\]$/,
    );
    expect(conv([1, 3, 3, 4], [1, 1, 1, 2], { groups: 2 })).toThrow(
      /^conv2d: x has 4 channels, kernel expects 1 in each of 2 groups/,
    );
    expect(conv([1, 4, 2], [2, 1, 3], { groups: 2 })).toThrow(/conv1d: .* split into 2 groups/);
    expect(conv([5, 2], [2, 2, 1])).toThrow(/^conv1d: x must be \[n, w, c\], not \[5, 2\]/);
    expect(conv([1, 5, 5, 2], [2, 2, 1])).toThrow(
      /^conv2d: kernel must be \[kh, kw, c, k\], not \[2, 2, 1\]$/,
    );
  });

  it("refuse options that make no sense", () => {
    const [x, k] = [zeros([1, 5, 1]), zeros([2, 1, 1])];
    for (const options of [
      { stride: 0 },
      { stride: 1.5 },
      { stride: NaN },
      { stride: [1, 1] },
      { stride: "1" },
      { dilation: -1 },
      { groups: 0 },
      { padding: -1 },
      { padding: "full" },
      { padding: [1, 1] },
      { padding: [[1, -1]] },
      { padding: 10n },
    ])
      expect(() => forward[1](x, k, options), String(Object.values(options))).toThrow(ShapeError);
    expect(() => conv1d(x, k, { padding: "full" as "same" })).toThrow(
      /conv1d: padding must be "valid", "same", a whole number ≥ 0, or \[before, after\] for each of 1/,
    );
    expect(() => conv1d(x.cast("i32"), k.cast("i32"))).toThrow(DTypeError);
    expect(() => forward[1]([1, 2] as any, k)).toThrow(InkgradError);
  });
});

describe("convTranspose1d and convTranspose2d", () => {
  it("are the gradients of the convolutions in their input", () => {
    fc.assert(
      fc.property(convolutions([1, 2]), (c) => {
        const rank = c.x.length - 2;
        const [x, k] = [filled(c.x, 1), filled(c.k, 2)];
        const y = forward[rank](x, k, optionsOf(c));
        const g = filled(y.shape, 3);
        // The sizes that the windows do not reach: what outputPadding is for.
        const outputPadding = c.attrs.strides.map((stride, i) => {
          const { padding, dilation } = c.attrs;
          const room = c.x[i + 1] + padding[i][0] + padding[i][1] - dilation[i] * (c.k[i] - 1) - 1;
          return room % stride;
        });
        const options = {
          ...optionsOf(c),
          outputPadding: rank === 1 ? outputPadding[0] : outputPadding,
        };
        const back = backward[rank](g, k, options);
        expect(back.shape).toEqual(c.x);
        expect(inner(x, back)).toBeCloseTo(inner(y, g), 9);
      }),
      { numRuns: 100 },
    );
  });

  it("have PyTorch's values", () => {
    // x [n, c, w] and the kernel [c, k / groups, kw] of PyTorch, channels moved.
    const x = tensor(Float64Array.from({ length: 12 }, (_, i) => i + 1))
      .reshape([1, 2, 6])
      .permute([0, 2, 1]);
    const kernel = (length: number, shape: [number, number, number]) =>
      tensor(Float64Array.from({ length }, (_, i) => (i + 1) / 4))
        .reshape(shape)
        .permute([2, 1, 0]);
    const spread = convTranspose1d(x, kernel(12, [2, 2, 3]), {
      stride: 3,
      padding: 1,
      outputPadding: 2,
      dilation: 2,
    });
    expect(spread.permute([0, 2, 1]).toArray()).toEqual([
      [
        [
          0, 14.5, 14.5, 16.5, 17, 16.5, 19.5, 19.5, 18.5, 22.5, 22, 20.5, 25.5, 24.5, 22.5, 28.5,
          27, 0, 31.5, 0,
        ],
        [
          0, 20.5, 22, 22.5, 24.5, 25.5, 27, 28.5, 29, 31.5, 32.5, 32.5, 36, 36.5, 36, 40.5, 40.5,
          0, 45, 0,
        ],
      ],
    ]);
    const grouped = convTranspose1d(x, kernel(6, [2, 1, 3]), {
      stride: 2,
      padding: 1,
      outputPadding: 1,
      groups: 2,
    });
    expect(grouped.permute([0, 2, 1]).toArray()).toEqual([
      [
        [0.5, 1.25, 1, 2.25, 1.5, 3.25, 2, 4.25, 2.5, 5.25, 3, 4.5],
        [8.75, 18.5, 10, 21, 11.25, 23.5, 12.5, 26, 13.75, 28.5, 15, 18],
      ],
    ]);
  });

  it('enlarge by the stride with padding "same"', () => {
    for (const [window, stride] of [
      [3, 2],
      [2, 3],
      [4, 1],
      [5, 2],
    ]) {
      const [y, k] = [filled([2, 4, 3]), filled([window, 2, 3], 2)];
      const x = convTranspose1d(y, k, { stride, padding: "same" });
      expect(x.shape).toEqual([2, 4 * stride, 2]);
      const z = filled(x.shape, 3);
      const there = conv1d(z, k, { stride, padding: "same" });
      expect(inner(there, y)).toBeCloseTo(inner(z, x), 9);
    }
  });

  it("have gradients that agree with differences, and can be vmapped", () => {
    const layer = (x: Tensor, k: Tensor): Tensor =>
      backward[2](x, k, { stride: [2, 1], padding: 1, outputPadding: [1, 0] });
    const [x, k] = [filled([1, 2, 3, 2]), filled([3, 2, 1, 2], 2)];
    checkGradients(layer, [x, k]);
    const loss = (v: Tensor) => layer(v, k).square().sum();
    const many = filled([2, 1, 2, 3, 2], 4);
    const rows = vmap(grad(loss))(many) as Tensor;
    expect(rows.shape).toEqual(many.shape);
  });

  it("refuse what leaves nothing, and an outputPadding as large as the stride", () => {
    const [x, k] = [zeros([1, 2, 1]), zeros([2, 1, 1])];
    expect(() => convTranspose1d(x, k, { outputPadding: 1 })).toThrow(
      /convTranspose1d: outputPadding must be less than the stride/,
    );
    expect(() => convTranspose1d(x, k, { stride: 2, padding: "same", outputPadding: 1 })).toThrow(
      ShapeError,
    );
    expect(() => convTranspose1d(x, k, { padding: 2 })).toThrow(/nothing is left of the result/);
    expect(() => convTranspose1d(zeros([1, 0, 1]), k)).toThrow(/nothing is left of the result/);
    expect(() => convTranspose1d(x, zeros([2, 1, 3]))).toThrow(
      /convTranspose1d: x has 1 channels, kernel expects 3/,
    );
    expect(() => convTranspose1d(zeros([2, 1]), k)).toThrow(/x must be \[n, w, c\]/);
  });
});
