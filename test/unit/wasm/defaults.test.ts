import { availableParallelism } from "node:os";
import { expect, it } from "vitest";
import { inspect, setThreads, type Tensor, zeros } from "inkgrad";
import { backend, loadOptions } from "@src/backend/registry.js";

/** What holds where nothing has been set: a file of its own, for others set things. */

it("wasm is what computes", () => {
  expect(backend().name).toBe("wasm");
});

it("there are as many threads as cores", () => {
  expect(backend().threads!.count).toBe(availableParallelism());
});

it("the usual arithmetic is used, and vectors are narrow", () => {
  expect(loadOptions()).toEqual({ deterministic: false, wide: false });
});

it("small programs stay on the caller's thread, large ones do not", () => {
  setThreads(2);
  const product = (x: Tensor): Tensor => x.matmul(x);
  const threads = (size: number): number => inspect(product, zeros([size, size]) as Tensor).threads;
  expect([4, 16, 32].map(threads)).toEqual([1, 1, 1]);
  expect([128, 256].map(threads)).toEqual([2, 2]);
});
