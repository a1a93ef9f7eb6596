import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  checkGradients,
  fft,
  fftFrequencies,
  ifft,
  irfft,
  rfft,
  ShapeError,
  tensor,
  type Tensor,
  ValueError,
  vmap,
  zeros,
} from "inkgrad";
import { expectClose, filled, flat, inner } from "./helpers.js";

const vector = (...xs: number[]): Tensor<[number], "f64"> => tensor(new Float64Array(xs));
const lengths = fc.integer({ min: 1, max: 40 });

describe("fft", () => {
  it("is the sum of its definition for every length, prime ones too", () => {
    fc.assert(
      fc.property(lengths, (n) => {
        const [re, im] = [filled([n], 1), filled([n], 2)];
        const [xs, ys] = [flat(re), flat(im)];
        const sum = (part: (x: number, y: number, angle: number) => number) =>
          tensor(
            Float64Array.from({ length: n }, (_, k) =>
              xs.reduce((t, x, j) => t + part(x, ys[j], (-2 * Math.PI * ((j * k) % n)) / n), 0),
            ),
          );
        const [fr, fi] = fft(re, im);
        expectClose(
          fr,
          sum((x, y, t) => x * Math.cos(t) - y * Math.sin(t)),
        );
        expectClose(
          fi,
          sum((x, y, t) => x * Math.sin(t) + y * Math.cos(t)),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("is undone by ifft", () => {
    fc.assert(
      fc.property(lengths, fc.constantFrom(0, 1, -1), (n, axis) => {
        const shape = axis === 0 ? [n, 3] : [3, n];
        const [re, im] = [filled(shape, 1), filled(shape, 2)];
        const [br, bi] = ifft(...fft(re, im, { axis }), { axis });
        expectClose(br, re);
        expectClose(bi, im);
      }),
      { numRuns: 40 },
    );
  });

  it("keeps the energy, times the length (Parseval)", () => {
    fc.assert(
      fc.property(lengths, (n) => {
        const [re, im] = [filled([n], 1), filled([n], 2)];
        const [fr, fi] = fft(re, im);
        const energy = n * (inner(re, re) + inner(im, im));
        expect(inner(fr, fr) + inner(fi, fi)).toBeCloseTo(energy, 8);
      }),
      { numRuns: 40 },
    );
  });

  it("makes of an impulse a wave of its own frequency", () => {
    const [one, none] = fft(vector(1, 0, 0, 0));
    expect([flat(one), flat(none)]).toEqual([
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]);
    const [re, im] = fft(vector(0, 1, 0, 0, 0, 0));
    const angles = [0, 1, 2, 3, 4, 5].map((k) => (-2 * Math.PI * k) / 6);
    expectClose(re, vector(...angles.map(Math.cos)));
    expectClose(im, vector(...angles.map(Math.sin)));
  });

  it("cuts and fills to n points, along any axis", () => {
    const [re, im] = fft(vector(1, 2, 4), undefined, { n: 5 });
    expectClose(
      re,
      vector(7, -1.618033988749895, 0.6180339887498949, 0.6180339887498949, -1.618033988749895),
    );
    expectClose(
      im,
      vector(0, -4.2532540417602, 2.628655560595668, -2.628655560595668, 4.2532540417602),
    );
    const [cut] = fft(vector(1, 2, 4), undefined, { n: 2 });
    expect(flat(cut)).toEqual([3, -1]);
    expect(fft(zeros([2, 3, 4]), undefined, { axis: 1, n: 7 })[0].shape).toEqual([2, 7, 4]);
  });

  it("turns integers into f32, keeps f64, and does without rows", () => {
    expect(fft(tensor([1, 2], { dtype: "i32" }))[0].dtype).toBe("f32");
    expect(fft(vector(1, 2))[1].dtype).toBe("f64");
    expect(fft(zeros([0, 4]))[0].shape).toEqual([0, 4]);
    expect(flat(fft(vector(3))[0])).toEqual([3]);
  });

  it("has gradients that agree with differences, and can be vmapped", () => {
    const args = [filled([2, 6], 1), filled([2, 6], 2)];
    checkGradients((x: Tensor, y: Tensor): Tensor[] => fft(x, y, { axis: 0, n: 3 }), args);
    checkGradients((x: Tensor, y: Tensor): Tensor[] => ifft(x, y), args);
    checkGradients((x: Tensor): Tensor[] => rfft(x), [args[0]]);
    for (const n of [4, 5, 10])
      checkGradients((x: Tensor, y: Tensor): Tensor => irfft(x, y, { n }), args);
    const rows = vmap((x: Tensor): Tensor => rfft(x)[1])(args[0]);
    expectClose(rows, rfft(args[0])[1]);
  });

  it("refuses no points, other shapes and axes that are not there", () => {
    expect(() => fft(zeros([2, 0]))).toThrow(/fft: needs one point or more, got n = 0/);
    expect(() => fft(vector(1), undefined, { n: 0 })).toThrow(ShapeError);
    expect(() => fft(vector(1), undefined, { n: 1.5 })).toThrow(ShapeError);
    expect(() => fft(vector(1, 2), vector(1))).toThrow(
      /fft: real and imaginary parts must have the same shape, got \[2\] and \[1\]/,
    );
    expect(() => fft(vector(1), undefined, { axis: 1 })).toThrow(/fft: axis 1 is out of range/);
    expect(() => fft(zeros([]))).toThrow(ShapeError);
    expect(() => irfft(vector(1), vector(0))).toThrow(/irfft: needs one point or more, got n = 0/);
  });
});

describe("rfft and irfft", () => {
  it("are the first half of fft, and its inverse, for odd and even lengths", () => {
    fc.assert(
      fc.property(lengths, (n) => {
        const x = filled([2, n]);
        const [re, im] = rfft(x);
        expect(re.shape).toEqual([2, Math.floor(n / 2) + 1]);
        const [whole] = fft(x);
        expect(flat(re)[0]).toBe(flat(whole)[0]);
        expectClose(irfft(re, im, { n }), x);
      }),
      { numRuns: 40 },
    );
  });

  it("have NumPy's values, with imaginary parts where none can be", () => {
    const [re, im] = [vector(1, 2, 3, 4), vector(5, 6, 7, 8)];
    const known: [number | undefined, number[]][] = [
      [
        undefined,
        [
          2.5, -4.4194434163992335, 0.28867513459481287, -0.16666666666666666, -0.28867513459481287,
          3.0861100830659005,
        ],
      ],
      [5, [2.2, -4.4519411432772715, 1.1758804378744734, -1.3286668423745154, 3.4047275477773145]],
      [4, [2, -3.5, 0, 2.5]],
      [2, [1.5, -0.5]],
      [1, [1]],
      [
        10,
        [
          1.9, -3.196708452761439, -1.932727763470637, 0.7602845384482461, -0.686536611635051, -0.5,
          1.1045706003849458, -0.4838913361982249, 0.11469377472074208, 3.920315250511418,
        ],
      ],
    ];
    for (const [n, values] of known)
      expectClose(irfft(re, im, n === undefined ? {} : { n }), vector(...values));
  });
});

describe("fftFrequencies", () => {
  it("has the positive ones first, then the negative", () => {
    expectClose(fftFrequencies(5, 0.5, { dtype: "f64" }), vector(0, 0.4, 0.8, -0.8, -0.4));
    expect(flat(fftFrequencies(4))).toEqual([0, 0.25, -0.5, -0.25]);
    expect(flat(fftFrequencies(1))).toEqual([0]);
    expect(() => fftFrequencies(0)).toThrow(ShapeError);
    expect(() => fftFrequencies(4, 0)).toThrow(ValueError);
  });
});
