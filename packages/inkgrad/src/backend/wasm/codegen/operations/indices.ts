import { outsideAxis } from "../../../../ops/rules.js";
import type { GraphNode } from "../../../../graph/node.js";
import { sizeOf } from "../../../../base/shape.js";
import type { Buffer } from "../../../program.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { Step } from "../step.js";

/** The axes of x before the one that indices go along, that one, and those behind it. */
export interface Split {
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
}

export const splitAt = (shape: readonly number[], axis: number): Split => ({
  outer: sizeOf(shape.slice(0, axis)),
  n: shape[axis],
  inner: sizeOf(shape.slice(axis + 1)),
});

/**
 * Throws `IndexError` for the first index outside the axis. It may run beside the step that uses the
 * indices, since that one reads them with `pushIndex`.
 */
export function checkStep(node: GraphNode, index: Buffer, axis: number): Step {
  const { shape } = node.src[0];
  const count = index.elements;
  const whole = count - (count % 4);
  return {
    name: `check ${count} indices`,
    reads: [index],
    writes: [],
    length: 1,
    piece: 1,
    operations: Math.ceil(count / 4),
    callsHost: true,
    emit(f, context) {
      const which = context.failure((value) => outsideAxis(node.op, value, axis, shape));
      const [at, i] = f.locals(2, "i32");
      context.pushAddress(f, index);
      f.set(at);
      f.i32(whole).set(i);
      if (whole > 0) {
        const outside = f.local("v128");
        const counter = f.local("i32");
        f.i32x4(0).set(outside);
        f.for(counter, 0, whole, 4, () => {
          f.get(outside).get(at).mem("v128.load", 0, 2);
          // A negative one counts as very large.
          f.i32x4(shape[axis]).op("i32x4.ge_u").op("v128.or").set(outside);
          f.increase(at, 16);
        });
        f.get(outside).op("v128.any_true");
        f.if(() => {
          f.i32(0).set(i);
          context.pushAddress(f, index);
          f.set(at);
        });
        f.release(outside, counter);
      }
      f.for(i, i, count, 1, () => {
        f.get(at).mem("i32.load").i32(shape[axis]).op("i32.ge_u");
        f.if(() => {
          f.i32(which).get(at).mem("i32.load").op("f64.convert_i32_s");
          f.call(context.failFunction);
        });
        f.increase(at, 4);
      });
      f.release(at, i);
    },
  };
}

/** Leaves the index at an address on the stack; 0 where it is outside an axis of length `n`. */
export function pushIndex(f: FunctionBuilder, at: Local, n: number): void {
  const index = f.local("i32");
  f.get(at).mem("i32.load").tee(index).i32(0).get(index).i32(n).op("i32.lt_u").op("select");
  f.release(index);
}
