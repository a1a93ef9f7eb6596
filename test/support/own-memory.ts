import type { Backend } from "@src/backend/backend.js";
import { backendNamed, registerBackend } from "@src/backend/registry.js";
import { Arena } from "@src/backend/wasm/memory/arena.js";
import { Heap } from "@src/backend/wasm/memory/heap.js";
import { Uploads } from "@src/backend/wasm/memory/uploads.js";
import { WasmProgram } from "@src/backend/wasm/program/program.js";
import { Pool } from "@src/backend/wasm/runtime/pool.js";

/** A wasm backend whose memory can be looked at: nobody else computes in it. */
export interface OwnMemory {
  readonly heap: Heap;
  readonly pool: Pool;
  readonly backend: Backend;
}

/** Registers one under a name. Nothing is computed on the host there. */
export function registerOwnMemory(name: string, shared: boolean): OwnMemory {
  const heap = new Heap(shared);
  const pool = new Pool(heap);
  const uploads = new Uploads(heap);
  const host = (): never => {
    throw new Error("this is computed on the host");
  };
  const runtime = { heap, arena: new Arena(heap), uploads, pool, host };
  const backend: Backend = {
    ...backendNamed("wasm"),
    name,
    load: (program, options = {}) =>
      new WasmProgram(program.kernels(), runtime, {
        fused: false,
        wide: false,
        name: options.name ?? "a program",
      }),
  };
  registerBackend(backend);
  return { heap, pool, backend };
}
