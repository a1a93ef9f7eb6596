import { dtypes } from "../../base/dtype.js";
import type { Backend, HostCompute } from "../backend.js";
import { Arena } from "./memory/arena.js";
import { Heap } from "./memory/heap.js";
import { Uploads } from "./memory/uploads.js";
import { wideVectorsWork } from "./wide.js";
import { measurePeak } from "./peak.js";
import { hasFusedMultiplyAdd } from "./probe.js";
import { WasmProgram } from "./program/program.js";
import { threadsExist } from "./runtime/host.js";
import { Pool } from "./runtime/pool.js";
import type { Runtime } from "./runtime/runtime.js";

/**
 * The WebAssembly backend: every program becomes a module whose functions are its kernels, shapes
 * written into them, run by all threads side by side.
 *
 * @param host  computes the operations that have no kernel here
 */
export function wasmBackend(host: HostCompute): Backend {
  let runtime: Runtime | null = null;
  let peakOfOne: number | null = null;
  const started = (): Runtime => (runtime ??= start(host));
  return {
    name: "wasm",
    capabilities: { dtypes, synchronous: true, interprets: false, float64: true },
    load: (program, options = {}) =>
      new WasmProgram(program.kernels(), started(), {
        fused: options.deterministic !== true && hasFusedMultiplyAdd(),
        wide: options.wide === true,
        name: options.name ?? "a program",
      }),
    hasWideVectors: wideVectorsWork,
    peak: () => {
      peakOfOne ??= measurePeak(hasFusedMultiplyAdd());
      return { operations: peakOfOne * started().pool.threads };
    },
    threads: {
      get count() {
        return started().pool.threads;
      },
      set count(count: number) {
        started().pool.threads = count;
      },
      get threshold() {
        return started().pool.threshold;
      },
      set threshold(operations: number) {
        started().pool.threshold = operations;
      },
      ready: () => started().pool.ready(),
    },
  };
}

function start(host: HostCompute): Runtime {
  const heap = new Heap(threadsExist());
  const uploads = new Uploads(heap);
  heap.relieve = () => uploads.dropOldest();
  return { heap, arena: new Arena(heap), uploads, pool: new Pool(heap), host };
}
