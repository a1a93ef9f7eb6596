import type { Buffer, LoopKernel } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { ModuleContext } from "./context.js";

/**
 * A part of a program that all threads work on side by side. Its work is cut along one axis into
 * pieces that depend on the shapes alone, never on the number of threads; so the results do not
 * depend on it either.
 */
export interface Step {
  /** What it does, for `inspect` and `profile`: "matmul 64×784 · 784×128". */
  readonly name: string;
  readonly reads: readonly Buffer[];
  readonly writes: readonly Buffer[];
  /** Length of the axis along which the work is cut. */
  readonly length: number;
  /** Places of it that make a piece; the last one may have fewer. */
  readonly piece: number;
  /** Operations on numbers in all. */
  readonly operations: number;
  /**
   * Does the axis go over the result's rows in their order, a whole number of places for each? Then
   * what reads the result row by row can be done along with it.
   */
  readonly byRows?: boolean;
  /** Must it be given whole pieces, from one of its own boundaries on? */
  readonly wholePieces?: boolean;
  /** Does it ask the host for single elements? Then it stays on the caller's thread. */
  readonly callsHost?: boolean;
  /** The kernel, if it is a loop: others of its form may be done along with it. */
  readonly loop?: LoopKernel;
  /** Bytes of memory of its own that each thread needs. */
  readonly scratchBytes?: number;
  /**
   * Writes the code for one piece: `count` places from the one that `start` has. The function's
   * parameters: `f.params[0]` is the base that addresses go by (see `ModuleContext`), `f.params[1]`
   * the thread's scratch memory.
   */
  readonly emit: (f: FunctionBuilder, context: ModuleContext, start: Local, count: number) => void;
}

/** The pieces of a step. */
export const piecesOf = ({ length, piece }: Step): number => Math.ceil(length / piece);

/**
 * The function (base, scratch, from, to) that does the pieces from `from` up to `to` of a step. The
 * last piece has code of its own if it is shorter.
 */
export function emitStep(step: Step, context: ModuleContext): FunctionBuilder {
  const { length, piece } = step;
  const whole = Math.floor(length / piece);
  const rest = length - whole * piece;
  return context.module.function(["i32", "i32", "i32", "i32"], [], (f) => {
    const [, , from, to] = f.params;
    const start = f.local("i32");
    if (whole > 0) {
      const end = f.local("i32");
      f.get(to).i32(whole).get(to).i32(whole).op("i32.lt_u").op("select").set(end);
      f.for(from, from, end, 1, () => {
        f.get(from).times(piece).set(start);
        step.emit(f, context, start, piece);
      });
      f.release(end);
    }
    if (rest > 0) {
      f.get(to).i32(whole).op("i32.gt_u");
      f.if(() => {
        f.i32(whole * piece).set(start);
        step.emit(f, context, start, rest);
      });
    }
  });
}
