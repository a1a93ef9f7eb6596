import { describe, expect, it } from "vitest";
import {
  compile,
  conv2d,
  inspect,
  relu,
  setBackend,
  type Tensor,
  tensor,
  vjp,
  where,
} from "inkgrad";
import { seeded } from "../../support/random.js";
import { onTwoThreads } from "../../support/two-threads.js";

onTwoThreads();

type Type = "f32" | "f64" | "i32";
const random = (seed: string, shape: readonly number[], dtype: Type = "f32"): Tensor => {
  const next = seeded(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  const numbers = Array.from({ length: size }, () => Math.round(64 * next() - 32) || 0);
  return tensor(numbers, { dtype }).reshape(shape);
};
const plus = (a: Tensor, b: Tensor): Tensor => a.add(b);
const rectified = (a: Tensor): Tensor => relu(a);
const flat = (x: Tensor): number[] => (x.reshape([-1]) as Tensor).toArray() as never;

describe.each(["f32", "f64", "i32"] as const)("what is the same in each row, %s", (dtype) => {
  it.each([
    [3, 40, 4],
    [5, 7, 16],
    [2, 9000, 8],
    [900, 3, 32],
    [6, 5, 12],
    [4, 4, 6],
    [7, 33, 1],
    [1, 4, 64],
    [3, 11, 400],
  ])("rows of %i × %i × %i", (...shape) => {
    const [n, w, c] = shape;
    const x = random("x", shape, dtype);
    const [scale, offset] = [random("s", [c], dtype), random("o", [c], dtype)];
    const forms: { readonly [name: string]: (x: Tensor) => Tensor[] } = {
      "a scale and an offset": (x) => [x.mul(scale).add(offset)],
      "a list for each example": (x) => [x.add(random("e", [n, 1, c], dtype))],
      "and a number for each place": (x) => [plus(x.mul(scale), random("p", [n, w, 1], dtype))],
      "and a number for each example": (x) => [plus(x.mul(scale), random("p", [n, 1, 1], dtype))],
      "two results": (x) => [x.mul(scale), x.mul(scale).sub(offset)] as Tensor[],
      "of an operand that is turned": (x) => [
        x.mul(scale).add(random("t", [n, c, w], dtype).permute([0, 2, 1])),
      ],
      "a mask": (x) => [where(x.add(offset).lessEqual(0), 0, x)],
    };
    for (const [name, form] of Object.entries(forms)) {
      const found = compile((x: Tensor) => form(x))(x).map(flat);
      setBackend("reference");
      const expected = form(x.add(0)).map(flat);
      setBackend("wasm");
      expect(found, name).toEqual(expected);
    }
  });
});

type Pull = (f: unknown, ...args: Tensor[]) => readonly [Tensor, (g: Tensor) => Tensor[]];
const namesOf = (f: (...args: Tensor[]) => unknown, ...args: Tensor[]): string[] =>
  inspect(f, ...args).kernels.map(({ name }) => name);

describe("a convolution's result", () => {
  const [x, w, v] = [
    random("x", [8, 16, 16, 3]),
    random("w", [3, 3, 3, 16]),
    random("v", [3, 3, 16, 16]),
  ];
  const conv = (a: Tensor, b: Tensor): Tensor => conv2d(a as never, b as never);
  const f = (a: Tensor, b: Tensor): Tensor => conv(relu(conv(x, a)), b);
  const step = (a: Tensor, b: Tensor, g: Tensor): Tensor[] => {
    const [y, pull] = (vjp as unknown as Pull)(f, a, b);
    return [y, ...pull(g)];
  };

  it("is kept as it is after the activation, which is what the derivative needs", () => {
    const { kernels } = inspect(step as never, w, v, random("g", [8, 12, 12, 16]));
    const loops = kernels.filter(({ name }) => name.startsWith("loop"));
    const elements = 8 * 14 * 14 * 16;
    // The first convolution gives what its activation made of it; the one loop left reads that.
    expect(kernels.filter(({ name }) => /^conv .* \+ loop/.test(name))).toHaveLength(1);
    expect(loops.map(({ bytes }) => bytes)).toEqual([4 * 3 * elements]);
  });

  it("is not written over where it is needed as it is", () => {
    const both = (a: Tensor): Tensor[] => {
      const y = conv(x, a);
      return [y, relu(y)];
    };
    const found = compile(both)(w).map(flat);
    const y = flat(conv(x, w));
    expect(found).toEqual([y, y.map((one) => Math.max(one, 0))]);
  });

  it("nor where the loop reads other places of it", () => {
    const turned = (a: Tensor): Tensor => {
      const y = conv(x, a);
      return plus(y, y.flip(1));
    };
    const y = conv(x, w);
    flat(y);
    expect(flat(compile(turned)(w))).toEqual(flat(y.add(y.flip(1))));
  });

  it("nor over donated state that is read", () => {
    const next = (a: Tensor, b: Tensor): Tensor =>
      relu((conv2d(a as never, b as never, { padding: "same" }) as Tensor).add(a));
    const state = random("d", [4, 9, 9, 16]);
    const expected = flat(next(state, v));
    const donating = compile(next, { donate: 0 });
    expect(flat(donating(state.add(0), v))).toEqual(expected);
  });

  it("is read once by what follows the activation, a pooling say", () => {
    const names = namesOf((a) => rectified(conv(x, a)).max([1, 2]), w);
    expect(names.some((name) => name.startsWith("loop 8×14×14×16"))).toBe(true);
  });
});
