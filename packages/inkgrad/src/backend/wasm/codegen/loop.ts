import { bytesPer } from "../../../base/dtype.js";
import { sizeOf } from "../../../base/shape.js";
import { type LoopKernel, readsOf, writesOf } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { ModuleContext } from "./context.js";
import { advance, collapse, Cursor, moving, nest, releaseAll } from "./cursor.js";
import {
  costOf,
  cursorOf,
  Expression,
  laneCount,
  type Leaf,
  leavesOf,
  stridesOf,
} from "./expression.js";
import { storeVector } from "./lanes.js";
import type { Step } from "./step.js";

/** Points computed in one piece, where they are cheap. */
const pointsAtOnce = 8192;

/**
 * One pass over an index space: vectors along the last axis, loops over the others.
 *
 * @param byRows  cut along the first axis as it is (else along the first after merging axes)
 */
export function loopStep(kernel: LoopKernel, byRows = false): Step | null {
  if (kernel.space.includes(0)) return null;
  const { stores } = kernel;
  const values = stores.map(({ value }) => value);
  const leaves = leavesOf(...values);
  const { sizes, paths } = collapse(
    kernel.space,
    [...stores.map(({ to }) => to.layout.strides), ...leaves.map(stridesOf)],
    byRows ? 1 : 0,
  );
  // A single element is a row of one.
  if (sizes.length === 0) {
    sizes.push(1);
    for (const path of paths) path.push(1);
  }
  const last = sizes.length - 1;
  const cost = costOf(...values);
  const lanes = laneCount(stores.map(({ value, to }) => ({ value, dtype: to.buffer.dtype })));
  const row = sizeOf(sizes.slice(1));
  const points = Math.max(512, pointsAtOnce / (1 + Math.floor(cost.operations / 16)));

  const emit = (f: FunctionBuilder, context: ModuleContext, start: Local, count: number): void => {
    const here = [count, ...sizes.slice(1)];
    const targets = stores.map(
      ({ to: { buffer, layout } }, i) =>
        new Cursor(
          f,
          () => {
            context.pushAddress(f, buffer, layout.offset * bytesPer(buffer.dtype));
          },
          paths[i].map((stride) => stride * bytesPer(buffer.dtype)),
        ),
    );
    const sources = leaves.map((leaf, i) => cursorOf(f, leaf, paths[stores.length + i], context));
    const cursors = [...targets, ...sources];
    for (const cursor of cursors) cursor.moveTo(f, 0, start);
    const steps = paths.map((path) => path[last]);
    const expression = new Expression(
      f,
      values,
      new Map(leaves.map((leaf, i) => [leaf, sources[i]])),
      new Map(leaves.map((leaf, i) => [leaf, steps[stores.length + i]])),
      lanes,
      context,
    );
    expression.loadScalars();
    /** The next `n` elements. */
    const some = (n: number): void => {
      // Everything is computed before anything is stored: a result may lie where an operand does.
      const results = expression.emit(n);
      stores.forEach(({ to: { buffer } }, i) => {
        f.get(results[i]);
        storeVector(f, buffer.dtype, (g) => g.get(targets[i].at), steps[i], n, lanes);
      });
      f.release(...results);
    };
    const again = sameInEachRow(here, paths, leaves, lanes, cost.operations);
    if (again === null)
      nest(f, here, cursors, 0, last, () => {
        expression.loadInvariant();
        vectors(f, here[last], lanes, cursors, last, some);
      });
    else
      nest(f, here, cursors, 0, last - 1, () => {
        expression.loadInvariant();
        const held = again.map((leaf) => sources[leaves.indexOf(leaf)]);
        const parts = Array.from({ length: here[last] / lanes }, () => 0);
        const locals: Local[][] = [];
        moving(f, held, last, () => {
          for (const _ of parts) {
            locals.push(expression.loadAhead(again, lanes));
            advance(f, held, last, lanes);
          }
        });
        // The others go straight on from one row to the next.
        const on = cursors.filter((cursor) => !held.includes(cursor));
        const row = f.local("i32");
        moving(f, on, last, () => {
          f.for(row, 0, here[last - 1], 1, () => {
            for (const part of locals) {
              expression.hold(again, part);
              some(lanes);
              advance(f, on, last, lanes);
            }
          });
        });
        expression.hold(again, null);
        f.release(row, ...locals.flat());
      });
    expression.release();
    releaseAll(f, cursors);
  };
  return {
    name: `loop ${kernel.space.join("×")}`,
    reads: readsOf(kernel),
    writes: writesOf(kernel),
    length: sizes[0],
    byRows: true,
    piece: last === 0 ? Math.ceil(points / lanes) * lanes : Math.max(1, Math.ceil(points / row)),
    operations: cost.operations * sizeOf(sizes),
    callsHost: cost.callsHost,
    loop: kernel,
    emit,
  };
}

/** Instructions that the vectors of a row may take, written one after the other. */
const mostWritten = 96;

/**
 * What is the same in each row (of channels: a bias, a scale) where rows are so short that it can
 * stay in registers from one row to the next, and everything else lies on without gaps; null
 * otherwise.
 */
function sameInEachRow(
  sizes: readonly number[],
  paths: readonly (readonly number[])[],
  leaves: readonly Leaf[],
  lanes: number,
  operations: number,
): Leaf[] | null {
  const last = sizes.length - 1;
  const stores = paths.length - leaves.length;
  const [rows, row] = [sizes[last - 1], sizes[last]];
  if (last === 0 || rows < 4 || row % lanes !== 0) return null;
  if ((row / lanes) * (operations + stores + 1) > mostWritten) return null;
  const again = leaves.filter((_, i) => {
    const path = paths[stores + i];
    return path[last] === 1 && path[last - 1] === 0;
  });
  const on = paths.every(
    (path, i) =>
      again.includes(leaves[i - stores]) ||
      (path[last] === 1 && path[last - 1] === row) ||
      (i >= stores && path[last] === 0 && path[last - 1] === 0),
  );
  return on && again.length > 0 ? again : null;
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
