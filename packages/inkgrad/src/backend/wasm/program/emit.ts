import type { Buffer } from "../../program.js";
import { type Arithmetic, tileMode } from "../arithmetic.js";
import { ModuleBuilder } from "../assembler/module.js";
import type { LaneCall, ModuleContext } from "../codegen/context.js";
import { emitStep, piecesOf, type Step } from "../codegen/step.js";
import { atStep, line } from "../runtime/control.js";
import { emitBarrier } from "./barrier.js";
import type { Phase } from "./lower.js";

export const pageBytes = 65536;
/** WebAssembly addresses 4 GiB. */
export const maxPages = 65536;

/** How a program's memory is laid out, in bytes from its base. */
export interface MemoryMap {
  /** Where a buffer lies; null: at the address that stands in the table. */
  readonly offsetOf: (buffer: Buffer) => number | null;
  /** Where in the table of addresses a buffer's stands. */
  readonly addressOf: (buffer: Buffer) => number;
  readonly numberAt: (index: number) => number;
}

export interface EmitOptions {
  readonly arithmetic: Arithmetic;
  /** Is the memory shared by threads? */
  readonly shared: boolean;
  /** May the caller's thread sleep? A page's must not: it only looks. */
  readonly callerSleeps: boolean;
}

export interface Emitted {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly laneCalls: readonly LaneCall[];
  readonly failures: readonly ((value: number) => Error)[];
}

/**
 * The module of a program. It exports a function `run…` (base, scratch, thread, threads) for each
 * segment, in which a thread does its share of every phase.
 */
export function emitModule(
  segments: readonly (readonly Phase[])[],
  map: MemoryMap,
  { arithmetic, shared, callerSleeps }: EmitOptions,
): Emitted {
  const module = new ModuleBuilder({ initial: 1, maximum: maxPages, shared });
  const laneCalls: LaneCall[] = [];
  const failures: ((value: number) => Error)[] = [];
  const context: ModuleContext = {
    module,
    pushAddress(f, buffer, byte = 0) {
      const [base] = f.params;
      const offset = map.offsetOf(buffer);
      if (offset === null) {
        f.get(base).mem("i32.load", map.addressOf(buffer));
        if (byte !== 0) f.plus(byte);
      } else f.get(base).plus(offset + byte);
    },
    pushNumber: (f, index) => f.get(f.params[0]).mem("f64.load", map.numberAt(index)),
    laneFunction: module.import("host", "lane", {
      params: ["i32", "f64", "f64", "f64"],
      results: ["f64"],
    }),
    laneCall: (call) => laneCalls.push(call) - 1,
    failFunction: module.import("host", "fail", { params: ["i32", "f64"], results: [] }),
    failure: (error) => failures.push(error) - 1,
    fused: arithmetic.fused,
    tiles: tileMode(arithmetic),
  };
  const barrier = shared ? emitBarrier(module) : null;
  let number = 0;
  segments.forEach((phases, i) => {
    const steps = phases.map((phase) => phase.map((step) => emitStep(step, context)));
    const run = module.function(["i32", "i32", "i32", "i32"], [], (f) => {
      const [base, scratch, thread, threads] = f.params;
      phases.forEach((phase, p) => {
        phase.forEach((step, s) => {
          f.get(thread)
            .times(4 * line)
            .i32(number++)
            .mem("i32.store", 4 * atStep);
          const call = (): void => {
            f.get(base).get(scratch);
            pushShare(step);
            f.call(steps[p][s]);
          };
          const pushShare = (one: Step): void => {
            const pieces = piecesOf(one);
            if (pieces === 1) {
              f.i32(0).i32(1);
              return;
            }
            f.i32(pieces).get(thread).op("i32.mul").get(threads).op("i32.div_u");
            f.get(thread).plus(1).times(pieces);
            f.get(threads).op("i32.div_u");
          };
          if (step.callsHost === true) {
            f.get(thread).op("i32.eqz");
            f.if(() => {
              f.get(base).get(scratch).i32(0).i32(piecesOf(step)).call(steps[p][s]);
            });
          } else if (piecesOf(step) === 1) {
            // Small steps of one phase go to the threads in turn.
            f.i32(s).get(threads).op("i32.rem_u").get(thread).op("i32.eq");
            f.if(call);
          } else call();
        });
        if (barrier === null) return;
        f.get(threads).i32(1).op("i32.gt_u");
        f.if(() => {
          f.get(threads);
          if (callerSleeps) f.i32(1);
          else f.get(thread);
          f.call(barrier);
        });
      });
    });
    module.export(`run${i}`, run);
  });
  return { bytes: module.encoded(), laneCalls, failures };
}
