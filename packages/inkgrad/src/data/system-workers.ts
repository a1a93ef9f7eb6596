import { InkgradError, ValueError } from "../base/errors.js";
import type { RawBatch, WorkerModule } from "./loader/types.js";

/** Workers that make batches: `worker_threads` in Node, Web Workers in a browser. */

export interface WorkerPool {
  /** A batch, made by whichever worker has least to do. */
  readonly run: (rows: readonly number[]) => Promise<RawBatch>;
  /** Ends all workers; what is under way is rejected. */
  readonly close: () => Promise<void>;
}

interface Reply {
  readonly id: number;
  readonly batch?: RawBatch;
  readonly error?: { readonly name: string; readonly message: string; readonly stack?: string };
}

interface Job {
  readonly resolve: (batch: RawBatch) => void;
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

/**
 * What runs in a worker, as text: a bundler would rewrite `import()`. Arrays are copied before they
 * are handed over, for they may be parts of something that the module needs again.
 */
const bootstrap = `
const begin = ({ module, name, options }, reply) => {
  const ready = import(module).then((exports) => {
    if (typeof exports[name] !== "function")
      throw new TypeError("the module " + module + " has no function called " + name);
    return exports[name](options);
  });
  ready.catch(() => {});
  const isTensor = (v) => v && typeof v.data === "function" && Array.isArray(v.shape);
  const plain = async (v) =>
    isTensor(v) ? { data: await v.data(), shape: [...v.shape], dtype: v.dtype } : v;
  const own = (v, buffers) => {
    if (ArrayBuffer.isView(v)) {
      const copy = v.slice();
      buffers.push(copy.buffer);
      return copy;
    }
    return v && ArrayBuffer.isView(v.data) ? { ...v, data: own(v.data, buffers) } : v;
  };
  let last = Promise.resolve();
  const work = async ({ id, rows }) => {
    try {
      const getBatch = await ready;
      if (typeof getBatch !== "function")
        throw new TypeError(name + " must give a function that makes a batch from row numbers");
      const made = await getBatch(rows);
      const batch = {};
      const buffers = [];
      for (const part of ["x", "y", "weights"])
        if (made[part] !== undefined) batch[part] = own(await plain(made[part]), buffers);
      reply({ id, batch }, buffers);
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
export function openWorkers(source: WorkerModule, count: number): WorkerPool {
  if (!Number.isInteger(count) || count < 1)
    throw new ValueError(`DataLoader: workers must be a whole number ≥ 1, got ${String(count)}`);
  if (!(typeof source.module === "string" || source.module instanceof URL))
    throw new ValueError(
      "DataLoader: getBatch must be a function or { module: URL or path, export }",
    );
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
    const thread = startThread(source, {
      received(reply) {
        const job = jobs.get(reply.id);
        jobs.delete(reply.id);
        if (jobs.size === 0) void thread.then(({ hold }) => hold(false));
        if (reply.error === undefined) job?.resolve(reply.batch!);
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
    run(rows) {
      if (closed)
        return Promise.reject(new InkgradError("the loader is closed, and its workers with it"));
      const free = members.find(({ jobs }) => jobs.size === 0);
      const least = members.reduce<Member | undefined>(
        (a, b) => (a === undefined || b.jobs.size < a.jobs.size ? b : a),
        undefined,
      );
      const member = free ?? (members.length < count ? start() : least!);
      const id = nextId++;
      return new Promise<RawBatch>((resolve, reject) => {
        member.jobs.set(id, { resolve, reject });
        member.thread.then(
          (thread) => {
            thread.hold(true);
            thread.send({ id, rows });
          },
          () => undefined,
        );
      });
    },
    async close() {
      closed = true;
      const ended = members.splice(0).map(async ({ thread, jobs }) => {
        for (const { reject } of jobs.values())
          reject(new InkgradError("the loader was closed before the batch was made"));
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

const startThread = (source: WorkerModule, listener: Listener): Promise<Thread> =>
  typeof process !== "undefined" && typeof process.versions?.node === "string"
    ? startInNode(source, listener)
    : startInBrowser(source, listener);

async function startInNode(source: WorkerModule, listener: Listener): Promise<Thread> {
  // Not by import(): bundlers for browsers would look for these modules, and complain.
  const { Worker } = process.getBuiltinModule("node:worker_threads");
  const { pathToFileURL } = process.getBuiltinModule("node:url");
  const isUrl = source.module instanceof URL || /^(file|data|node|https?):/.test(source.module);
  const module = isUrl ? String(source.module) : pathToFileURL(String(source.module)).href;
  const code = `const { parentPort, workerData } = require("node:worker_threads");${bootstrap}
    parentPort.on("message", begin(workerData, (m, t) => parentPort.postMessage(m, t)));`;
  const { export: name = "getBatch", options } = source;
  const worker = new Worker(code, {
    eval: true,
    workerData: { module, name, options },
    name: "inkgrad data",
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
}

interface WebWorker {
  onmessage: ((event: { data: Reply }) => void) | null;
  onerror: ((event: { message?: string; preventDefault(): void }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

async function startInBrowser(source: WorkerModule, listener: Listener): Promise<Thread> {
  const { Worker, location } = globalThis as unknown as {
    Worker?: new (url: string, options: { type: "module" }) => WebWorker;
    location?: { href: string };
  };
  if (Worker === undefined)
    throw new InkgradError("there are no workers here; give getBatch as a function instead");
  const code = `${bootstrap}
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
}
