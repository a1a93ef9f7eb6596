import { InkgradError } from "../base/errors.js";
import type { WorkerModule } from "./loader/types.js";

/** Workers that run a function of a module: `worker_threads` in Node, Web Workers in a browser. */

export interface Pool<Request, Result> {
  /** What the function gives, run by whichever worker has least to do. */
  readonly run: (request: Request) => Promise<Result>;
  /** Ends all workers; what is under way is rejected. */
  readonly close: () => Promise<void>;
}

export interface PoolOptions {
  /** How many workers. They start when there is first something for them to do. */
  readonly count: number;
  /** What the threads are called, for debuggers. */
  readonly name: string;
  /** What the module's function must give: "a function that makes a batch from row numbers". */
  readonly gives: string;
  /**
   * A function as text that runs in the worker: of what was made, what is sent back and which buffers are
   * handed over with it. Default: all of it, copied.
   */
  readonly pack?: string;
  /** What is said of requests that come after closing, or were under way. */
  readonly closed: string;
  readonly dropped: string;
}

interface Reply {
  readonly id: number;
  readonly value?: unknown;
  readonly error?: { readonly name: string; readonly message: string; readonly stack?: string };
}

interface Job {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

interface Thread {
  readonly send: (message: unknown) => void;
  /** Keeps the process alive while there is something to wait for. */
  readonly hold: (held: boolean) => void;
  readonly end: () => Promise<unknown>;
}

interface Member {
  thread: Promise<Thread>;
  readonly jobs: Map<number, Job>;
}

/** What runs in a worker, as text: a bundler would rewrite `import()`. */
const bootstrapOf = ({ gives, pack = "(made) => [made, []]" }: PoolOptions): string => `
const pack = ${pack};
const begin = ({ module, name, options }, reply) => {
  const ready = import(module).then((exports) => {
    if (typeof exports[name] !== "function")
      throw new TypeError("the module " + module + " has no function called " + name);
    return exports[name](options);
  });
  ready.catch(() => {});
  let last = Promise.resolve();
  const work = async ({ id, request }) => {
    try {
      const run = await ready;
      if (typeof run !== "function")
        throw new TypeError(name + " must give ${gives}");
      const [value, buffers] = await pack(await run(request));
      reply({ id, value }, buffers);
    } catch (error) {
      const { name = "Error", message = String(error), stack } = error ?? {};
      reply({ id, error: { name, message, stack } }, []);
    }
  };
  return (request) => {
    last = last.then(() => work(request));
  };
};`;

/** A pool whose workers start when there is first something for them to do. */
export function openPool<Request, Result>(
  source: WorkerModule,
  options: PoolOptions,
): Pool<Request, Result> {
  const { count } = options;
  const members: Member[] = [];
  let nextId = 0;
  let closed = false;

  function start(): Member {
    const jobs = new Map<number, Job>();
    const drop = (reason: string): void => {
      const at = members.indexOf(member);
      if (at >= 0) members.splice(at, 1);
      for (const { reject } of jobs.values()) reject(new InkgradError(reason));
      jobs.clear();
    };
    const thread = startThread(source, options, {
      received(reply) {
        const job = jobs.get(reply.id);
        jobs.delete(reply.id);
        if (jobs.size === 0) void thread.then(({ hold }) => hold(false));
        if (reply.error === undefined) job?.resolve(reply.value);
        else job?.reject(failure(reply.error));
      },
      failed: drop,
    });
    const member: Member = { thread, jobs };
    thread.catch((error: unknown) => drop(error instanceof Error ? error.message : String(error)));
    members.push(member);
    return member;
  }

  return {
    run(request) {
      if (closed) return Promise.reject(new InkgradError(options.closed));
      const free = members.find(({ jobs }) => jobs.size === 0);
      const least = members.reduce<Member | undefined>(
        (a, b) => (a === undefined || b.jobs.size < a.jobs.size ? b : a),
        undefined,
      );
      const member = free ?? (members.length < count ? start() : least!);
      const id = nextId++;
      return new Promise<Result>((resolve, reject) => {
        member.jobs.set(id, { resolve: resolve as Job["resolve"], reject });
        member.thread.then(
          (thread) => {
            thread.hold(true);
            thread.send({ id, request });
          },
          () => undefined,
        );
      });
    },
    async close() {
      closed = true;
      const ended = members.splice(0).map(async ({ thread, jobs }) => {
        for (const { reject } of jobs.values()) reject(new InkgradError(options.dropped));
        jobs.clear();
        await (await thread).end();
      });
      await Promise.allSettled(ended);
    },
  };
}

function failure({ name, message, stack }: NonNullable<Reply["error"]>): Error {
  const error = new InkgradError(name === "Error" ? message : `${name}: ${message}`);
  if (stack !== undefined) error.stack = stack;
  return error;
}

interface Listener {
  readonly received: (reply: Reply) => void;
  readonly failed: (reason: string) => void;
}

type Start = (source: WorkerModule, options: PoolOptions, listener: Listener) => Promise<Thread>;

const startThread: Start = (source, options, listener) =>
  (inNode() ? startInNode : startInBrowser)(source, options, listener);

const startInNode: Start = async (source, pool, listener) => {
  // Not by import(): bundlers for browsers would look for these modules, and complain.
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const { pathToFileURL } = process.getBuiltinModule("node:url");
  const isUrl = source.module instanceof URL || /^(file|data|node|https?):/.test(source.module);
  const module = isUrl ? String(source.module) : pathToFileURL(String(source.module)).href;
  const code = `const { parentPort, workerData } = require("node:worker_threads");${bootstrapOf(pool)}
    parentPort.on("message", begin(workerData, (m, t) => parentPort.postMessage(m, t)));`;
  const { export: name = "getBatch", options } = source;
  const worker = new Worker(code, {
    eval: true,
    workerData: { module, name, options },
    name: pool.name,
    // A script's own options (a loader, a profiler) are not for this one.
    execArgv: [],
  });
  worker.unref();
  worker.on("message", listener.received);
  worker.on("error", (error) => listener.failed(`a worker failed: ${String(error)}`));
  worker.on("exit", (code) => listener.failed(`a worker ended by itself with code ${code}`));
  return {
    send: (message) => worker.postMessage(message),
    hold: (held) => (held ? worker.ref() : worker.unref()),
    end: () => worker.terminate(),
  };
};

interface WebWorker {
  onmessage: ((event: { data: Reply }) => void) | null;
  onerror: ((event: { message?: string; preventDefault(): void }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

const startInBrowser: Start = async (source, pool, listener) => {
  const { Worker, location } = globalThis as unknown as {
    Worker?: new (url: string, options: { type: "module" }) => WebWorker;
    location?: { href: string };
  };
  if (Worker === undefined)
    throw new InkgradError("there are no workers here; give getBatch as a function instead");
  const code = `${bootstrapOf(pool)}
    let work;
    onmessage = ({ data }) => {
      if (work) work(data);
      else work = begin(data, (m, t) => postMessage(m, t));
    };`;
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const worker = new Worker(url, { type: "module" });
  worker.onmessage = ({ data }) => listener.received(data);
  worker.onerror = (event) => {
    event.preventDefault();
    listener.failed(`a worker failed: ${event.message ?? "it could not be started"}`);
  };
  const { export: name = "getBatch", options } = source;
  worker.postMessage({ module: new URL(source.module, location?.href).href, name, options });
  return {
    send: (message) => worker.postMessage(message),
    hold: () => undefined,
    end: async () => {
      worker.terminate();
      URL.revokeObjectURL(url);
    },
  };
};

/** How many threads the machine can run side by side; 1 where that is not known. */
export const coreCount = (): number =>
  inNode() ? process.getBuiltinModule("node:os").availableParallelism() : 1;

/**
 * A module of this library as a file, for a worker to run. Null where there is none: in a page, in a bundle
 * that left it out, when running from source.
 *
 * @param base  `import.meta.url` of the file that it lies beside
 */
export function moduleBeside(base: string | undefined, name: string): URL | null {
  if (!inNode() || base === undefined || !base.startsWith("file:")) return null;
  const url = new URL(name, base);
  return process.getBuiltinModule("node:fs").existsSync(url) ? url : null;
}

function inNode(): boolean {
  return typeof process !== "undefined" && typeof process.versions?.node === "string";
}
