import { describe, expect, it } from "vitest";
import { inspect, random, type Tensor, valueAndGrad } from "inkgrad";
import { batchNorm, groupNorm, type Layer, layerNorm } from "inkgrad/nn";

const shape = [64, 10, 10, 32];
const x = random.normal(random.key(1), shape).add(1e4) as Tensor;
const numbers = (x.reshape([-1]) as Tensor).toArray() as unknown as number[];

/** Each number's place among the lists that are normalised together, by its index. */
const lists: { readonly [kind: string]: (i: number) => number } = {
  layerNorm: (i) => Math.floor(i / 32),
  groupNorm: (i) => Math.floor(i / 3200) * 4 + Math.floor((i % 32) / 8),
  batchNorm: (i) => i % 32,
};
const layers: readonly Layer[] = [layerNorm(), groupNorm(4), batchNorm()] as never;

/** What the layer should give, in f64 from the f32 numbers. */
function exact(listOf: (i: number) => number): number[] {
  const sums = new Map<number, { n: number; sum: number; squares: number }>();
  const of = (i: number) => {
    const list = listOf(i);
    const found = sums.get(list) ?? { n: 0, sum: 0, squares: 0 };
    sums.set(list, found);
    return found;
  };
  numbers.forEach((one, i) => {
    const list = of(i);
    list.n++;
    list.sum += one - 1e4;
  });
  numbers.forEach((one, i) => {
    const list = of(i);
    list.squares += (one - 1e4 - list.sum / list.n) ** 2;
  });
  return numbers.map((one, i) => {
    const { n, sum, squares } = of(i);
    return (one - 1e4 - sum / n) / Math.sqrt(squares / n + 1e-5);
  });
}

describe.each(layers.map((layer) => [layer.kind, layer] as const))("%s", (kind, layer) => {
  const params = layer.init?.(random.key(0), shape.slice(1)) ?? {};
  const context = {
    training: true,
    state: layer.initState?.(shape.slice(1)),
    keep: () => undefined,
  };
  const apply = (p: typeof params, x: Tensor): Tensor => layer.apply(p, x, context as never);

  it("is right for numbers around 10,000 but for the rounding of their mean", () => {
    const y = (apply(params, x).reshape([-1]) as Tensor).toArray() as unknown as number[];
    const expected = exact(lists[kind]);
    // Neighbours in f32 are 0.001 apart there, a thousandth of the deviation; the mean of some thousand
    // such numbers is off by a few of those, and y with it.
    const away = y.map((one, i) => one - expected[i]);
    expect(away.reduce((most, one) => Math.max(most, Math.abs(one)), 0)).toBeLessThan(5e-3);
    // The deviation itself: by how much y is too long, whatever was taken off it.
    const spread = (values: readonly number[]): number => {
      const mean = values.reduce((a, b) => a + b, 0) / values.length;
      return values.reduce((sum, one) => sum + (one - mean) ** 2, 0) / values.length;
    };
    expect(Math.abs(spread(y) / spread(expected) - 1)).toBeLessThan(2e-5);
  });

  it("goes through the numbers and their cotangents a few times only", () => {
    const loss = (all: { p: typeof params; x: Tensor; g: Tensor }): Tensor =>
      apply(all.p, all.x).mul(all.g).sum();
    const args = { p: params, x, g: x };
    const step = valueAndGrad(loss as never) as unknown as (a: typeof args) => unknown;
    const { kernels } = inspect(step as never, args as never);
    const bytes = 4 * numbers.length;
    const passes = kernels.reduce((sum, kernel) => sum + Math.floor(kernel.bytes / bytes), 0);
    expect(passes).toBeLessThanOrEqual({ layerNorm: 8, groupNorm: 12, batchNorm: 10 }[kind]!);
  });
});
