/** Lets the rest of the program have a turn (timers, signals, drawing) when it has waited long. */
export function breather(everyMs = 40): () => Promise<void> {
  let last = performance.now();
  return async () => {
    if (performance.now() - last < everyMs) return;
    await turn();
    last = performance.now();
  };
}

const { setImmediate } = globalThis as { setImmediate?: (f: () => void) => unknown };

const turn = (): Promise<void> =>
  new Promise((resolve) => {
    if (setImmediate === undefined) setTimeout(resolve, 0);
    else setImmediate(resolve);
  });
