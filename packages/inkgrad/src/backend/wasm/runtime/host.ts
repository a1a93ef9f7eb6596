import { type WorkerData, workerMain } from "./worker.js";

/** What Node and browsers have under different names. */

interface NodeWorker {
  on(event: "error" | "exit", listener: () => void): void;
  unref(): void;
  terminate(): Promise<number>;
}
interface NodeProcess {
  getBuiltinModule?: (name: string) => unknown;
  readonly versions?: { readonly node?: string };
}
interface WebWorker {
  onerror: ((event: { preventDefault(): void }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}
interface Surroundings {
  readonly process?: NodeProcess;
  readonly navigator?: { readonly hardwareConcurrency?: number };
  readonly crossOriginIsolated?: boolean;
  readonly Worker?: new (url: string) => WebWorker;
  readonly Blob?: new (parts: string[], options: { type: string }) => unknown;
  readonly URL?: { createObjectURL(blob: unknown): string; revokeObjectURL(url: string): void };
}
const around = globalThis as unknown as Surroundings;

/** A module of Node's own; null elsewhere. */
const nodeModule = (name: string): unknown =>
  around.process?.versions?.node === undefined
    ? null
    : (around.process.getBuiltinModule?.(name) ?? null);

/** Can threads share memory here? */
export const threadsExist = (): boolean =>
  typeof SharedArrayBuffer !== "undefined" &&
  (nodeModule("node:worker_threads") !== null ||
    (around.crossOriginIsolated === true && around.Worker !== undefined));

let sleeps: boolean | null = null;

/** May this thread wait for another one? A page's own may not. */
export function maySleep(): boolean {
  if (sleeps === null)
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1, 0);
      sleeps = true;
    } catch {
      sleeps = false;
    }
  return sleeps;
}

let cores: number | null = null;

/** Asked once: the answer may change while threads run. */
export function coreCount(): number {
  cores ??= countCores();
  return cores;
}

function countCores(): number {
  const os = nodeModule("node:os") as { availableParallelism(): number } | null;
  return os?.availableParallelism() ?? around.navigator?.hardwareConcurrency ?? 1;
}

/** Lets engines that have it behind a flag take fused multiply-add in WebAssembly. */
export function allowRelaxedSimd(): void {
  const v8 = nodeModule("node:v8") as { setFlagsFromString(flag: string): void } | null;
  v8?.setFlagsFromString("--experimental-wasm-relaxed-simd");
}

/**
 * Lets the engine make 256-bit instructions of pairs of 128-bit ones, where it knows how: it is an
 * experiment of V8's, from Node 24 on. Has it a switch for it?
 */
export function allowWideVectors(): boolean {
  const v8 = nodeModule("node:v8") as { setFlagsFromString(flag: string): void } | null;
  const major = Number(around.process?.versions?.node?.split(".")[0] ?? 0);
  // Older engines have a flag of this name that does not work.
  if (v8 === null || major < 24) return false;
  v8.setFlagsFromString("--experimental-wasm-revectorize");
  return true;
}

/** What bundlers that keep the names of functions call in their text, and a worker lacks. */
const keepName = "const __name = (f) => f;";

/**
 * Starts a worker that runs `workerMain`; the function given back ends it.
 *
 * @param failed  called if it cannot run, or runs no longer; also when it has been told to end
 */
export function startWorker(data: WorkerData, failed: () => void): () => void {
  const threads = nodeModule("node:worker_threads") as {
    Worker: new (code: string, options: object) => NodeWorker;
  } | null;
  if (threads !== null) {
    const code = `${keepName} (${workerMain.toString()})(require("node:worker_threads").workerData)`;
    const worker = new threads.Worker(code, {
      eval: true,
      workerData: data,
      name: "inkgrad",
      // A script's own options (a loader, a profiler) are not for this one.
      execArgv: [],
    });
    worker.on("error", failed);
    worker.on("exit", failed);
    worker.unref();
    return () => void worker.terminate();
  }
  const code = `${keepName} onmessage = ({ data }) => (${workerMain.toString()})(data);`;
  const url = around.URL!.createObjectURL(new around.Blob!([code], { type: "text/javascript" }));
  const worker = new around.Worker!(url);
  worker.onerror = (event) => {
    event.preventDefault();
    failed();
  };
  worker.postMessage(data);
  return () => {
    worker.terminate();
    around.URL!.revokeObjectURL(url);
  };
}
