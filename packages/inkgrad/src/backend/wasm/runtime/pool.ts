import { BackendError } from "../../../base/errors.js";
import type { Heap } from "../memory/heap.js";
import * as control from "./control.js";
import { coreCount, startWorker, threadsExist } from "./host.js";

/** Looks of a worker at the next command before it sleeps: some 100 µs. */
const spins = 40_000;

/** What a thread is to do: a segment of a program. */
export interface Job {
  readonly program: number;
  /** The module, for workers that do not have it yet. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly segment: number;
  readonly base: number;
  readonly scratch: number;
  readonly scratchBytes: number;
}

/**
 * Workers that do their share of programs, side by side with the caller's thread. They are started
 * when there is something large enough to do, and counted on once they have said that they are
 * there; until then, and where memory cannot be shared, the caller's thread does everything.
 */
export class Pool {
  /** Programs with less to do than this stay on the caller's thread. */
  threshold = 40_000;
  private wanted: number | null = null;
  private stops: (() => void)[] = [];
  private all = false;
  private starts = 0;
  /** Could workers not be had? Then there are none, until another number of threads is set. */
  private broken = false;
  private readonly words: Int32Array;
  /** Programs whose modules these workers have. */
  private readonly sent = new Set<number>();
  private drops: number[] = [];

  constructor(private readonly heap: Heap) {
    this.words = new Int32Array(heap.memory.buffer, 0, control.controlBytes / 4);
  }

  /** Threads in all, the caller's among them. */
  get threads(): number {
    if (!this.heap.shared || this.broken) return 1;
    return Math.min(this.wanted ?? coreCount(), control.maxThreads);
  }

  set threads(count: number) {
    const before = this.threads;
    this.wanted = count;
    this.broken = false;
    if (this.threads !== before) this.stop();
  }

  /** How many threads can take part now. Starts the others. */
  present(): number {
    const { threads } = this;
    if (threads === 1) return 1;
    if (this.stops.length === 0) this.start(threads);
    if (this.stops.length === 0) return 1;
    this.all ||= this.stops.every(
      (_, i) => Atomics.load(this.words, control.ready + (i + 1) * control.line) === this.starts,
    );
    return this.all ? threads : 1;
  }

  /** Waits until all threads are there; for tests and measurements. */
  async ready(): Promise<number> {
    while (this.present() < this.threads)
      await new Promise<void>((resolve) => {
        setTimeout(resolve, 1);
      });
    return this.threads;
  }

  private start(threads: number): void {
    if (!threadsExist()) return;
    // A worker that has been told to end may still be there for a moment: it is not one of these.
    const start = ++this.starts;
    this.words[control.command.start] = start;
    const failed = (): void => {
      if (start !== this.starts) return;
      // Those that were there once can be had again.
      this.broken = !this.all;
      this.stop();
    };
    const layout = { ...control };
    try {
      for (let thread = 1; thread < threads; thread++) {
        Atomics.store(this.words, control.ready + thread * control.line, 0);
        const data = { memory: this.heap.memory, thread, start, layout, spins };
        this.stops.push(startWorker(data, failed));
      }
    } catch {
      // A page may forbid workers.
      failed();
    }
  }

  private stop(): void {
    // What these workers still report is of no interest.
    this.starts++;
    for (const stop of this.stops) stop();
    this.stops = [];
    this.all = false;
    this.sent.clear();
    this.drops = [];
  }

  /** A program is gone: workers let go of it with their next job. */
  drop(program: number): void {
    if (this.sent.delete(program)) this.drops.push(program);
  }

  /** Has all threads do a job; `own` is this thread's part of it. */
  run(job: Job, threads: number, own: () => void): void {
    const { words } = this;
    const { command } = control;
    const module = this.sent.has(job.program)
      ? null
      : this.heap.allocate(job.bytes.length, "a program's code");
    if (module !== null) {
      // Let go of before, and wanted again.
      this.drops = this.drops.filter((program) => program !== job.program);
      new Uint8Array(this.heap.memory.buffer, module.at, job.bytes.length).set(job.bytes);
    }
    words[command.program] = job.program;
    words[command.segment] = job.segment;
    words[command.base] = job.base;
    words[command.scratch] = job.scratch;
    words[command.scratchBytes] = job.scratchBytes;
    words[command.threads] = threads;
    words[command.moduleAt] = module?.at ?? 0;
    words[command.moduleBytes] = job.bytes.length;
    const drops = this.drops.splice(0, control.maxDrops);
    words[command.drops] = drops.length;
    words.set(drops, control.firstDrop);
    Atomics.add(words, control.commandNumber, 1);
    Atomics.notify(words, control.commandNumber);
    try {
      own();
    } catch (error) {
      // Some workers may have got the module now, others not.
      if (module !== null) this.drops.push(job.program);
      throw this.failure(error, threads);
    } finally {
      if (module !== null) this.heap.release(module);
    }
    this.sent.add(job.program);
  }

  /** Waits for the other threads after one has failed, and makes all ready for the next job. */
  private failure(error: unknown, threads: number): unknown {
    const { words } = this;
    const first = Atomics.compareExchange(words, control.failed, 0, 1);
    while (Atomics.load(words, control.left) < threads - 1);
    for (const word of [control.arrived, control.left, control.asleep])
      Atomics.store(words, word, 0);
    Atomics.store(words, control.failed, 0);
    if (first <= 1) return error;
    const length = words[control.message];
    const text = String.fromCharCode(...words.subarray(control.message + 1).subarray(0, length));
    return new WorkerFailure(first - 1, words[control.atStep + (first - 1) * control.line], text);
  }

  /** The step that the caller's thread is at. */
  get step(): number {
    // Memory that is not shared is another buffer whenever it has grown.
    return new Int32Array(this.heap.memory.buffer)[control.atStep];
  }
}

/** What went wrong in a worker, and at which step. */
export class WorkerFailure extends BackendError {
  constructor(
    readonly thread: number,
    readonly step: number,
    text: string,
  ) {
    super(text);
  }
}
