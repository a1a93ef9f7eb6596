import { setBackend } from "inkgrad";

/** A way to compute. Everything is run once in each, and must give the same. */
export interface Mode {
  /** Only pages that are isolated from others have memory that workers share. */
  readonly needsIsolation: boolean;
  readonly enter: () => void | Promise<void>;
}

export const modes: Readonly<Record<string, Mode>> = {
  "wasm on one thread": { needsIsolation: false, enter: () => setBackend("wasm") },
};

export const modesOf = (isolated: boolean): string[] =>
  Object.keys(modes).filter((name) => isolated || !modes[name].needsIsolation);
