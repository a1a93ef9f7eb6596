/**
 * What the children in JavaScript share: the task, how a rate is taken and a result handed over.
 * `peers/torch_peer.py` does the same in Python.
 */
import { setImmediate } from "node:timers";
import { median } from "./median.mjs";

/** What this child was asked to do. */
export const task = JSON.parse(process.argv[2] ?? "{}");

/**
 * Hands over what was measured: numbers by name ("" where there is only one), with the processor
 * time that it took, from which the parent sees what other work the machine had.
 */
export function report(values, more = {}) {
  const { user, system } = process.cpuUsage();
  console.log(JSON.stringify({ values, cpuSeconds: (user + system) / 1e6, ...more }));
}

/** Says that this cannot be measured here, and why. */
export function absent(why) {
  console.log(JSON.stringify({ absent: why }));
  process.exit(0);
}

const sliceMs = 100;
const turn = () => new Promise((resolve) => setImmediate(resolve));

/** Calls a second within one slice of time, of a function that may be asynchronous. */
async function slice(work) {
  const start = performance.now();
  let calls = 0;
  let passed;
  do {
    const result = work();
    if (result instanceof Promise) await result;
    calls++;
    passed = performance.now() - start;
  } while (passed < sliceMs);
  return (calls * 1000) / passed;
}

/**
 * How often a second `work` can be called: the median over slices of a tenth of a second, after a
 * warm-up in which engines compile. Between slices the event loop gets its turn.
 */
export async function callsPerSecond(work, seconds = task.seconds ?? 2) {
  const rates = [];
  const start = performance.now();
  const warm = start + 500 * seconds;
  const end = warm + 1000 * seconds;
  while (performance.now() < warm) {
    await slice(work);
    await turn();
  }
  do {
    rates.push(await slice(work));
    await turn();
  } while (performance.now() < end);
  return median(rates);
}
