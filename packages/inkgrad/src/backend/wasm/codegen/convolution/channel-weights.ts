import { bytesPer } from "../../../../base/dtype.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import { lanesIn } from "../tile.js";
import { emitStoreTile } from "../tile-store.js";
import { emitMultiplyAdd } from "./channelwise.js";
import type { Geometry } from "./geometry.js";
import { pushLanes } from "./tile-column.js";

/** Adds a region's sums of channels by themselves: vectors go across channels. */
export function emitChannelSums(
  f: FunctionBuilder,
  context: ModuleContext,
  geometry: Geometry,
  x: Local,
  g: Local,
  result: Local,
  high: number,
  wide: number,
  pitch: number,
): void {
  const { dtype, lines, columns, channels } = geometry;
  const [size, lanes] = [bytesPer(dtype), lanesIn(dtype)];
  const step = channels * size;
  const taps = 8;
  const [channel, kh, line, place] = f.locals(4, "i32");
  const [start, from, a, b, out] = f.locals(5, "i32");
  const other = f.local("v128");
  const strip = (across: number): void => {
    f.get(x).get(channel).op("i32.add").set(start);
    f.get(result).get(channel).op("i32.add").set(out);
    f.for(kh, 0, lines.window, 1, () => {
      for (let kw = 0; kw < columns.window; kw += taps) {
        const sums = f.locals(Math.min(taps, columns.window - kw), "v128");
        for (const sum of sums) f.i32x4(0).set(sum);
        f.get(start)
          .plus(kw * columns.dilation * step)
          .set(from);
        f.get(g).get(channel).op("i32.add").set(b);
        f.for(line, 0, high, 1, () => {
          f.get(from).set(a);
          f.for(place, 0, wide, 1, () => {
            pushLanes(f, b, 0, across, dtype);
            f.set(other);
            sums.forEach((sum, i) => {
              emitMultiplyAdd(
                f,
                context,
                dtype,
                sum,
                () => {
                  pushLanes(f, a, i * columns.dilation * step, across, dtype);
                },
                () => f.get(other),
              );
            });
            f.increase(a, columns.stride * step);
            f.increase(b, step);
          });
          f.increase(from, lines.stride * pitch);
        });
        // A row of the result for each tap.
        f.get(out)
          .plus(kw * step)
          .set(a);
        const rows = sums.map((sum) => [sum]);
        emitStoreTile(f, rows, a, { dtype, rowStep: step, columns: across, add: true });
        f.release(...sums);
      }
      f.increase(start, lines.dilation * pitch);
      f.increase(out, columns.window * step);
    });
  };
  const whole = channels - (channels % lanes);
  f.for(channel, 0, whole * size, lanes * size, () => {
    strip(lanes);
  });
  if (whole < channels) strip(channels - whole);
  f.release(channel, kh, line, place, start, from, a, b, out, other);
}
