import { BackendError, ValueError } from "../base/errors.js";
import { describe } from "../base/tree.js";
import type { Backend, LoadOptions } from "./backend.js";
import { computeOnHost, reference } from "./reference/reference.js";
import { wasmRuns } from "./wasm/probe.js";
import { wasmBackend } from "./wasm/wasm.js";

/** The backends there are. Only this file knows them. */
const backends: Record<string, Backend> = { reference };
if (wasmRuns()) backends.wasm = wasmBackend(computeOnHost);

/** The fastest that runs everywhere; the reference where the engine has no vectors. */
let current: Backend = backends.wasm ?? reference;

export const backendNames = (): string[] => Object.keys(backends);

/** The backend that evaluates tensors. */
export const backend = (): Backend => current;

/** Adds a backend under its name, in place of any other of that name. */
export function registerBackend(added: Backend): void {
  backends[added.name] = added;
}

/** The backend of a name. Throws `BackendError` where there is none; `op` is for the message. */
export function backendNamed(name: string, op = "backendNamed"): Backend {
  const found = Object.hasOwn(backends, name) ? backends[name] : undefined;
  if (found === undefined)
    throw new BackendError(
      `${op}: there is no backend "${name}"; choose one of ${backendNames().join(", ")}`,
    );
  return found;
}

/** Chooses the backend that evaluates tensors from now on. */
export function setBackend(name: string): void {
  current = backendNamed(name, "setBackend");
}

/**
 * Sets the number of threads that programs run on, the caller's among them; by default all cores.
 * Results have the same bits whatever it is. Where memory cannot be shared (a page that is not
 * cross-origin isolated) there is one thread, and this changes nothing.
 *
 * @throws ValueError  unless `count` is a whole number ≥ 1
 */
export function setThreads(count: number): void {
  if (!(Number.isInteger(count) && count >= 1))
    throw new ValueError(
      `setThreads: expected a whole number of threads ≥ 1, got ${describe(count)}; ` +
        "1 computes on the caller's thread alone",
    );
  // The backend that is chosen later keeps to it, too.
  for (const { threads } of Object.values(backends))
    if (threads !== undefined) threads.count = count;
}

let deterministic = false;
let wide = false;

/** How programs are made ready from now on. */
export const loadOptions = (): LoadOptions => ({ deterministic, wide });

/**
 * Whether results have the same bits on every machine and engine. By default they have on any one:
 * products may be added to sums with one rounding where the machine can, which is faster and a little
 * more exact. Single functions can choose for themselves: `compile(f, { deterministic: true })`.
 */
export function setDeterministic(on: boolean): void {
  requireBoolean(on, "setDeterministic");
  deterministic = on;
}

/**
 * Uses 256-bit vectors where the engine can make them of pairs of 128-bit ones (an experiment of
 * V8's, from Node 24 on). It is switched on only if a short trial finds the right bits, and faster;
 * off by default. Matrix products and convolutions then round products and sums one by one, as with
 * `setDeterministic(true)`.
 *
 * @returns  are they in use?
 */
export function setWideVectors(on: boolean): boolean {
  requireBoolean(on, "setWideVectors");
  wide = on && (current.hasWideVectors?.() ?? false);
  return wide;
}

function requireBoolean(on: unknown, op: string): void {
  if (typeof on !== "boolean")
    throw new ValueError(`${op}: expected true or false, got ${describe(on)}`);
}
