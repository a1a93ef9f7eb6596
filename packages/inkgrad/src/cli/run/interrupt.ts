import { exitCodes } from "../errors.js";
import type { Output } from "../output/output.js";

/** Ctrl-C: the first asks for an orderly end, the second ends at once. */
export interface Interrupt {
  readonly aborted: boolean;
  /** The exit code that belongs to the signal that came. */
  readonly exitCode: number;
  /** Leaves signals to Node again. */
  release(): void;
}

export function onInterrupt(output: Output, what: string): Interrupt {
  let exitCode: number | undefined;
  const handler = (code: number) => () => {
    if (exitCode !== undefined) process.exit(code);
    exitCode = code;
    output.redraw("");
    output.warn(`${what} (once more ends at once)`);
  };
  const handlers = {
    SIGINT: handler(exitCodes.interrupted),
    SIGTERM: handler(exitCodes.terminated),
  };
  for (const [signal, handle] of Object.entries(handlers)) process.on(signal, handle);
  return {
    get aborted() {
      return exitCode !== undefined;
    },
    get exitCode() {
      return exitCode ?? exitCodes.interrupted;
    },
    release() {
      for (const [signal, handle] of Object.entries(handlers)) process.off(signal, handle);
    },
  };
}
