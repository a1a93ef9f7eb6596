import { bytesPer } from "../../../../base/dtype.js";
import type { Buffer } from "../../../program.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import type { Place } from "./regions.js";

/** Images in memory, channels last. */
export interface Images {
  readonly buffer: Buffer;
  readonly dtype: "f32" | "f64";
  readonly lines: number;
  readonly columns: number;
  readonly channels: number;
}

/**
 * How places of a region meet those of a source along one axis: place p meets p·stride + d, for d
 * from `from` to `to`.
 */
export interface Reach {
  readonly stride: number;
  readonly from: number;
  readonly to: number;
}

/** Is a part of what `count` places meet outside the source's `size`? */
export const reachesOut = (count: number, { stride, from, to }: Reach, size: number): boolean =>
  from < 0 || (count - 1) * stride + to >= size;

/** Length of what `count` places meet. */
export const reached = (count: number, { stride, from, to }: Reach): number =>
  (count - 1) * stride + to - from + 1;

/** Leaves on the stack the address of the first element that a region meets (inside the source). */
export function pushFirstMet(
  f: FunctionBuilder,
  context: ModuleContext,
  { buffer, dtype, lines, columns, channels }: Images,
  { image, line, column }: Place,
  down: Reach,
  across: Reach,
): void {
  f.get(image).times(lines);
  f.get(line).times(down.stride).op("i32.add");
  f.times(columns);
  f.get(column).times(across.stride).op("i32.add");
  f.plus(down.from * columns + across.from);
  f.times(channels * bytesPer(dtype));
  context.pushAddress(f, buffer);
  f.op("i32.add");
}

/**
 * Copies what a region of `high` lines and `wide` columns meets to `into`, without gaps, zeros where
 * that is outside the source: so the loops that use it need no tests.
 */
export function copyMet(
  f: FunctionBuilder,
  context: ModuleContext,
  source: Images,
  place: Place,
  high: number,
  wide: number,
  down: Reach,
  across: Reach,
  into: Local,
): void {
  const { lines, columns } = source;
  const [met, width] = [reached(high, down), reached(wide, across)];
  const step = source.channels * bytesPer(source.dtype);
  const [to, line, left, right, index, from] = f.locals(6, "i32");
  const clamp = (at: Local): void => {
    // Between 0 and the width.
    f.get(at).i32(0).get(at).i32(0).op("i32.gt_s").op("select").set(at);
    f.get(at).i32(width).get(at).i32(width).op("i32.lt_s").op("select").set(at);
  };
  // Columns `left` … `right` of the copy lie inside the source.
  f.get(place.column).times(across.stride).plus(across.from).set(right);
  f.i32(0).get(right).op("i32.sub").set(left);
  f.i32(columns).get(right).op("i32.sub").set(right);
  clamp(left);
  clamp(right);
  f.get(place.line).times(down.stride).plus(down.from).set(line);
  f.get(into).set(to);
  const bytes = (push: () => void): void => {
    push();
    f.times(step);
  };
  f.for(index, 0, met, 1, () => {
    f.get(line).i32(lines).op("i32.lt_u").get(left).get(right).op("i32.lt_s").op("i32.and");
    f.if(
      () => {
        f.get(to).i32(0);
        bytes(() => f.get(left));
        f.memoryFill();
        f.get(place.image).times(lines).get(line).op("i32.add");
        f.times(columns);
        f.get(place.column).times(across.stride).op("i32.add");
        f.plus(across.from).get(left).op("i32.add").times(step);
        context.pushAddress(f, source.buffer);
        f.op("i32.add").set(from);
        f.get(to);
        bytes(() => f.get(left));
        f.op("i32.add").get(from);
        bytes(() => f.get(right).get(left).op("i32.sub"));
        f.memoryCopy();
        f.get(to);
        bytes(() => f.get(right));
        f.op("i32.add").i32(0);
        bytes(() => f.i32(width).get(right).op("i32.sub"));
        f.memoryFill();
      },
      () => {
        f.get(to)
          .i32(0)
          .i32(width * step)
          .memoryFill();
      },
    );
    f.increase(line, 1);
    f.increase(to, width * step);
  });
  f.release(to, line, left, right, index, from);
}
