/* global WebAssembly */
/**
 * GFLOP/s that the engine reaches with 128-bit vectors when nothing but arithmetic limits it: a
 * WebAssembly loop of independent chains x ← x · c + d in registers, on each thread.
 */
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { report, task } from "../harness/child.mjs";
import { median } from "../harness/median.mjs";

/** As many chains as hide the latency of both operations and leave two registers for c and d. */
const chains = 12;
const [get, set, constant, splat] = [0x20, 0x21, 0x43, [0xfd, 0x13]];
const [multiply, add] = [
  [0xfd, 0xe6, 0x01],
  [0xfd, 0xe4, 0x01],
];
const half = [0x00, 0x00, 0x00, 0x3f];

/** `run(n)`: n rounds of all chains; returns one lane of their sum, so that none can be dropped. */
function moduleBytes() {
  const sized = (bytes) => [...unsigned(bytes.length), ...bytes];
  const section = (id, bytes) => [id, ...sized(bytes)];
  // Local 0 counts, 1 and 2 are c and d (equal, but not known to be), the chains follow.
  const chain = Array.from({ length: chains }, (_, i) => 3 + i);
  const load = [...[1, 2, ...chain].flatMap((local) => [constant, ...half, ...splat, set, local])];
  const round = chain.flatMap((x) => [get, x, get, 1, ...multiply, get, 2, ...add, set, x]);
  const countDown = [get, 0, 0x41, 1, 0x6b, 0x22, 0, 0x0d, 0];
  const sum = chain.flatMap((x, i) => (i === 0 ? [get, x] : [get, x, ...add]));
  const body = [
    ...[1, chains + 2, 0x7b],
    ...load,
    ...[0x03, 0x40, ...round, ...countDown, 0x0b],
    ...[...sum, 0xfd, 0x1f, 0],
    0x0b,
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 1, 0x7f, 1, 0x7d]),
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
    exports.run(loops);
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
    exports.run(loops);
    for (let done; (done = Atomics.load(words, 1)) < workers.length;) Atomics.wait(words, 1, done);
    rates.push((threads * flops) / (performance.now() - start) / 1e6);
  }
  Atomics.store(words, 0, -1);
  Atomics.notify(words, 0);
  // The first rounds still run in the engine's quick compiler.
  const peak = median(rates.slice(rates.length >> 1));
  report(Object.fromEntries(task.products.map(([name]) => [name, peak])), { threads });
}
