import { expect, it } from "vitest";
import type { Backend } from "@src/backend/backend.js";
import { backendNamed } from "@src/backend/registry.js";
import { Arena } from "@src/backend/wasm/memory/arena.js";
import { Heap } from "@src/backend/wasm/memory/heap.js";
import { Uploads } from "@src/backend/wasm/memory/uploads.js";
import { WasmProgram } from "@src/backend/wasm/program/program.js";
import { Pool } from "@src/backend/wasm/runtime/pool.js";
import { compiled } from "@src/compile/compiled.js";
import { placeholderNode } from "@src/graph/node.js";
import { elementsOf, isArray } from "@src/graph/stored.js";
import { Tensor } from "inkgrad";

it("keeps what is given up while there is room, and hands out arrays when there is not", () => {
  const heap = new Heap(false);
  const runtime = {
    heap,
    arena: new Arena(heap),
    uploads: new Uploads(heap),
    pool: new Pool(heap),
    host: () => new Float32Array(),
  };
  const on: Backend = {
    ...backendNamed("wasm"),
    load: (program) =>
      new WasmProgram(program.kernels(), runtime, { fused: false, wide: false, name: "a test" }),
  };
  const x = placeholderNode([3], "f32", { open: true, outer: [] });
  const { executable } = compiled([new Tensor(x).add(1).node], [x], [0], on, {});
  const run = () => executable.run([Float32Array.of(1, 2, 3)], []) as never[];
  const [stays] = run();
  expect(isArray(stays)).toBe(false);
  // Nothing is freed before the caller's code lets go of the thread.
  const full = heap.allocate(3 * 2 ** 30, "what others have");
  const [array] = run();
  expect(isArray(array)).toBe(true);
  heap.release(full);
  expect(isArray(run()[0])).toBe(false);
  for (const found of [stays, array]) expect([...elementsOf(found)]).toEqual([2, 3, 4]);
});
