import fc from "fast-check";
import { tensor, type Tensor } from "inkgrad";
import { flat } from "./helpers.js";

/** A convolution of any rank, as small as what can go wrong. */
export interface Convolution {
  readonly x: number[];
  readonly k: number[];
  readonly attrs: {
    readonly strides: number[];
    readonly padding: [number, number][];
    readonly dilation: number[];
    readonly groups: number;
  };
}

const upTo = (n: number, from = 1): fc.Arbitrary<number> => fc.integer({ min: from, max: n });

/** Every stride, dilation, group and asymmetric padding; sizes that leave at least one window. */
export const convolutions = (ranks: readonly number[]): fc.Arbitrary<Convolution> =>
  fc.constantFrom(...ranks).chain((rank) =>
    fc
      .record({
        n: upTo(2, 0),
        axes: fc.array(
          fc.record({
            stride: upTo(3),
            dilation: upTo(3),
            window: upTo(3),
            padding: fc.tuple(upTo(3, 0), upTo(3, 0)),
            spare: upTo(rank === 3 ? 2 : 5, 0),
          }),
          { minLength: rank, maxLength: rank },
        ),
        groups: upTo(3),
        channels: upTo(2),
        features: upTo(2),
      })
      .map(({ n, axes, groups, channels, features }) => ({
        x: [
          n,
          ...axes.map(({ dilation, window, padding, spare }) =>
            Math.max(dilation * (window - 1) + 1 + spare - padding[0] - padding[1], 1),
          ),
          channels * groups,
        ],
        k: [...axes.map((axis) => axis.window), channels, features * groups],
        attrs: {
          strides: axes.map((axis) => axis.stride),
          padding: axes.map((axis) => axis.padding),
          dilation: axes.map((axis) => axis.dilation),
          groups,
        },
      })),
  );

/** All index vectors within a shape, in row-major order. */
export const indices = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (list, n) => list.flatMap((index) => Array.from({ length: n }, (_, i) => [...index, i])),
    [[]],
  );

const at = (shape: readonly number[], index: readonly number[]): number =>
  index.reduce((offset, i, axis) => offset * shape[axis] + i, 0);

/** The definition, index by index. */
export function naiveConvolution(x: Tensor, k: Tensor, { attrs }: Convolution): Tensor {
  const { strides, padding, dilation, groups } = attrs;
  const [xs, ks] = [flat(x), flat(k)];
  const window = k.shape.slice(0, -2);
  const [channels, features] = [k.shape.at(-2)!, k.shape.at(-1)! / groups];
  const spatial = window.map((size, i) => {
    const room = x.shape[i + 1] + padding[i][0] + padding[i][1] - (size - 1) * dilation[i] - 1;
    return Math.floor(room / strides[i]) + 1;
  });
  const shape = [x.shape[0], ...spatial, k.shape.at(-1)!];
  const y = indices(shape).map((index) => {
    const [n, f] = [index[0], index.at(-1)!];
    const group = Math.floor(f / features);
    let total = 0;
    for (const tap of indices([...window, channels])) {
      const c = group * channels + tap.at(-1)!;
      const from = window.map(
        (_, i) => index[i + 1] * strides[i] + tap[i] * dilation[i] - padding[i][0],
      );
      if (from.every((p, i) => p >= 0 && p < x.shape[i + 1]))
        total += xs[at(x.shape, [n, ...from, c])] * ks[at(k.shape, [...tap, f])];
    }
    return total;
  });
  return tensor(Float64Array.from(y), { shape });
}
