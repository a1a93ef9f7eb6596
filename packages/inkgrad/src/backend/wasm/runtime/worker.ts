/** What a worker needs to know of the control page. */
export interface WorkerLayout {
  readonly commandNumber: number;
  readonly command: { readonly [word: string]: number };
  readonly firstDrop: number;
  readonly failed: number;
  readonly left: number;
  readonly ready: number;
  readonly line: number;
  readonly message: number;
  readonly maxMessage: number;
}

export interface WorkerData {
  readonly memory: WebAssembly.Memory;
  readonly thread: number;
  /** Number of the start that it belongs to: when others are started, it takes no part any more. */
  readonly start: number;
  readonly layout: WorkerLayout;
  /** Looks at the command number before it goes to sleep. */
  readonly spins: number;
}

/**
 * What a worker does: waits for commands in the shared memory, and does its part of each. It is sent
 * to the worker as text, and so may use nothing from around it.
 */
export function workerMain({ memory, thread, start, layout, spins }: WorkerData): void {
  const { commandNumber, command, firstDrop, failed, left, ready, line } = layout;
  const words = new Int32Array(memory.buffer);
  type Segment = (base: number, scratch: number, thread: number, threads: number) => void;
  const programs = new Map<number, WebAssembly.Instance>();
  const nothing = (): never => {
    throw new Error("a step that calls the host has reached a worker");
  };
  const instanceOf = (program: number): WebAssembly.Instance => {
    const known = programs.get(program);
    if (known !== undefined) return known;
    const [at, length] = [words[command.moduleAt], words[command.moduleBytes]];
    // A module cannot be made from shared bytes.
    const bytes = Uint8Array.from(new Uint8Array(memory.buffer, at >>> 0, length));
    const made = new WebAssembly.Instance(new WebAssembly.Module(bytes), {
      env: { memory },
      host: { lane: nothing, fail: nothing },
    });
    programs.set(program, made);
    return made;
  };

  let seen = Atomics.load(words, commandNumber);
  Atomics.store(words, ready + thread * line, start);
  for (;;) {
    for (let i = 0; Atomics.load(words, commandNumber) === seen; i++)
      if (i > spins) Atomics.wait(words, commandNumber, seen);
    seen = Atomics.load(words, commandNumber);
    if (words[command.start] !== start) return;
    try {
      for (let i = 0; i < words[command.drops]; i++) programs.delete(words[firstDrop + i]);
      const segment = instanceOf(words[command.program]).exports[`run${words[command.segment]}`];
      (segment as Segment)(
        words[command.base],
        words[command.scratch] + thread * words[command.scratchBytes],
        thread,
        words[command.threads],
      );
    } catch (error) {
      const text = String(error instanceof Error ? error.message : error);
      // The first one to fail says why; the others leave because of it.
      if (Atomics.compareExchange(words, failed, 0, thread + 1) === 0) {
        words[layout.message] = Math.min(text.length, layout.maxMessage);
        for (let i = 0; i < words[layout.message]; i++)
          words[layout.message + 1 + i] = text.charCodeAt(i);
      }
      Atomics.add(words, left, 1);
    }
  }
}
