import { random, tensor } from "inkgrad";
import type { Tensor } from "inkgrad";

/** Every function that draws, called once: what holds for all is tested on each. */
export const draws: Record<string, (key: random.Key) => Tensor> = {
  uniform: (key) => random.uniform(key, [2, 3], { min: -1 }),
  normal: (key) => random.normal(key, [2, 3], { mean: 1, std: 2, dtype: "f64" }),
  truncatedNormal: (key) => random.truncatedNormal(key, [2, 3], { lo: -1 }),
  exponential: (key) => random.exponential(key, [2, 3]),
  laplace: (key) => random.laplace(key, [2, 3]),
  gumbel: (key) => random.gumbel(key, [2, 3]),
  gamma: (key) => random.gamma(key, [2, 3], { alpha: tensor([0.5, 1, 9]) }),
  beta: (key) => random.beta(key, [2, 3], { a: 0.5, b: 2 }),
  integers: (key) => random.integers(key, [2, 3], { min: -5, max: 1000 }),
  bernoulli: (key) => random.bernoulli(key, [2, 3], { p: 0.4 }),
  categorical: (key) => random.categorical(key, tensor([0, 1, 2]), { shape: [2, 3] }),
  permutation: (key) => random.permutation(key, 120),
  choice: (key) =>
    random.choice(key, 9, [4], { replace: false, p: new Array<number>(9).fill(1 / 9) }),
};
