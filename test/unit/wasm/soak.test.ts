import { expect, it } from "vitest";
import { compile, type Tensor, tensor, zeros } from "inkgrad";

/** Megabytes of resident memory. */
const resident = (): number => process.memoryUsage.rss() / 2 ** 20;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

it("100,000 compiled steps need no more memory than a few", async () => {
  const step = compile(
    (state: { w: Tensor<[64]>; t: Tensor<[]> }, g: Tensor<[64]>) => {
      const w = state.w.mul(0.999).sub(g.mul(0.01));
      return { state: { w, t: state.t.add(1) }, loss: w.mul(w).sum() };
    },
    { donate: 0 },
  );
  const g = tensor(Array.from({ length: 64 }, (_, i) => i / 64)) as unknown as Tensor<[64]>;
  let state = { w: zeros([64]) as unknown as Tensor<[64]>, t: tensor(0) as Tensor<[]> };
  let settled = 0;
  for (let i = 1; i <= 100_000; i++) {
    ({ state } = step(state, g));
    if (i % 10_000 === 0) await pause();
    if (i === 30_000) settled = resident();
  }
  expect(state.t.item()).toBe(100_000);
  expect(resident() - settled).toBeLessThan(40);
}, 60_000);

it("10,000 compilations leave nothing behind", async () => {
  const f = (x: Tensor, n: number) => x.mul(n).add(1).sum();
  const compiled = compile(f);
  const x = tensor([1, 2, 3]) as Tensor;
  let settled = 0;
  for (let i = 1; i <= 10_000; i++) {
    expect(compiled(x, i).item()).toBe(6 * i + 3);
    if (i % 200 === 0) await pause();
    if (i === 4_000) settled = resident();
  }
  expect(resident() - settled).toBeLessThan(80);
}, 120_000);
