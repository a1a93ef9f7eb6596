import { describe, expect, it } from "vitest";
import {
  inspect,
  logSoftmax,
  oneHot,
  random,
  setBackend,
  softmax,
  type Tensor,
  tensor,
  valueAndGrad,
  vjp,
} from "inkgrad";
import { batchNorm, type Layer, layerNorm, losses } from "inkgrad/nn";

/**
 * How often memory is gone through: bytes of the buffers that kernels read and write, a group of
 * kernels as one, for what one of them has written is in the cache when the next one reads it. In
 * arrays as large as the input; the numbers of rows and columns are the few hundredths above.
 */

type Function = (...args: never[]) => unknown;

const [rows, columns] = [512, 100];
const [x, g] = [1, 2].map((seed) => random.normal(random.key(seed), [rows, columns]) as Tensor);
const classes = tensor(
  Array.from({ length: rows }, (_, i) => (7 * i) % columns),
  { dtype: "i32" },
) as Tensor;

function arrays(f: Function, ...args: unknown[]): number {
  const { kernels } = inspect(f as (...args: unknown[]) => unknown, ...args);
  return kernels.reduce((sum, { bytes }) => sum + bytes, 0) / (4 * rows * columns);
}

const pullBack =
  (f: unknown): ((x: Tensor, g: Tensor) => Tensor) =>
  (x, g) =>
    (vjp as unknown as (f: unknown, x: Tensor) => [Tensor, (g: Tensor) => [Tensor]])(f, x)[1](g)[0];

const crossEntropy = losses.sparseCategoricalCrossEntropy();
const written = (x: Tensor, classes: Tensor): Tensor =>
  (logSoftmax(x as never) as Tensor)
    .mul(oneHot(classes as never, columns) as never)
    .sum(-1)
    .mean()
    .neg();
const step = (loss: Function): Function =>
  valueAndGrad(((x: Tensor, c: Tensor) => loss(x as never, c as never)) as never);

describe("a softmax goes through memory", () => {
  it("twice: x is read, the result written", () => {
    expect(arrays(softmax as Function, x)).toBeLessThan(2.1);
    expect(arrays(logSoftmax as Function, x)).toBeLessThan(2.1);
  });

  it("three times in a pull-back: x, the cotangent, and what is pulled back", () => {
    expect(arrays(pullBack(softmax), x, g)).toBeLessThan(3.1);
    expect(arrays(pullBack(logSoftmax), x, g)).toBeLessThan(3.1);
  });

  it("twice with its cross-entropy and the gradient: the logits, and the gradient", () => {
    expect(arrays(step(crossEntropy as Function), x, classes)).toBeLessThan(2.2);
    // Written as one sum over all, the loss is not a number of each row: x is read once more for it.
    expect(arrays(step(written as Function), x, classes)).toBeLessThan(3.2);
  });

  it("and is right", () => {
    const all = (): number[][] =>
      [
        softmax(x as never) as Tensor,
        pullBack(softmax)(x.add(0), g),
        pullBack(logSoftmax)(x.add(0), g),
        ...(step(crossEntropy as Function) as (x: Tensor, c: Tensor) => Tensor[])(x, classes),
        ...(step(written as Function) as (x: Tensor, c: Tensor) => Tensor[])(x, classes),
      ].map((y) => (y.reshape([-1]) as Tensor).toArray() as unknown as number[]);
    const found = all();
    setBackend("reference");
    const expected = all();
    setBackend("wasm");
    found.forEach((list, i) => {
      const far = list.map((y, j) => Math.abs(y - expected[i][j]) / (1 + Math.abs(expected[i][j])));
      expect(far.reduce((a, b) => Math.max(a, b), 0)).toBeLessThan(2e-6);
    });
  });
});

describe("a norm goes through memory", () => {
  const layers = [
    // The rows' sums and the result by one kernel: x is read, y written. Backward x and g are read, y
    // and dx written; the sums of gamma and beta, each of a whole column, read x and g again.
    [layerNorm(), 2.1, 6.2],
    // A column's sums must be known before the first result: x; x, y. And x; x, g; x, g, y, dx.
    [batchNorm(), 3.1, 7.1],
  ] as unknown as [Layer, number, number][];

  it.each(layers.map((layer) => [layer[0].kind, ...layer] as const))(
    "as few times as %s can",
    (_, layer, forward, backward) => {
      const params = layer.init?.(random.key(0), [columns]) as never;
      const state = layer.initState?.([columns]);
      const context = { training: true, state, keep: () => undefined } as never;
      const apply = (p: never, x: Tensor): Tensor => layer.apply(p, x, context);
      const both = (p: never, x: Tensor, g: Tensor): unknown => {
        const [y, pull] = (
          vjp as unknown as (...all: unknown[]) => [Tensor, (g: Tensor) => unknown]
        )(apply, p, x);
        return [y, pull(g)];
      };
      expect(arrays(apply, params, x)).toBeLessThan(forward);
      expect(arrays(both as Function, params, x, g)).toBeLessThan(backward);
    },
  );
});
