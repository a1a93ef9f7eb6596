import { afterAll, beforeAll, expect, it } from "vitest";
import { setBackend, setThreads, type Tensor, tensor, valueAndGrad } from "inkgrad";
import { backend } from "@src/backend/registry.js";
import { seeded } from "../../support/random.js";

const { threads } = backend();
const usual = threads!.threshold;
beforeAll(() => {
  threads!.threshold = 0;
});
afterAll(() => {
  threads!.threshold = usual;
  threads!.count = 2;
});

function random(seed: string, ...shape: number[]): Tensor {
  const next = seeded(seed);
  const size = shape.reduce((a, b) => a * b, 1);
  return tensor(Array.from({ length: size }, () => next() - 0.5)).reshape(shape);
}

/** A step of training with products, sums in both directions, and elementary functions. */
function step(): number[] {
  const [x, w, v] = [random("x", 96, 130), random("w", 130, 70), random("v", 70, 9)];
  const loss = (a: Tensor, b: Tensor): Tensor => {
    const scores = x.matmul(a).tanh().matmul(b) as Tensor;
    return scores
      .sub(scores.exp().sum(1, { keepDims: true }).log())
      .mul(0.1)
      .mean();
  };
  const gradients = valueAndGrad(loss as never, [0, 1]) as (...args: Tensor[]) => unknown;
  const [value, [da, db]] = gradients(w, v) as [Tensor, [Tensor, Tensor]];
  return [value, da, db, da.sum(), db.sum(0)].flatMap(
    (t) => (t.reshape([-1]) as Tensor).toArray() as never,
  );
}

it("results have the same bits for 1, 2 and 4 threads", async () => {
  const found: number[][] = [];
  for (const count of [1, 2, 4]) {
    setThreads(count);
    expect(await threads!.ready()).toBe(count);
    for (let i = 0; i < 20; i++) found.push(step());
  }
  for (const other of found) expect(other).toEqual(found[0]);
}, 60_000);

it("takes a number of threads while another backend is chosen, and only whole ones", () => {
  setBackend("reference");
  setThreads(1);
  setBackend("wasm");
  expect(threads!.count).toBe(1);
  expect(() => {
    setThreads("2" as unknown as number);
  }).toThrow("got the string 2");
});
