import { afterEach, beforeAll, expect, it } from "vitest";
import { compile, setBackend, type Tensor, tensor, zeros } from "inkgrad";
import { registerOwnMemory } from "../../support/own-memory.js";

const name = "wasm with a memory of its own";
const { heap, pool } = registerOwnMemory(name, true);
beforeAll(async () => {
  pool.threads = 2;
  expect(await pool.ready()).toBe(2);
});
afterEach(() => {
  setBackend("wasm");
});

/** Megabytes of resident memory. */
const resident = (): number => process.memoryUsage.rss() / 2 ** 20;
const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1));

it("100,000 compiled steps need no more memory than a few", async () => {
  setBackend(name);
  interface State {
    readonly w: Tensor<[64, 64]>;
    readonly t: Tensor<[]>;
  }
  const step = compile(
    (state: State, x: Tensor<[4, 64]>) => {
      const y = x.matmul(state.w);
      const w = state.w.mul(0.999).sub(x.transpose().matmul(y).mul(0.01));
      return { state: { w, t: state.t.add(1) }, loss: y.mul(y).sum() };
    },
    { donate: 0 },
  );
  const x = tensor(Float32Array.from({ length: 256 }, (_, i) => (i % 7) / 7)).reshape([4, 64]);
  let state: State = { w: zeros([64, 64]), t: tensor(0) };
  // The state has 16 KB: lost at each step, they would be more than 1 GB.
  let [settled, size, used] = [0, 0, 0];
  for (let i = 1; i <= 100_000; i++) {
    pool.threshold = i % 4 === 0 ? 0 : Infinity;
    ({ state } = step(state, x));
    if (i % 10_000 === 0) await pause();
    if (i === 10_000) [size, used] = [heap.memory.buffer.byteLength, heap.bytesInUse];
    if (i === 30_000) settled = resident();
  }
  expect(state.t.item()).toBe(100_000);
  expect(heap.memory.buffer.byteLength).toBe(size);
  expect(heap.bytesInUse).toBe(used);
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
