import { eye, allClose, random, type Tensor } from "inkgrad";
import { dense, initializers } from "inkgrad/nn";
import { fansOf } from "@src/nn/initializers/fans.js";
import { initializerOf } from "@src/nn/initializers/named.js";
import { describe, expect, test } from "vitest";
import { readGolden } from "../../golden/cases.js";
import { kolmogorov, kolmogorovLimit, moments } from "../../support/statistics.js";

type Scaled =
  "glorotUniform" | "heUniform" | "lecunUniform" | "glorotNormal" | "heNormal" | "lecunNormal";
interface Case {
  readonly shape: number[];
  readonly fans: { in: number; out: number };
  readonly bounds: Partial<Record<Scaled, number>>;
  readonly stds: Partial<Record<Scaled, number>>;
}
const cases = readGolden("initializers.json").cases as Case[];

const key = random.key(11);
const valuesOf = (x: Tensor): number[] => x.reshape([-1]).toArray() as number[];
/** A kernel with the fans of a small one, of many numbers: only ratios of sizes count. */
const many = [100, 150];

describe.each(cases)("of a kernel $shape", ({ shape, fans, bounds, stds }) => {
  test("the fans are PyTorch's", () => expect(fansOf(shape)).toEqual(fans));

  test.each(Object.entries(bounds))("%s has PyTorch's bound", (name, bound) => {
    const draws = Array.from({ length: 40 }, (_, i) =>
      valuesOf(initializers[name as Scaled]()(random.foldIn(key, i), shape)),
    ).flat();
    const greatest = Math.max(...draws.map(Math.abs));
    expect(greatest).toBeLessThanOrEqual(bound * (1 + 1e-6));
    expect(greatest).toBeGreaterThan(bound * 0.97);
  });

  test.each(Object.entries(stds))("%s has PyTorch's standard deviation", (name, std) => {
    const draws = Array.from({ length: Math.ceil(40_000 / fans.in) }, (_, i) =>
      valuesOf(initializers[name as Scaled]()(random.foldIn(key, i), shape)),
    )
      .flat()
      .slice(0, 40_000);
    const { mean, variance } = moments(draws);
    const n = draws.length;
    expect(Math.abs(mean)).toBeLessThan((4 * std) / Math.sqrt(n));
    expect(Math.abs(Math.sqrt(variance) / std - 1)).toBeLessThan(4 / Math.sqrt(2 * n));
    // Cut at two standard deviations of the normal before the cut.
    expect(Math.max(...draws.map(Math.abs))).toBeLessThan((2 * std) / 0.8796 + 1e-6);
  });
});

test("vectors count as both fans, single numbers as 1, embeddings as matrices", () => {
  expect(fansOf([7])).toEqual({ in: 7, out: 7 });
  expect(fansOf([])).toEqual({ in: 1, out: 1 });
  expect(fansOf([1000, 16])).toEqual({ in: 1000, out: 16 });
});

test("uniform, normal and their kin have the distributions that they say", () => {
  const draw = (one: (k: typeof key, shape: number[]) => Tensor): number[] =>
    valuesOf(one(key, many));
  const uniform = draw(initializers.uniform({ min: -1, max: 3 }));
  expect(kolmogorov(uniform, (x) => Math.min(1, Math.max(0, (x + 1) / 4)))).toBeLessThan(
    kolmogorovLimit,
  );
  const normal = moments(draw(initializers.normal({ mean: 1, std: 0.5 })));
  expect(normal.mean).toBeCloseTo(1, 1);
  expect(Math.sqrt(normal.variance)).toBeCloseTo(0.5, 1);
  const cut = draw(initializers.truncatedNormal({ std: 2 }));
  expect(Math.max(...cut.map(Math.abs))).toBeLessThanOrEqual(4);
  expect(Math.sqrt(moments(cut).variance)).toBeCloseTo(2 * 0.8796, 1);
  expect(new Set(draw(initializers.constant(0.25)))).toEqual(new Set([0.25]));
  expect(new Set(draw(initializers.zeros()))).toEqual(new Set([0]));
  expect(new Set(draw(initializers.ones()))).toEqual(new Set([1]));
});

test("varianceScaling has the variance scale / fan, for every fan and distribution", () => {
  for (const distribution of ["uniform", "normal"] as const)
    for (const [fan, count] of [
      ["in", 100],
      ["out", 150],
      ["average", 125],
    ] as const) {
      const values = valuesOf(
        initializers.varianceScaling({ scale: 3, fan, distribution })(key, many),
      );
      const { variance } = moments(values);
      expect(Math.abs(variance / (3 / count) - 1), `${distribution} ${fan}`).toBeLessThan(0.05);
    }
});

test.each([[[5, 5]], [[6, 3]], [[3, 6]], [[3, 3, 2, 4]]])(
  "orthogonal gives %j orthonormal columns, or rows where it is wide",
  (shape) => {
    const q = initializers.orthogonal({ gain: 2 })(key, shape);
    expect(q.shape).toEqual(shape);
    const matrix = q.reshape([-1, shape[shape.length - 1]]) as Tensor;
    const wide = matrix.shape[0] < matrix.shape[1];
    const products = (
      wide ? matrix.matmul(matrix.transpose()) : matrix.transpose().matmul(matrix)
    ) as Tensor;
    expect(allClose(products, eye(products.shape[0]).mul(4), { atol: 1e-5 })).toBe(true);
  },
);

test("orthogonal turns a direction to every side alike", () => {
  const first = Array.from({ length: 400 }, (_, i) =>
    valuesOf(initializers.orthogonal()(random.foldIn(key, i), [2, 2])),
  );
  // A uniform direction's angle is uniform: so is the sign of each component.
  const angles = first.map(([a, , c]) => Math.atan2(c, a) / (2 * Math.PI) + 0.5);
  expect(kolmogorov(angles, (t) => t)).toBeLessThan(kolmogorovLimit);
});

test("names are this library's and Keras's", () => {
  const same = (name: string, one: string): void =>
    expect(valuesOf(initializerOf(name as never, "test")(key, [3, 4])), name).toEqual(
      valuesOf(initializerOf(one as never, "test")(key, [3, 4])),
    );
  same("he_normal", "heNormal");
  same("xavier_uniform", "glorotUniform");
  same("kaimingNormal", "heNormal");
  same("random_normal", "normal");
  same("truncated_normal", "truncatedNormal");
  dense(3, { kernelInitializer: "lecun_uniform", biasInitializer: "random_uniform" });
  for (const name of Object.keys(initializers))
    expect(initializerOf(name as never, "test")(key, [2, 2]).shape).toEqual([2, 2]);
});

test("what is no initializer is refused with the names that there are", () => {
  expect(() => initializerOf("he" as never, "dense")).toThrow(
    /dense: unknown initializer "he"; there are .*heNormal.*give a function/,
  );
  expect(() => initializerOf("toString" as never, "dense")).toThrow(/unknown initializer/);
  expect(() => initializers.orthogonal()(key, [3])).toThrow(
    /needs a matrix or a kernel, not \[3\]/,
  );
  expect(() => initializers.uniform({ min: 1, max: 1 })).toThrow(/min must be below max/);
  expect(() => initializers.normal({ std: -1 })).toThrow(/std must be a finite number ≥ 0/);
  expect(() => initializers.varianceScaling({ scale: 0 })).toThrow(/scale must be positive/);
});
