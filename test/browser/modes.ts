import { setBackend, setThreads } from "inkgrad";
import { backend } from "@src/backend/registry.js";

/** A way to compute. Everything is run once in each, and must give the same. */
export interface Mode {
  /** Only pages that are isolated from others have memory that workers share. */
  readonly needsIsolation: boolean;
  readonly enter: () => void | Promise<void>;
}

/** Every program on so many threads, however small. */
async function onThreads(count: number): Promise<void> {
  setBackend("wasm");
  setThreads(count);
  const threads = backend().threads!;
  threads.threshold = 0;
  if ((await threads.ready()) !== count) throw new Error(`there are not ${count} threads`);
}

export const modes: Readonly<Record<string, Mode>> = {
  "wasm on one thread": { needsIsolation: false, enter: () => onThreads(1) },
  "wasm on two threads": { needsIsolation: true, enter: () => onThreads(2) },
};

export const modesOf = (isolated: boolean): string[] =>
  Object.keys(modes).filter((name) => isolated || !modes[name].needsIsolation);
