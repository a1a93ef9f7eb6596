import { type Tensor, tensor, vjp } from "inkgrad";
import { transforms } from "inkgrad/data";
import { describe, expect, it } from "vitest";
import { blurred } from "@src/data/transforms/elastic.js";
import { type GoldenTensor, readGolden } from "./cases.js";

interface Case {
  readonly fn: string;
  readonly [part: string]: unknown;
}
const cases = readGolden("transforms.json").cases as Case[];
const of = (name: string): Case[] => cases.filter(({ fn }) => fn === name);

const read = (value: unknown): Tensor => {
  const { data, shape, dtype } = value as GoldenTensor;
  return tensor(data as number[], { shape, dtype });
};

/** Sums of a few dozen products of numbers below 1, in f64. */
const tolerance = 1e-13;
async function expectClose(found: Tensor, value: unknown): Promise<void> {
  const { data, shape } = value as GoldenTensor;
  expect(found.shape).toEqual(shape);
  expect(found.dtype).toBe("f64");
  const elements = await found.data();
  const worst = data.reduce((most, x, i) => Math.max(most, Math.abs(x - elements[i])), 0);
  expect(worst).toBeLessThan(tolerance);
}

describe("resize agrees with PyTorch's interpolate, and with exact areas", () => {
  it.each(
    of("resize").map((one): [string, Case] => [
      JSON.stringify([(one.x as GoldenTensor).shape, one.size, one.options]),
      one,
    ]),
  )("%s", async (_, one) => {
    const { x, size, options, out } = one;
    await expectClose(transforms.resize(size as [number, number], options as object)(read(x)), out);
  });
});

describe("sample agrees with PyTorch's grid_sample", () => {
  it.each(of("sample").map((one, i) => [i, one] as const))(
    "case %i, and its gradients",
    async (_, one) => {
      const args = [read(one.x), read(one.rows), read(one.columns)] as const;
      const [out, back] = vjp(
        (x: Tensor, y: Tensor, at: Tensor) => transforms.sample(x, y, at),
        ...args,
      );
      await expectClose(out, one.out);
      const gradients = back(read(one.cotangent)) as readonly Tensor[];
      for (const [i, gradient] of gradients.entries())
        await expectClose(gradient, (one.gradients as unknown[])[i]);
    },
  );
});

describe("affine agrees with PyTorch's affine_grid and grid_sample", () => {
  it.each(of("affine").map((one) => [JSON.stringify(one.options), one] as const))(
    "%s",
    async (_, one) => {
      const { rotate, scale, shear, translate } = one.options as Record<
        string,
        number & [number, number]
      >;
      // In f64 all the way: a number alone would be made f32.
      const both = (x: number): Tensor => tensor([x, x], { dtype: "f64" });
      const found = transforms.affine(read(one.x), {
        rotate: both(rotate),
        scale: [both(scale[0]), both(scale[1])],
        shear: both(shear),
        translate: [both(translate[0]), both(translate[1])],
      });
      await expectClose(found, one.out);
      const plain = transforms.affine(read(one.x), one.options as object);
      expect(plain.sub(found).abs().max().item()).toBeLessThan(2e-6);
    },
  );
});

describe("the smoothing of elastic distortion agrees with SciPy's gaussian_filter", () => {
  it.each(of("blurred").map((one) => [one.sigma, one] as const))("sigma %d", async (_, one) => {
    await expectClose(blurred(read(one.x), one.sigma as number), one.out);
  });
});
