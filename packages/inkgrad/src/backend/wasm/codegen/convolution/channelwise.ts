import { type Buffer, readsOfEpilogue } from "../../../program.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import type { Step } from "../step.js";
import { divideRows } from "../tile-shapes.js";
import { lanesIn } from "../tile.js";
import { emitStoreTile } from "../tile-store.js";
import { Finisher } from "./epilogue.js";
import { type Gather, GatherPlan, nameOf } from "./gather.js";
import type { Geometry } from "./geometry.js";
import { functionFor, pushLanes } from "./tile-column.js";

/** Has every channel a group of its own, with one feature? Then vectors go across channels. */
export const isChannelwise = ({ channels, features, groups }: Geometry): boolean =>
  groups === channels && groups === features && groups > 1;

const vectorsBeside = 2;
const mostPlaces = 4;

/** sum + x · y, rounded once where the engine may. */
export function emitMultiplyAdd(
  f: FunctionBuilder,
  { fused }: ModuleContext,
  dtype: "f32" | "f64",
  sum: Local,
  pushX: () => void,
  pushY: () => void,
): void {
  const type = dtype === "f32" ? "f32x4" : "f64x2";
  if (!fused) f.get(sum);
  pushX();
  pushY();
  if (fused) f.get(sum).op(`${type}.relaxed_madd`);
  else f.op(`${type}.mul`).op(`${type}.add`);
  f.set(sum);
}

/**
 * A gather of channels by themselves: the kernel is read as it lies, [tap, channel]; `matrices` says
 * which of its taps belongs to each of the gather's.
 */
export function channelSteps(given: Gather, kernel: Buffer, matrices: readonly number[]): Step {
  const plan = new GatherPlan(given);
  const { gather, size } = plan;
  const { source, to, taps, ending } = gather;
  const { dtype, channels } = source;
  const lanes = lanesIn(dtype);
  const width = vectorsBeside * lanes;

  /** The function (base, a, kernel, result, count): tiles of places × channels, one below the other. */
  const tile = (context: ModuleContext, rows: number, across: number, pitch: number) => {
    const offsets = taps.map((tap, i) => [plan.tapAt(tap, pitch), matrices[i] * channels * size]);
    const aRow = gather.columnStride * channels * size;
    const resultRow = to.column * size;
    const own = ending?.to.id;
    const form = { channelwise: dtype, rows, across, offsets, aRow, resultRow, ending: own };
    return functionFor(context, form, () =>
      context.module.function(["i32", "i32", "i32", "i32", "i32"], [], (f) => {
        const [, a, k, result, count] = f.params;
        const vectors = Math.ceil(across / lanes);
        const sums = Array.from({ length: rows }, () => f.locals(vectors, "v128"));
        const [x, y] = f.locals(2, "i32");
        const factor = f.local("v128");
        const finisher = ending && new Finisher(f, context, ending, result);
        f.loop((again) => {
          for (const sum of sums.flat()) f.i32x4(0).set(sum);
          for (const run of runsOf(offsets)) {
            f.get(a).plus(run.first[0]).set(x);
            f.get(k).plus(run.first[1]).set(y);
            const i = f.local("i32");
            f.for(i, 0, run.count, 1, () => {
              for (let v = 0; v < vectors; v++) {
                pushLanes(f, y, v * 16, across - v * lanes, dtype);
                f.set(factor);
                sums.forEach((row, r) => {
                  emitMultiplyAdd(
                    f,
                    context,
                    dtype,
                    row[v],
                    () => {
                      pushLanes(f, x, r * aRow + v * 16, across - v * lanes, dtype);
                    },
                    () => f.get(factor),
                  );
                });
              }
              f.increase(x, run.apart[0]);
              f.increase(y, run.apart[1]);
            });
            f.release(i);
          }
          finisher?.begin();
          emitStoreTile(f, sums, result, {
            dtype,
            rowStep: resultRow,
            columns: across,
            add: false,
            finish: finisher?.finish,
          });
          finisher?.end(rows * resultRow);
          f.increase(a, rows * aRow);
          f.increase(result, rows * resultRow);
          f.get(count).i32(1).op("i32.sub").tee(count).brIf(again);
        });
      }),
    );
  };

  return {
    ...nameOf(gather),
    reads: [source.buffer, kernel, ...readsOfEpilogue(ending)],
    writes: [to.buffer],
    length: plan.regions.count,
    piece: 1,
    scratchBytes: plan.scratchBytes,
    emit(f, context, start) {
      const [line, channel, k] = f.locals(3, "i32");
      const [x, y] = f.locals(2, "i32");
      plan.emit(f, context, start, (from, result, high, wide, pitch) => {
        const strip = (across: number): void => {
          let done = 0;
          for (const { rows, count } of divideRows(wide, mostPlaces)) {
            f.get(f.params[0]);
            f.get(x)
              .get(channel)
              .op("i32.add")
              .plus(done * gather.columnStride * channels * size);
            context.pushAddress(f, kernel);
            f.get(channel).op("i32.add");
            f.get(y)
              .get(channel)
              .op("i32.add")
              .plus(done * to.column * size);
            f.i32(count).call(tile(context, rows, across, pitch));
            done += rows * count;
          }
        };
        const whole = channels - (channels % width);
        f.get(from).set(x).get(result).set(y);
        f.for(line, 0, high, 1, () => {
          f.for(channel, 0, whole * size, width * size, () => {
            strip(width);
          });
          if (whole < channels) strip(channels - whole);
          f.increase(x, gather.lineStride * pitch);
          f.increase(y, to.line * size);
        });
      });
      f.release(line, channel, k, x, y);
    },
  };
}

/** Pairs of offsets that are equally far apart. */
function runsOf(
  offsets: readonly (readonly number[])[],
): { first: readonly number[]; apart: readonly number[]; count: number }[] {
  const runs: { first: readonly number[]; apart: number[]; count: number }[] = [];
  offsets.forEach((pair, i) => {
    const run = runs.at(-1);
    const apart = pair.map((n, j) => n - (offsets[i - 1]?.[j] ?? 0));
    if (run !== undefined && (run.count === 1 || apart.every((n, j) => n === run.apart[j]))) {
      run.apart = apart;
      run.count++;
    } else runs.push({ first: pair, apart: [0, 0], count: 1 });
  });
  return runs;
}
