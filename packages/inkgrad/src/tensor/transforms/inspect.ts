import { backend } from "../../backend/registry.js";
import type { KernelReport, KernelTime, ProgramReport } from "../../backend/backend.js";
import { BackendError } from "../../base/errors.js";
import { columns } from "../columns.js";
import type { AnyFunction } from "../types/transforms.js";
import { asCompiled, type Compiled } from "./compile.js";
import { requireFunction } from "./leaves.js";

/** A function's program: its kernels in order, and what it takes. Printing it gives a table. */
export interface Inspection extends ProgramReport {
  toString(): string;
}

/** A kernel with how long it took. */
export interface ProfiledKernel extends KernelReport {
  /** The median of several runs. */
  readonly microseconds: number;
  /** Share of the time of all kernels. */
  readonly share: number;
  readonly operationsPerSecond: number;
  readonly bytesPerSecond: number;
  /** Operations a second as a share of the most that this machine does, as measured. */
  readonly shareOfPeak: number;
}

/** Where a function's time goes, kernel by kernel. Printing it gives a table. */
export interface Profile {
  readonly kernels: readonly ProfiledKernel[];
  readonly microseconds: number;
  /** f32 operations a second that the machine gives at best with the threads in use. */
  readonly peakOperationsPerSecond: number;
  readonly threads: number;
  toString(): string;
}

/**
 * The program that `compile` makes of a function: its kernels, what each computes and moves, which
 * of them run side by side, and how much memory and code there is.
 *
 *     console.log(inspect(step, params, x, y))
 *
 * @param f     a function of trees of tensors, compiled or not
 * @param args  arguments; they are not given up
 * @throws BackendError  if the backend goes through graphs without making kernels
 */
export function inspect<A extends readonly unknown[]>(
  f: (...args: A) => unknown,
  ...args: A
): Inspection {
  const { report } = programOf(f as AnyFunction, args, "inspect").executable;
  return printable({ ...report! }, () => {
    const { kernels, threads, arenaBytes, codeBytes } = report!;
    const rows = kernels.map(({ name, operations, bytes, phase }, i) => [
      String(i),
      String(phase),
      name,
      count(operations),
      count(bytes),
    ]);
    return [
      `${several(kernels.length, "kernel")} in ` +
        `${several(new Set(kernels.map(({ phase }) => phase)).size, "phase")} on ` +
        `${several(threads, "thread")}, ${count(arenaBytes)}B of working memory, ` +
        `${count(codeBytes)}B of code`,
      columns([["kernel", "phase", "", "operations", "bytes"], ...rows]),
    ].join("\n");
  });
}

/**
 * Runs a function's program and takes the time of every kernel by itself.
 *
 * @param f     a function of trees of tensors, compiled or not
 * @param args  arguments; they are not given up
 * @throws BackendError  if the backend goes through graphs without making kernels
 */
export function profile<A extends readonly unknown[]>(
  f: (...args: A) => unknown,
  ...args: A
): Profile {
  const { executable, inputs } = programOf(f as AnyFunction, args, "profile");
  const runs: KernelTime[][] = [];
  const start = performance.now();
  // Kernels become fast after some runs: the later half counts.
  while (runs.length < 10 || (performance.now() - start < 500 && runs.length < 400))
    runs.push(executable.profile!(inputs, []));
  const counted = runs.slice(Math.floor(runs.length / 2));
  const times = runs[0].map((_, i) => median(counted.map((run) => run[i].microseconds)));
  const total = times.reduce((a, b) => a + b, 0);
  const peak = backend().peak?.().operations ?? NaN;
  const kernels = runs[0].map(({ kernel }, i): ProfiledKernel => {
    const seconds = times[i] / 1e6;
    return {
      ...kernel,
      microseconds: times[i],
      share: times[i] / total,
      operationsPerSecond: kernel.operations / seconds,
      bytesPerSecond: kernel.bytes / seconds,
      shareOfPeak: kernel.operations / seconds / peak,
    };
  });
  const threads = executable.report!.threads;
  return printable({ kernels, microseconds: total, peakOperationsPerSecond: peak, threads }, () => {
    const rows = kernels.map((k, i) => [
      String(i),
      k.name,
      k.microseconds.toFixed(1),
      `${(100 * k.share).toFixed(1)} %`,
      count(k.operations),
      `${(k.operationsPerSecond / 1e9).toFixed(1)}`,
      `${(100 * k.shareOfPeak).toFixed(0)} %`,
      count(k.bytes),
      `${(k.bytesPerSecond / 1e9).toFixed(1)}`,
    ]);
    const head = ["kernel", "", "µs", "of time", "operations", "G/s", "of peak", "bytes", "GB/s"];
    return [
      `${total.toFixed(0)} µs in ${several(kernels.length, "kernel")} on ` +
        `${several(threads, "thread")}; peak ${(peak / 1e9).toFixed(0)} G operations/s`,
      columns([head, ...rows]),
    ].join("\n");
  });
}

function programOf(
  f: AnyFunction,
  args: readonly unknown[],
  op: string,
): ReturnType<Compiled["forLooking"]> {
  requireFunction(f, op);
  const found = asCompiled(f).forLooking(args, op);
  if (found.executable.report === undefined)
    throw new BackendError(
      `${op}: the backend "${backend().name}" makes no kernels; choose another with setBackend`,
    );
  return found;
}

function printable<T extends object>(data: T, text: () => string): T & { toString(): string } {
  return Object.defineProperties(data, {
    toString: { value: text, enumerable: false },
    [Symbol.for("nodejs.util.inspect.custom")]: { value: text, enumerable: false },
  });
}

function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

const several = (n: number, thing: string): string => `${n} ${thing}${n === 1 ? "" : "s"}`;

/** 1234567 as "1.2 M". */
function count(n: number): string {
  if (n < 1000) return `${n} `;
  const units = ["k", "M", "G", "T"];
  let [value, unit] = [n, -1];
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(value < 10 ? 1 : 0)} ${units[unit]}`;
}
