import { describe, expect, it } from "vitest";
import {
  compile,
  grad,
  inspect,
  logSoftmax,
  setBackend,
  softmax,
  type Tensor,
  tensor,
  valueAndGrad,
  zeros,
} from "inkgrad";
import { hasFusedMultiplyAdd } from "@src/backend/wasm/probe.js";
import { seeded } from "../../support/random.js";

function random(seed: string, ...shape: number[]): Tensor {
  const next = seeded(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(Array.from({ length: size }, () => next() - 0.5)).reshape(shape);
}

const numbersOf = (x: Tensor): number[] => (x.reshape([-1]) as Tensor).toArray() as never;

/** Names of the kernels that a function's program has. */
const kernelsOf = (f: (...args: Tensor[]) => unknown, ...args: Tensor[]): string[] =>
  inspect(f, ...args).kernels.map(({ name }) => name);

/** The largest difference between what the compiled function gives and the reference. */
function error(f: (...args: Tensor[]) => Tensor[], ...args: Tensor[]): number {
  const found = compile(f)(...args).map(numbersOf);
  setBackend("reference");
  const copies = args.map((x): Tensor => x.add(0));
  const expected = f(...copies).map(numbersOf);
  setBackend("wasm");
  return Math.max(...found.flatMap((part, i) => part.map((x, j) => Math.abs(x - expected[i][j]))));
}

describe("kernels that are done together", () => {
  it("a product with its bias and activation", () => {
    const dense = (x: Tensor, w: Tensor, b: Tensor): Tensor => x.matmul(w).add(b).maximum(0);
    const args = [random("x", 301, 40), random("w", 40, 90), random("b", 90)];
    expect(kernelsOf(dense, ...args)).toEqual([
      "pack 40×90",
      "matmul 301×40 · 40×90 + loop 301×90",
    ]);
    expect(error((...xs) => [dense(xs[0], xs[1], xs[2])], ...args)).toBeLessThan(1e-5);
  });

  it("the mask of an activation with the product that it masks", () => {
    const loss = (a: Tensor, b: Tensor, x: Tensor, g: Tensor): Tensor =>
      x.matmul(a).maximum(0).matmul(b).mul(g).sum();
    const slopes = grad(loss as never, [0, 1]) as unknown as (...args: Tensor[]) => Tensor[];
    const args = [random("a", 60, 90), random("b", 90, 110), random("x", 128, 60)];
    const names = kernelsOf(slopes, ...args, random("g", 128, 110));
    // No pass over the hidden units by itself, forward or back.
    expect(names.filter((name) => name.includes("loop"))).toEqual([
      "matmul 128×60 · 60×90 + loop 128×90",
      "matmul 128×110 · 110×90 + loop 128×90",
    ]);
    expect(error(slopes, ...args, random("g", 128, 110))).toBeLessThan(1e-4);
  });

  it("the passes of a softmax, and of its derivative", () => {
    const x = random("s", 257, 100);
    const names = kernelsOf((y) => logSoftmax(y as never), x);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^max .* \+ .*sum/);
    const loss = (y: Tensor) => (logSoftmax(y as never) as Tensor).mul(y).mean();
    const step = valueAndGrad(loss as never) as unknown as (y: Tensor) => Tensor[];
    expect(error((y) => step(y), x)).toBeLessThan(1e-6);
  });

  it("the passes of a layer's norm", () => {
    const norm = (x: Tensor, g: Tensor): Tensor => {
      const centred = x.sub(x.mean(1, { keepDims: true }));
      const variance = centred.mul(centred).mean(1, { keepDims: true });
      return centred.div(variance.add(1e-5).sqrt()).mul(g);
    };
    const args = [random("n", 200, 96), random("g", 96)];
    expect(kernelsOf(norm, ...args)).toHaveLength(1);
    expect(error((x, g) => [norm(x, g)], ...args)).toBeLessThan(1e-5);
  });

  it("products of many matrices, each with its softmax", () => {
    const attend = (q: Tensor, k: Tensor, v: Tensor): Tensor =>
      (softmax(q.matmul(k.transpose()) as never) as Tensor).matmul(v);
    const args = ["q", "k", "v"].map((name) => random(name, 12, 33, 18));
    const names = kernelsOf(attend, ...args);
    expect(names).toHaveLength(1);
    expect(names[0]).toMatch(/^matmul .* \+ max .* \+ matmul /);
    expect(error((q, k, v) => [attend(q, k, v)], ...args)).toBeLessThan(1e-5);
  });

  it("rows of one product, and then a product for each part of the rows", () => {
    const [parts, height, columns, outputs] = [11, 123, 37, 10];
    const sums = (x: Tensor, w: Tensor): Tensor => {
      const p = softmax(x.matmul(w) as never) as Tensor;
      const own = p.reshape([parts, height, outputs]) as Tensor;
      return own.transpose().matmul(x.reshape([parts, height, columns]));
    };
    const args = [random("x", parts * height, columns), random("w", columns, outputs)];
    const names = kernelsOf(sums, ...args);
    expect(names.filter((name) => name.includes("+"))).toEqual([
      expect.stringMatching(/^matmul 1353×37 .* \+ max .* \+ matmul 11×10×123 · 123×37$/),
    ]);
    expect(error((x, w) => [sums(x, w)], ...args)).toBeLessThan(1e-5);
  });

  it("no packing of the right side for as few rows as two tiles have", () => {
    const packs = (rows: number, columns: number): boolean =>
      kernelsOf((x, w) => x.matmul(w), zeros([rows, 64]), zeros([64, columns])).some((name) =>
        name.startsWith("pack"),
      );
    // Tiles have six rows where products are added in one rounding, five elsewhere.
    const most = hasFusedMultiplyAdd() ? 12 : 10;
    expect([1, 2, most].map((rows) => packs(rows, 64))).toEqual([false, false, false]);
    expect([most + 1, 64].map((rows) => packs(rows, 64))).toEqual([true, true]);
  });

  it("not a product for parts that need other rows than are there", () => {
    const mixed = (x: Tensor, w: Tensor): Tensor => {
      const y = x.matmul(w).maximum(0) as Tensor;
      const own = y.reshape([16, 20, 24]) as Tensor;
      // Every part meets another one's rows.
      return own.transpose().matmul(own.flip(0) as never);
    };
    const args = [random("x", 320, 40), random("w", 40, 24)];
    const names = kernelsOf(mixed, ...args);
    expect(names.filter((name) => /\+.*matmul/.test(name))).toEqual([]);
    expect(error((x, w) => [mixed(x, w)], ...args)).toBeLessThan(1e-4);
  });

  it("not what needs another row, or all of them", () => {
    const args = [random("x", 128, 128), random("w", 128, 128)];
    const turned = (x: Tensor, w: Tensor) => {
      const y = x.matmul(w);
      return y.add(y.permute([1, 0])) as Tensor;
    };
    expect(kernelsOf(turned, ...args).filter((name) => name.includes("+"))).toEqual([]);
    const summed = (x: Tensor, w: Tensor) => {
      const y = x.matmul(w);
      return y.sub(y.mean(0)) as Tensor;
    };
    expect(error((x, w) => [turned(x, w)], ...args)).toBeLessThan(1e-5);
    expect(error((x, w) => [summed(x, w)], ...args)).toBeLessThan(1e-5);
  });

  it("a gradient and the update in place that it is for", () => {
    const step = compile(
      (w: Tensor, m: Tensor, x: Tensor, g: Tensor) => {
        const slope = (x.permute([1, 0]) as Tensor).matmul(g);
        const next: Tensor = m.mul(0.9).add(slope);
        return [w.sub(next.mul(0.1)), next] as [Tensor, Tensor];
      },
      { donate: [0, 1] },
    );
    const [x, g] = [random("x", 64, 300), random("g", 64, 70)];
    let [w, m] = [random("w", 300, 70), zeros([300, 70]) as Tensor];
    let [w2, m2] = [w, m];
    for (let i = 0; i < 3; i++) {
      [w, m] = step(w, m, x, g);
      m2 = m2.mul(0.9).add((x.permute([1, 0]) as Tensor).matmul(g));
      w2 = w2.sub(m2.mul(0.1));
    }
    expect(numbersOf(w)).toEqual(numbersOf(w2));
  });
});
