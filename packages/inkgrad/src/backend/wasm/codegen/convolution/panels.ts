import { bytesPer } from "../../../../base/dtype.js";
import type { Buffer } from "../../../program.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { Step } from "../step.js";
import { lanesIn } from "../tile.js";
import { emitPackB } from "../tile-pack.js";
import { functionFor } from "./tile-column.js";

/**
 * A kernel's matrices: for each group and each of `taps`, `depth` × `across` elements. All strides
 * count elements.
 */
export interface Matrices {
  readonly dtype: "f32" | "f64";
  readonly buffer: Buffer;
  readonly groups: number;
  readonly groupStep: number;
  /** Where each tap's matrix begins. */
  readonly taps: readonly number[];
  readonly depth: number;
  readonly depthStep: number;
  readonly across: number;
  readonly acrossStep: number;
  /** Vectors beside each other in a panel. */
  readonly vectors: number;
}

/** Sizes of the packed form [group, panel, tap, depth, width]; the last panel is narrower. */
export interface Packed {
  readonly elements: number;
  readonly width: number;
  /** Panels of a group, and how many of them have the full width. */
  readonly panels: number;
  readonly whole: number;
  /** Columns of the last panel, and places for them; 0: there is none of the kind. */
  readonly rest: number;
  readonly restWidth: number;
  readonly groupElements: number;
  readonly panelElements: number;
}

export function packedForm({ dtype, groups, taps, depth, across, vectors }: Matrices): Packed {
  const lanes = lanesIn(dtype);
  const width = vectors * lanes;
  const whole = Math.floor(across / width);
  const rest = across - whole * width;
  const restWidth = Math.ceil(rest / lanes) * lanes;
  const steps = taps.length * depth;
  const groupElements = (whole * width + restWidth) * steps;
  return {
    elements: groups * groupElements,
    width,
    panels: whole + (rest > 0 ? 1 : 0),
    whole,
    rest,
    restWidth,
    groupElements,
    panelElements: width * steps,
  };
}

/** Taps whose matrices are equally far apart. */
function runsOf(taps: readonly number[]): { first: number; apart: number; count: number }[] {
  const runs: { first: number; apart: number; count: number }[] = [];
  let last = NaN;
  for (const tap of taps) {
    const run = runs.at(-1);
    if (run?.count === 1) run.apart = tap - run.first;
    if (run !== undefined && tap - last === run.apart) run.count++;
    else runs.push({ first: tap, apart: 0, count: 1 });
    last = tap;
  }
  return runs;
}

/** Packs the kernel into panels as wide as a tile, in the order in which tiles read them. */
export function packStep(matrices: Matrices, to: Buffer, name: string): Step {
  const { dtype, depth, buffer } = matrices;
  const size = bytesPer(dtype);
  const form = packedForm(matrices);
  const { groups, taps, depthStep, across, acrossStep } = matrices;
  return {
    name,
    operations: 0,
    reads: [buffer],
    writes: [to],
    length: groups * form.panels,
    piece: Math.max(1, Math.ceil(16384 / form.panelElements)),
    emit(f, context, start, count) {
      const [index, end, group, panel] = f.locals(4, "i32");
      const [from, into] = f.locals(2, "i32");
      const pack = (width: number, used: number): FunctionBuilder => {
        const options = {
          dtype,
          depth,
          depthStep: depthStep * size,
          acrossStep: acrossStep * size,
          panels: [{ count: 1, width, used }],
        };
        return functionFor(context, { pack: options }, () =>
          context.module.function(["i32", "i32"], [], (g) => {
            emitPackB(g, g.params[0], g.params[1], options);
          }),
        );
      };
      const panelOf = (width: number, used: number): void => {
        const step = depth * width * size;
        const once = (offset: number, apart: number, many: number): void => {
          const [source, i] = f.locals(2, "i32");
          f.get(from)
            .plus(offset * size)
            .set(source);
          f.for(i, 0, many, 1, () => {
            f.get(source).get(into).call(pack(width, used));
            f.increase(source, apart * size);
            f.increase(into, step);
          });
          f.release(source, i);
        };
        for (const run of runsOf(taps)) once(run.first, run.apart, run.count);
      };
      f.get(start).plus(count).set(end);
      f.for(index, start, end, 1, () => {
        f.get(index).i32(form.panels).op("i32.div_u").set(group);
        f.get(index).i32(form.panels).op("i32.rem_u").set(panel);
        context.pushAddress(f, buffer);
        f.get(group).times(matrices.groupStep);
        f.get(panel)
          .times(form.width * acrossStep)
          .op("i32.add");
        f.times(size).op("i32.add").set(from);
        context.pushAddress(f, to);
        pushPanel(f, form, size, group, panel);
        f.op("i32.add").set(into);
        if (form.rest === 0) panelOf(form.width, form.width);
        else {
          f.get(panel).i32(form.whole).op("i32.eq");
          f.if(
            () => {
              panelOf(form.restWidth, form.rest);
            },
            () => {
              panelOf(form.width, Math.min(across, form.width));
            },
          );
        }
      });
      f.release(index, end, group, panel, from, into);
    },
  };
}

/** Leaves on the stack where a group's panel begins, in bytes. */
function pushPanel(
  f: FunctionBuilder,
  form: Packed,
  size: number,
  group: Local,
  panel: Local,
): void {
  f.get(group).times(form.groupElements * size);
  f.get(panel)
    .times(form.panelElements * size)
    .op("i32.add");
}
