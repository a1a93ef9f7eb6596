/** Ctrl-C, where there is one: in Node. */

interface Process {
  on(event: "SIGINT", listener: () => void): unknown;
  off(event: "SIGINT", listener: () => void): unknown;
}

/**
 * Listens for Ctrl-C until `done` is called. The first one sets `hit`; for the next one nobody listens
 * any more, so it ends the program as usual.
 */
export function onInterrupt(): { readonly hit: () => boolean; readonly done: () => void } {
  const { process } = globalThis as { process?: Partial<Process> };
  if (typeof process?.on !== "function" || typeof process.off !== "function")
    return { hit: () => false, done: () => {} };
  const { off } = process;
  let hit = false;
  const listener = (): void => {
    hit = true;
    off.call(process, "SIGINT", listener);
  };
  process.on("SIGINT", listener);
  return { hit: () => hit, done: () => void off.call(process, "SIGINT", listener) };
}
