import { arange, ones, random, tensor, type Tensor } from "inkgrad";
import * as nn from "inkgrad/nn";
import type { Layer } from "inkgrad/nn";
import { inference } from "@src/nn/layer.js";
import { describe, expect, test } from "vitest";

/** What layers give for which no golden numbers stand: formulas and sums that can be done by hand. */

const apply = (layer: Layer, x: Tensor, context = inference): Tensor => layer.apply({}, x, context);
const f64 = (rows: number[][]): Tensor => tensor(rows, { dtype: "f64" });

describe("activations", () => {
  const points = [-2, -0.5, 0, 0.5, 3];
  const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
  // Φ at the points, from tables.
  const normal = [0.0227501319481792, 0.308537538725987, 0.5, 0.691462461274013, 0.99865010196837];
  const total = points.reduce((sum, x) => sum + Math.exp(x), 0);
  const formulas: { [name: string]: (x: number, i: number) => number } = {
    linear: (x) => x,
    relu: (x) => Math.max(x, 0),
    leakyRelu: (x) => (x > 0 ? x : 0.01 * x),
    elu: (x) => (x > 0 ? x : Math.expm1(x)),
    gelu: (x, i) => x * normal[i],
    silu: (x) => x * sigmoid(x),
    sigmoid,
    tanh: Math.tanh,
    softmax: (x) => Math.exp(x) / total,
  };
  const options = { leakyRelu: { slope: 0.3 }, elu: { alpha: 0.5 } } as const;
  const withOptions: typeof formulas = {
    leakyRelu: (x) => (x > 0 ? x : 0.3 * x),
    elu: (x) => (x > 0 ? x : 0.5 * Math.expm1(x)),
  };
  const requireFormula = (layer: Layer, formula: (x: number, i: number) => number): void => {
    const [row] = apply(layer, f64([points])).toArray() as number[][];
    row.forEach((y, i) => expect(y, `of ${points[i]}`).toBeCloseTo(formula(points[i], i), 13));
  };

  test.each(Object.keys(formulas))("%s is its formula", (name) => {
    const make = (nn as unknown as Record<string, (options?: object) => Layer>)[name];
    requireFormula(make(), formulas[name]);
    if (Object.hasOwn(options, name))
      requireFormula(make(options[name as keyof typeof options]), withOptions[name]);
  });

  test.each([
    ...Object.keys(formulas).map((name) => [name, name]),
    ["leaky_relu", "leakyRelu"],
    ["swish", "silu"],
  ])("the string %s stands for %s", (written, name) => {
    const layer = nn.dense(points.length, { activation: written as "relu", bias: false });
    const kernel = f64(points.map((_, i) => points.map((_, j) => (i === j ? 1 : 0))));
    const given = {
      ...layer,
      apply: (_: unknown, x: Tensor) => layer.apply({ kernel }, x, inference),
    };
    requireFormula(given, formulas[name]);
  });
});

describe("composition", () => {
  const x = tensor([[1, -2, 3]]);
  const times = (factor: number): Layer => nn.lambda(`times ${factor}`, (h) => h.mul(factor));
  const plus = (more: number): Layer => nn.lambda(`plus ${more}`, (h) => h.add(more));
  const loosely = nn as unknown as Record<string, (...args: unknown[]) => Layer>;
  const of = (layer: Layer): unknown => (apply(layer, x).toArray() as number[][])[0];

  test("sequential goes from the first layer to the last", () => {
    expect(of(loosely.sequential(times(10), plus(1)))).toEqual([11, -19, 31]);
  });

  test("residual adds what its layers make, one after another, to x, or to its shortcut's", () => {
    expect(of(loosely.residual(times(10), plus(1)))).toEqual([12, -21, 34]);
    expect(of(loosely.residual({ shortcut: times(2) }, plus(1)))).toEqual([4, -5, 10]);
  });

  test("parallel puts its branches side by side, or merges them number by number", () => {
    const merged = (merge?: string): unknown =>
      of(loosely.parallel([times(2), plus(1), times(-1)], merge === undefined ? {} : { merge }));
    expect(merged()).toEqual([2, -4, 6, 2, -1, 4, -1, 2, -3]);
    expect(merged("concat")).toEqual(merged());
    expect(merged("add")).toEqual([3, -3, 7]);
    expect(merged("multiply")).toEqual([-4, 8, -72]);
    expect(merged("average")).toEqual([1, -1, Math.fround(7 / 3)]);
    expect(merged("maximum")).toEqual([2, 2, 6]);
    expect(of(loosely.concat(times(2), plus(1)))).toEqual([2, -4, 6, 2, -1, 4]);
  });
});

describe("shapes", () => {
  const images = arange(24).reshape([2, 2, 3, 2]) as Tensor;

  test("flatten and reshape keep the order of the numbers, and the batch", () => {
    const [first, second] = apply(nn.flatten(), images).toArray() as number[][];
    expect(first).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
    expect(second[0]).toBe(12);
    const turned = apply(nn.reshape(3, -1), images);
    expect(turned.toArray()).toEqual(images.reshape([2, 3, 4]).toArray());
  });
});

describe("dropout", () => {
  const training = { ...inference, training: true, key: random.key(4) };

  test("clears its share of the numbers and raises the others, so that the mean stays", () => {
    const n = 40_000;
    for (const rate of [0.2, 0.5, 0.9]) {
      const values = apply(nn.dropout(rate), ones([1, n]).mul(3), training);
      const [row] = values.toArray() as number[][];
      const kept = row.filter((v) => v !== 0);
      const raised = Math.fround(3 * Math.fround(1 / (1 - rate)));
      for (const v of new Set(kept)) expect(v).toBeCloseTo(raised, 5);
      // Within four standard deviations of a share.
      const spread = Math.sqrt((rate * (1 - rate)) / n);
      expect(Math.abs(kept.length / n - (1 - rate))).toBeLessThan(4 * spread);
    }
  });

  test("leaves everything as it is outside training, and at rate 0", () => {
    const x = tensor([[1, -2, 3]]);
    expect(apply(nn.dropout(0.9), x).toArray()).toEqual(x.toArray());
    expect(apply(nn.dropout(0), x, training).toArray()).toEqual(x.toArray());
  });
});
