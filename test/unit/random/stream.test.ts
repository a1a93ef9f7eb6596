import { random, tensor, type Tensor } from "inkgrad";
import { describe, expect, it } from "vitest";

/**
 * The first numbers of one key, written down when they were first drawn. A change here changes
 * every experiment that anybody has recorded: it needs a very good reason and a line in the
 * changelog. Numbers that are exact by construction are compared exactly, those that go through
 * log, sqrt and the like to a few units in the last place.
 */
const key = random.key(42);
const f64 = { dtype: "f64" } as const;
const max = 2 ** 32;

const exact: [name: string, drawn: () => Tensor, values: unknown][] = [
  [
    "split",
    () => random.splitKeys(key, 2),
    [
      [1832780943, 270669613],
      [64467757, 2916123636],
    ],
  ],
  ["foldIn", () => random.foldIn(key, 3), [481877141, 2243357106]],
  [
    "uniform",
    () => random.uniform(key, [3]),
    [0.4267275333404541, 0.06302016973495483, 0.015010058879852295],
  ],
  [
    "uniform f64",
    () => random.uniform(key, [3], f64),
    [0.42672756361231334, 0.015010071389100932, 0.5741444160004048],
  ],
  ["integers", () => random.integers(key, [5], { max: 1000 }), [426, 15, 574, 729, 687]],
  ["integers u32", () => random.integers(key, [2], { max, dtype: "u32" }), [1832780943, 64467757]],
  ["bernoulli", () => random.bernoulli(key, [6]), [true, true, true, false, false, true]],
  ["permutation", () => random.permutation(key, 8), [2, 5, 1, 7, 0, 4, 3, 6]],
  [
    "permutation in two rounds",
    () => random.permutation(key, 100).reshape([20, 5]).max(1),
    [99, 97, 74, 58, 94, 83, 95, 75, 82, 69, 87, 93, 88, 65, 81, 79, 73, 98, 96, 85],
  ],
  ["choice", () => random.choice(key, 10, [5]), [4, 0, 5, 7, 6]],
];

const close: [name: string, drawn: () => Tensor, values: unknown][] = [
  [
    "normal",
    () => random.normal(key, [3]),
    [0.184711754322052, 1.5299042463302612, 2.1698250770568848],
  ],
  [
    "normal f64",
    () => random.normal(key, [3], f64),
    [0.18471174528191156, 2.1698245603977546, -1.4456021053773231],
  ],
  [
    "truncatedNormal",
    () => random.truncatedNormal(key, [3], f64),
    [-0.3135633963177568, 0.5713531064674324, -1.6320792738894663],
  ],
  [
    "exponential",
    () => random.exponential(key, [3], f64),
    [0.8516094865864353, 4.199034002080693, 0.5548743151802131],
  ],
  [
    "laplace",
    () => random.laplace(key, [3], f64),
    [0.15846230602649006, 3.5058868215207473, -1.9085933138650724],
  ],
  [
    "gumbel",
    () => random.gumbel(key, [3], f64),
    [0.16062720630382163, -1.4348544993307832, 0.5890136500161954],
  ],
  [
    "gamma",
    () => random.gamma(key, [3], { ...f64, alpha: 2.5 }),
    [3.0821326079185005, 3.636326281900157, 2.5523865484539394],
  ],
  [
    "beta",
    () => random.beta(key, [3], { ...f64, a: 2, b: 3 }),
    [0.5602551849586922, 0.3271241837787662, 0.11375135142247292],
  ],
  [
    "categorical",
    () => random.categorical(key, tensor([1, 2, 3, 4]), { shape: [8] }),
    [3, 2, 2, 3, 3, 3, 2, 3],
  ],
  [
    "choice with p",
    () => random.choice(key, 3, [8], { p: [0.5, 0.3, 0.2] }),
    [0, 0, 0, 0, 0, 0, 1, 2],
  ],
  [
    "choice without replacement",
    () => random.choice(key, 9, [4], { replace: false }),
    [2, 5, 1, 7],
  ],
];

describe("the stream of key 42", () => {
  it.each(exact)("%s", (_name, drawn, values) => {
    expect(drawn().toArray()).toEqual(values);
  });

  it.each(close)("%s", (_name, drawn, values) => {
    const x = drawn();
    const found = x.toArray() as number[];
    const tolerance = x.dtype === "f32" ? 2e-6 : 1e-13;
    (values as number[]).forEach((value, i) => {
      expect(Math.abs(found[i] - value)).toBeLessThanOrEqual(
        tolerance * Math.max(Math.abs(value), 1),
      );
    });
  });
});
