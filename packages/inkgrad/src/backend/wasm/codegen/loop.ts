import { bytesPer } from "../../../base/dtype.js";
import type { LoopKernel } from "../../program.js";
import type { FunctionBuilder } from "../assembler/function.js";
import type { ModuleContext } from "./context.js";
import { advance, collapse, Cursor, moving, nest } from "./cursor.js";
import { cursorOf, Expression, laneCount, leavesOf, stridesOf } from "./expression.js";
import { storeVector } from "./lanes.js";

/** One pass over an index space: vectors along the last axis, loops over the others. */
export function emitLoop(f: FunctionBuilder, kernel: LoopKernel, context: ModuleContext): void {
  if (kernel.space.includes(0)) return;
  const { value, to } = kernel;
  const leaves = leavesOf(value);
  const { sizes, paths } = collapse(kernel.space, [to.layout.strides, ...leaves.map(stridesOf)]);
  // A single element is a row of one.
  if (sizes.length === 0) {
    sizes.push(1);
    for (const path of paths) path.push(1);
  }
  const last = sizes.length - 1;
  const lanes = laneCount(value, to.buffer.dtype);
  const size = bytesPer(to.buffer.dtype);
  const target = new Cursor(
    f,
    context.addressOf(to.buffer) + to.layout.offset * size,
    paths[0].map((stride) => stride * size),
  );
  const sources = leaves.map((leaf, i) => cursorOf(f, leaf, paths[i + 1], context));
  const expression = new Expression(
    f,
    value,
    new Map(leaves.map((leaf, i) => [leaf, sources[i]])),
    new Map(leaves.map((leaf, i) => [leaf, paths[i + 1][last]])),
    lanes,
    context,
  );
  const cursors = [target, ...sources];
  const store = (count: number): void => {
    expression.emit(count);
    storeVector(
      f,
      to.buffer.dtype,
      (g) => {
        g.get(target.at);
      },
      paths[0][last],
      count,
      lanes,
    );
  };

  expression.loadScalars();
  nest(f, sizes, cursors, 0, last, () => {
    expression.loadInvariant();
    vectors(f, sizes[last], lanes, cursors, last, store);
  });
}

/** Whole vectors along an axis, then the rest. */
export function vectors(
  f: FunctionBuilder,
  size: number,
  lanes: number,
  cursors: readonly Cursor[],
  axis: number,
  body: (count: number) => void,
): void {
  const whole = size - (size % lanes);
  moving(f, cursors, axis, () => {
    if (whole > 0) {
      const counter = f.local("i32");
      f.for(counter, 0, whole, lanes, () => {
        body(lanes);
        advance(f, cursors, axis, lanes);
      });
      f.release(counter);
    }
    if (whole < size) body(size - whole);
  });
}
