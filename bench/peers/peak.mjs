/* global WebAssembly */
/**
 * GFLOP/s that the engine reaches with 128-bit vectors when nothing but arithmetic limits it: a
 * WebAssembly loop of independent chains x ← x · c and y ← y + d in registers, on each thread.
 */
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { report, task } from "../harness/child.mjs";
import { median } from "../harness/median.mjs";

/** Of each kind: enough to hide the latency of an operation, few enough for 16 registers. */
const chains = 6;
const [get, set, splat] = [0x20, 0x21, [0xfd, 0x13]];
const [multiply, add] = [
  [0xfd, 0xe6, 0x01],
  [0xfd, 0xe4, 0x01],
];

/**
 * `run(n, c, d)`: n rounds of all chains. It returns a lane of their sum, so that none can be dropped, and
 * is told c and d at run time, so that none can be simplified.
 */
function moduleBytes() {
  const sized = (bytes) => [...unsigned(bytes.length), ...bytes];
  const section = (id, bytes) => [id, ...sized(bytes)];
  const [n, c, d, first] = [0, 3, 4, 5];
  const chain = Array.from({ length: 2 * chains }, (_, i) => first + i);
  const start = [c, d, ...chain].flatMap((x, i) => [get, 1 + (i % 2), ...splat, set, x]);
  const step = (x, i) => [
    get,
    x,
    ...(i % 2 === 0 ? [get, c, ...multiply] : [get, d, ...add]),
    set,
    x,
  ];
  const countDown = [get, n, 0x41, 1, 0x6b, 0x22, n, 0x0d, 0];
  const sum = chain.flatMap((x, i) => (i === 0 ? [get, x] : [get, x, ...add]));
  const body = [
    ...[1, chain.length + 2, 0x7b],
    ...start,
    ...[0x03, 0x40, ...chain.flatMap(step), ...countDown, 0x0b],
    ...[...sum, 0xfd, 0x1f, 0, 0x0b],
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 3, 0x7f, 0x7d, 0x7d, 1, 0x7d]),
    ...section(3, [1, 0]),
    ...section(7, [1, 3, 0x72, 0x75, 0x6e, 0, 0]),
    ...section(10, [1, ...sized(body)]),
  ]);
}

function unsigned(n) {
  return n < 128 ? [n] : [(n & 127) | 128, ...unsigned(n >>> 7)];
}

const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes()));
const loops = 10_000_000;
const flops = loops * chains * 2 * 4;

if (isMainThread) await measure(task.threads);
else work(workerData);

/** Runs the loop each time that the first word changes, and says so in the second. */
function work(words) {
  for (let seen = 0; ;) {
    Atomics.wait(words, 0, seen);
    seen = Atomics.load(words, 0);
    if (seen < 0) return;
    exports.run(loops, 1, 0);
    Atomics.add(words, 1, 1);
    Atomics.notify(words, 1);
  }
}

async function measure(threads) {
  const words = new Int32Array(new SharedArrayBuffer(8));
  const workers = Array.from(
    { length: threads - 1 },
    () => new Worker(new URL(import.meta.url), { workerData: words, argv: process.argv.slice(2) }),
  );
  const rates = [];
  const end = performance.now() + 1500 * (task.seconds ?? 2);
  for (let round = 1; performance.now() < end || rates.length < 5; round++) {
    const start = performance.now();
    Atomics.store(words, 1, 0);
    Atomics.store(words, 0, round);
    Atomics.notify(words, 0);
    exports.run(loops, 1, 0);
    for (let done; (done = Atomics.load(words, 1)) < workers.length;) Atomics.wait(words, 1, done);
    rates.push((threads * flops) / (performance.now() - start) / 1e6);
  }
  Atomics.store(words, 0, -1);
  Atomics.notify(words, 0);
  // The first rounds still run in the engine's quick compiler.
  const peak = median(rates.slice(rates.length >> 1));
  report(Object.fromEntries(task.products.map(([name]) => [name, peak])), { threads });
}
