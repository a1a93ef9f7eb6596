import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { compile, inspect, setBackend, type Tensor, tensor, valueAndGrad } from "inkgrad";
import { registerOwnMemory } from "../../support/own-memory.js";
import { seeded } from "../../support/random.js";

const name = "wasm with a memory of its own";
const { heap, pool } = registerOwnMemory(name, true);
beforeAll(async () => {
  setBackend(name);
  pool.threads = 2;
  pool.threshold = 0;
  expect(await pool.ready()).toBe(2);
});
afterAll(() => {
  setBackend("wasm");
});

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function random(seed: string, ...shape: number[]): Tensor {
  const next = seeded(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(Array.from({ length: size }, () => next() - 0.5)).reshape(shape);
}

/** A training step with momentum of a network of two layers; its state is given up. */
function training(): { step: () => void; kernels: number } {
  type State = readonly Tensor[];
  const [x, y] = [random("x", 24, 40), random("y", 24, 8)];
  const loss = (a: Tensor, b: Tensor): Tensor => {
    const errors: Tensor = x.matmul(a).tanh().matmul(b).sub(y);
    return errors.mul(errors).mean();
  };
  const slopes = valueAndGrad(loss as never, [0, 1]) as unknown as (
    ...args: Tensor[]
  ) => [Tensor, Tensor[]];
  const update = ([a, b, ...momenta]: State): State => {
    const [, gradients] = slopes(a, b);
    const next = momenta.map((m, i): Tensor => m.mul(0.9).add(gradients[i]));
    return [a.sub(next[0].mul(0.01)), b.sub(next[1].mul(0.01)), ...next];
  };
  const compiled = compile(update, { donate: 0 });
  let state: State = [
    ...[random("a", 40, 30), random("b", 30, 8)],
    ...[random("c", 40, 30), random("d", 30, 8)].map((m) => m.mul(0)),
  ];
  return {
    step() {
      state = compiled(state);
    },
    kernels: inspect(update, state).kernels.length,
  };
}

describe("a compiled step that is done again and again", () => {
  it("leaves the memory as large, and as much of it in use, as it was", async () => {
    const { step } = training();
    for (let i = 0; i < 100; i++) step();
    // What tracing and the first steps have left is given back when the thread is let go.
    await pause(1);
    const [size, used] = [heap.memory.buffer.byteLength, heap.bytesInUse];
    for (let i = 0; i < 3000; i++) step();
    expect(heap.memory.buffer.byteLength).toBe(size);
    expect(heap.bytesInUse).toBe(used);
  });

  it("wakes the workers once, however many kernels it has", () => {
    const { step, kernels } = training();
    step();
    const notified = vi.spyOn(Atomics, "notify");
    for (let i = 0; i < 10; i++) step();
    expect(notified).toHaveBeenCalledTimes(10);
    notified.mockRestore();
    expect(kernels).toBeGreaterThan(5);
  });

  it("lets the workers rest when it is over", async () => {
    const { step } = training();
    for (let i = 0; i < 50; i++) step();
    // They look for the next command for a little while.
    await pause(20);
    const before = process.cpuUsage();
    await pause(400);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1000).toBeLessThan(100);
  });

  it.each([1, 2])("allocates nothing for a kernel on JavaScript's heap, on %d threads", (count) => {
    pool.threshold = count === 1 ? Infinity : 0;
    setFlagsFromString("--expose-gc");
    const collect = runInNewContext("gc") as () => void;
    const [x, w] = [random("x", 16, 16), random("w", 16, 16)];
    const chain = (products: number) => (a: Tensor, b: Tensor) => {
      let y = a;
      for (let i = 0; i < products; i++) y = y.matmul(b).tanh();
      return y;
    };
    /** Bytes for a call, once the engine has made up its mind about the code. */
    const bytesOf = (f: (a: Tensor, b: Tensor) => Tensor): number => {
      const compiled = compile(f);
      for (let i = 0; i < 1200 / count; i++) compiled(x, w);
      const found = Array.from({ length: 5 }, () => {
        collect();
        const before = process.memoryUsage().heapUsed;
        for (let i = 0; i < 200; i++) compiled(x, w);
        return (process.memoryUsage().heapUsed - before) / 200;
      });
      return found.sort((a, b) => a - b)[2];
    };
    const [few, many] = [chain(3), chain(43)];
    const kernels = [few, many].map((f) => inspect(f, x, w).kernels.length);
    expect(kernels[1] - kernels[0]).toBe(120);
    const [little, much] = [bytesOf(few), bytesOf(many)];
    pool.threshold = 0;
    expect(little).toBeGreaterThan(500);
    // No object takes less than 12 bytes.
    expect(much - little).toBeLessThan(120 * 12);
  });
});
