import { describe, expect, it } from "vitest";
import {
  compile,
  conv1d,
  conv2d,
  convTranspose2d,
  inspect,
  leakyRelu,
  maxPool2d,
  relu,
  setThreads,
  type Tensor,
  tensor,
  where,
} from "inkgrad";
import { backend } from "@src/backend/registry.js";
import { seeded } from "../../support/random.js";
import { onTwoThreads } from "../../support/two-threads.js";

onTwoThreads();

type Type = "f32" | "f64";
type Tail = (sums: Tensor, bias: Tensor, other: Tensor) => Tensor;

function random(seed: string, shape: readonly number[], dtype: Type = "f32"): Tensor {
  const next = seeded(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  const numbers = Array.from({ length: size }, () => 2 * next() - 1);
  return tensor(numbers, { dtype }).reshape(shape);
}

const numbersOf = (x: Tensor): number[] => (x.reshape([-1]) as Tensor).toArray() as never;

const kernelsOf = (f: (...args: Tensor[]) => unknown, ...args: Tensor[]): string[] =>
  inspect(f, ...args).kernels.map(({ name }) => name);

const isFused = (name: string): boolean => /conv .* \+ loop/.test(name);

const tails: { readonly [name: string]: Tail } = {
  bias: (y, b) => y.add(b),
  "bias and relu": (y, b) => relu(y.add(b)),
  "bias, a residual and relu": (y, b, r) => relu(y.add(b).add(r)),
  "a slope below 0": (y, b) => leakyRelu(y.add(b), 0.3),
  "a mask": (y, _, r) => where(r.greater(0), y, 0),
  "a number": (y) => y.mul(0.5).sub(0.25),
};

const all = "bias, a residual and relu";

/** Options as conv2d has them, and sizes. */
interface Case {
  readonly x: readonly [number, number, number, number];
  readonly window: number;
  readonly features: number;
  readonly options?: {
    readonly stride?: number;
    readonly padding?: "same" | "valid";
    readonly dilation?: number;
    readonly groups?: number;
  };
}

/** A convolution with a tail against the same with its sums kept, which leaves the tail a loop. */
async function check(given: Case, tail: Tail, dtype: Type, fused = true): Promise<void> {
  const { x, window, features, options = {} } = given;
  const image = random("x", x, dtype);
  const kernel = random("k", [window, window, x[3] / (options.groups ?? 1), features], dtype);
  const bias = random("b", [features], dtype);
  const convolve = (a: Tensor, k: Tensor): Tensor => conv2d(a, k, options);
  const other = random("r", convolve(image, kernel).shape, dtype);
  const whole = (a: Tensor, k: Tensor, b: Tensor, r: Tensor): Tensor => tail(convolve(a, k), b, r);
  const kept = (a: Tensor, k: Tensor, b: Tensor, r: Tensor): Tensor[] => {
    const sums = convolve(a, k);
    return [sums, tail(sums, b, r)];
  };
  const args = [image, kernel, bias, other] as const;
  const what = `${dtype} ${JSON.stringify(given)}`;
  expect(kernelsOf(whole, ...args).some(isFused), what).toBe(fused);
  expect(kernelsOf(kept, ...args).some(isFused), what).toBe(false);
  for (const count of [1, 2]) {
    setThreads(count);
    await backend().threads!.ready();
    const expected = numbersOf(compile(kept)(...args)[1]);
    const found = numbersOf(compile(whole)(...args));
    expect(
      found.findIndex((y, i) => !Object.is(y, expected[i])),
      `${what}, ${count} threads`,
    ).toBe(-1);
  }
}

describe("a loop on the sums of a convolution", () => {
  const forms: { readonly [name: string]: Case } = {
    "strides and padding": {
      x: [3, 11, 9, 5],
      window: 3,
      features: 7,
      options: { stride: 2, padding: "same" },
    },
    dilation: { x: [2, 12, 11, 3], window: 3, features: 10, options: { dilation: 2 } },
    groups: { x: [2, 7, 8, 6], window: 2, features: 21, options: { groups: 3 } },
    "channels by themselves": {
      x: [2, 9, 7, 13],
      window: 3,
      features: 13,
      options: { groups: 13 },
    },
    "a window of one element": { x: [3, 6, 7, 12], window: 1, features: 33 },
    "minimal filtering": { x: [2, 13, 11, 16], window: 3, features: 20 },
    "minimal filtering with padding": {
      x: [2, 10, 9, 20],
      window: 3,
      features: 16,
      options: { padding: "same" },
    },
    "sums over several parts of the depth": {
      x: [1, 5, 7, 150],
      window: 3,
      features: 10,
      options: { padding: "same" },
    },
    "groups of several parts of the depth": {
      x: [1, 4, 5, 300],
      window: 3,
      features: 10,
      options: { groups: 2 },
    },
  };
  for (const [form, given] of Object.entries(forms))
    it(`changes no bit: ${form}`, async () => {
      for (const dtype of ["f32", "f64"] as const)
        for (const name of dtype === "f32" ? Object.keys(tails) : [all]) {
          const filtered = form.startsWith("minimal") && dtype === "f32";
          await check(given, tails[name], dtype, !filtered);
        }
    });

  it("any number of channels", async () => {
    for (const features of [1, 2, 3, 4, 7, 8, 10, 16, 17, 33])
      for (const dtype of features === 7 ? (["f32", "f64"] as const) : (["f32"] as const))
        await check({ x: [2, 5, 6, 3], window: 2, features }, tails[all], dtype);
  });

  it("along one axis", () => {
    const f = (x: Tensor, k: Tensor, b: Tensor): Tensor => relu(conv1d(x, k).add(b) as Tensor);
    const args = [random("x", [3, 19, 4]), random("k", [3, 4, 5]), random("b", [5])] as const;
    expect(kernelsOf(f, ...args)).toEqual(["pack 12×5", "conv 1×3 of 3×1×19×4 to 5 + loop 3×17×5"]);
    const kept = (x: Tensor, k: Tensor, b: Tensor): Tensor[] => {
      const y = conv1d(x, k) as Tensor;
      return [y, relu(y.add(b))];
    };
    expect(numbersOf(compile(f)(...args))).toEqual(numbersOf(compile(kept)(...args)[1]));
  });

  it("the mask of a derivative, on the gradient to x", () => {
    const back = (g: Tensor, k: Tensor, y: Tensor): Tensor =>
      where(y.greater(0), convTranspose2d(g, k, { stride: 2 }), 0);
    const kept = (g: Tensor, k: Tensor, y: Tensor): Tensor[] => {
      const sums = convTranspose2d(g, k, { stride: 2 }) as Tensor;
      return [sums, where(y.greater(0), sums, 0)];
    };
    for (const window of [1, 3]) {
      const [g, k] = [random("g", [2, 5, 4, 9]), random("k", [window, window, 6, 9])];
      const y = random("y", convTranspose2d(g, k, { stride: 2 }).shape);
      expect(kernelsOf(back, g, k, y).filter((name) => name.startsWith("loop"))).toEqual([]);
      expect(numbersOf(compile(back)(g, k, y))).toEqual(numbersOf(compile(kept)(g, k, y)[1]));
    }
  });

  it("waits for a residual that is computed later", () => {
    const block = (x: Tensor, k: Tensor, r: Tensor): Tensor => {
      const sums = conv2d(x, k) as Tensor;
      return relu(conv2d(r, k).add(sums) as Tensor);
    };
    const kept = (x: Tensor, k: Tensor, r: Tensor): Tensor[] => {
      const sums = [conv2d(r, k) as Tensor, conv2d(x, k) as Tensor];
      return [...sums, relu(sums[0].add(sums[1]))];
    };
    const args = [
      random("x", [2, 8, 8, 3]),
      random("k", [3, 3, 3, 5]),
      random("r", [2, 8, 8, 3]),
    ] as const;
    const names = kernelsOf(block, ...args);
    expect(names.filter((name) => name.includes("loop"))).toEqual([
      "conv 3×3 of 2×8×8×3 to 5 + loop 2×6×6×5",
    ]);
    expect(numbersOf(compile(block)(...args))).toEqual(numbersOf(compile(kept)(...args)[2]));
  });
});

describe("what stays a loop by itself", () => {
  const x = random("x", [2, 8, 8, 5]);
  const k = random("k", [3, 3, 5, 5]);
  const r = random("r", [2, 5, 8, 8]);
  const others: { readonly [name: string]: (x: Tensor, k: Tensor, r: Tensor) => unknown } = {
    "sums that are needed elsewhere": (a, b) => {
      const y = conv2d(a, b, { padding: "same" }) as Tensor;
      return [relu(y), y.sum([1, 2])];
    },
    "other places of the sums": (a, b) => {
      const y = conv2d(a, b, { padding: "same" }) as Tensor;
      return y.add(y.flip(1)).mul(2);
    },
    "a number for each image": (a, b) =>
      conv2d(a, b, { padding: "same" }).mul(a.slice([[], [0, 1], [0, 1], [0, 1]])),
    "elementary functions": (a, b) => conv2d(a, b, { padding: "same" }).tanh(),
    "results of another type": (a, b) => conv2d(a, b, { padding: "same" }).greater(0),
    "results in another order": (a, b, c) =>
      conv2d(a, b, { padding: "same" }).permute([0, 3, 1, 2]).add(c),
  };
  for (const [name, f] of Object.entries(others))
    it(name, () => {
      expect(kernelsOf(f, x, k, r).filter(isFused)).toEqual([]);
    });

  it("what is done together with a pooling", () => {
    const block = (a: Tensor, b: Tensor): Tensor => maxPool2d(relu(conv2d(a, b) as Tensor), 2);
    const names = kernelsOf(block, random("x", [4, 34, 34, 3]), random("k", [3, 3, 3, 16]));
    expect(names.slice(1)).toEqual([
      "conv 3×3 of 4×34×34×3 to 16",
      expect.stringMatching(/^loop 4×32×32×16 \+ max /),
    ]);
  });

  it("a result over an operand that is given up, elementwise or not", () => {
    const block = (a: Tensor, b: Tensor, c: Tensor): Tensor =>
      relu(conv2d(a, b, { padding: "same" }).add(c) as Tensor);
    const other = random("o", [2, 8, 8, 5]);
    const expected = numbersOf(compile(block)(x, k, other));
    for (const donate of [0, 2]) {
      const step = compile(block, { donate });
      const copies = [x, other].map((given): Tensor => given.add(0));
      for (const copy of copies) numbersOf(copy);
      expect(numbersOf(step(copies[0], k, copies[1]))).toEqual(expected);
    }
  });
});
