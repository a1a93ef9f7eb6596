import { afterEach, describe, expect, it } from "vitest";
import {
  BackendError,
  compile,
  grad,
  inspect,
  profile,
  setBackend,
  type Tensor,
  tensor,
  TraceError,
  zeros,
} from "inkgrad";

afterEach(() => {
  setBackend("wasm");
});

const x: Tensor<[128, 256]> = zeros([128, 256]);
const w: Tensor<[256, 64]> = zeros([256, 64]);
const dense = (a: Tensor<[128, 256]>, b: Tensor<[256, 64]>) => a.matmul(b).maximum(0);

describe("inspect", () => {
  it("tells the kernels of a program and what they do", () => {
    const { kernels, arenaBytes, codeBytes } = inspect(dense, x, w);
    expect(kernels.map(({ name }) => name)).toEqual([
      "pack 256×64",
      "matmul 128×256 · 256×64 + loop 128×64",
    ]);
    expect(kernels[1].operations).toBe(2 * 128 * 256 * 64 + 128 * 64);
    expect(kernels[0].bytes).toBe(2 * 4 * 256 * 64);
    expect(kernels.map(({ phase }) => phase)).toEqual([0, 1]);
    // The packed matrix, the product, and its result.
    expect(arenaBytes).toBeGreaterThan(4 * (256 * 64 + 128 * 64));
    expect(codeBytes).toBeGreaterThan(500);
  });

  it("is a table when printed", () => {
    const lines = String(inspect(dense, x, w)).split("\n");
    expect(lines[0]).toMatch(/^2 kernels in 2 phases on \d+ threads?, .*B of working memory/);
    expect(lines[1]).toMatch(/^kernel +phase +operations +bytes$/);
    expect(lines).toHaveLength(4);
  });

  it("takes compiled functions, and leaves donated arguments alone", () => {
    const step = compile((a: Tensor<[2]>) => a.mul(2), { donate: 0 });
    const kept = step(tensor([1, 2]));
    expect(inspect(step, kept).kernels).toHaveLength(1);
    expect(profile(step, kept).kernels).toHaveLength(1);
    expect(kept.toArray()).toEqual([2, 4]);
  });

  it("needs kernels to look at, and a function without derivatives being asked of it", () => {
    setBackend("reference");
    expect(() => inspect(dense, x, w)).toThrow(BackendError);
    expect(() => inspect(dense, x, w)).toThrow('the backend "reference" makes no kernels');
    setBackend("wasm");
    const within = (a: Tensor<[]>): Tensor<[]> => {
      inspect((b: Tensor<[]>) => b.mul(a), tensor(1));
      return a;
    };
    expect(() => grad(within)(tensor(2))).toThrow(TraceError);
    expect(() => (inspect as (f: unknown) => unknown)(3)).toThrow("expected a function");
  });
});

describe("profile", () => {
  it("tells the time of each kernel, and its share of what the machine can do", () => {
    const { kernels, microseconds, peakOperationsPerSecond } = profile(dense, x, w);
    expect(peakOperationsPerSecond).toBeGreaterThan(1e9);
    const sum = (f: (kernel: (typeof kernels)[number]) => number): number =>
      kernels.map(f).reduce((a, b) => a + b);
    expect(sum((kernel) => kernel.share)).toBeCloseTo(1, 6);
    expect(sum((kernel) => kernel.microseconds)).toBeCloseTo(microseconds, 6);
    for (const kernel of kernels) {
      const perSecond = kernel.operations / (kernel.microseconds / 1e6);
      expect(kernel.operationsPerSecond).toBeCloseTo(perSecond, -3);
      expect(kernel.shareOfPeak).toBeCloseTo(perSecond / peakOperationsPerSecond, 6);
    }
  });

  it("is a table when printed", () => {
    const lines = String(profile(dense, x, w)).split("\n");
    expect(lines[0]).toMatch(/^\d+ µs in 2 kernels on \d+ threads?; peak \d+ G operations\/s$/);
    expect(lines[1]).toMatch(/^kernel +µs +of time +operations +G\/s +of peak +bytes +GB\/s$/);
  });
});
