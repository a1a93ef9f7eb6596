import { expect, it } from "vitest";
import { ones, setBackend, tensor } from "inkgrad";
import { backend } from "@src/backend/registry.js";

const usual = backend().name;

it("a sum of more ones than f32 can count one by one is right", () => {
  setBackend("wasm");
  expect(ones([100_000_003]).sum().item()).toBe(Math.fround(100_000_003));
  setBackend(usual);
});

it("sums around the length of a block are right, of views too", () => {
  setBackend("wasm");
  for (const n of [4095, 4096, 4097, 8192, 8195]) {
    const x = tensor(
      Float32Array.from({ length: 2 * n }, (_, i) => i % 3),
      { shape: [n, 2] },
    );
    const odd = Array.from({ length: n }, (_, i) => (2 * i + 1) % 3).reduce((s, v) => s + v);
    expect(x.sum(0).toArray()[1], `${n}`).toBe(odd);
    expect(
      x
        .transpose()
        .slice([[1, 2]])
        .sum()
        .item(),
      `${n}`,
    ).toBe(odd);
    expect(x.flatten().flip().max().item()).toBe(2);
  }
  setBackend(usual);
});
