import { expect, it } from "vitest";
import { ModuleBuilder } from "@src/backend/wasm/assembler/module.js";
import { Heap } from "@src/backend/wasm/memory/heap.js";
import { maxPages } from "@src/backend/wasm/program/emit.js";
import { Pool } from "@src/backend/wasm/runtime/pool.js";

const heap = new Heap(true);
const { at } = heap.allocate(64, "a test");
const place = new Int32Array(heap.memory.buffer, at, 1);

/** A module whose thread 1 writes a number. */
function writing(value: number): Uint8Array<ArrayBuffer> {
  const module = new ModuleBuilder({ initial: 1, maximum: maxPages, shared: true });
  const run = module.function(["i32", "i32", "i32", "i32"], [], (f) => {
    const [base, , thread] = f.params;
    f.get(thread);
    f.if(() => {
      f.get(base).i32(value).mem("i32.atomic.store");
    });
  });
  module.export("run0", run);
  return module.encoded();
}

/** What the worker writes when it is given a program of this number and code. */
function written(pool: Pool, program: number, bytes: Uint8Array<ArrayBuffer>): number {
  Atomics.store(place, 0, 0);
  const job = { program, bytes, segment: 0, base: at, scratch: at, scratchBytes: 0 };
  pool.run(job, 2, () => {
    while (Atomics.load(place, 0) === 0);
  });
  return place[0];
}

it("workers keep the code of programs until these are let go", async () => {
  const pool = new Pool(heap);
  pool.threads = 2;
  expect(await pool.ready()).toBe(2);
  const [one, two, three] = [1, 2, 3].map(writing);
  expect(written(pool, 7, one)).toBe(1);
  // It is known by its number: other code is not looked at.
  expect(written(pool, 7, two)).toBe(1);
  pool.drop(7);
  expect(written(pool, 8, three)).toBe(3);
  expect(written(pool, 7, two)).toBe(2);
  // More at once than there is room for in a command.
  for (let program = 100; program < 170; program++) written(pool, program, one);
  for (let program = 100; program < 170; program++) pool.drop(program);
  expect([8, 8].map((program) => written(pool, program, three))).toEqual([3, 3]);
  for (let program = 100; program < 170; program++) expect(written(pool, program, two)).toBe(2);
  pool.threads = 1;
});
