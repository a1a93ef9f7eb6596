import { bytesPer } from "../../../base/dtype.js";
import { sizeOf } from "../../../base/shape.js";
import { type LoopKernel, readsOf, type Value, writesOf } from "../../program.js";
import type { FunctionBuilder, Local } from "../assembler/function.js";
import type { ModuleContext } from "./context.js";
import { advance, collapse, Cursor, moving, releaseAll } from "./cursor.js";
import { costOf, Expression, laneCount, leavesOf, stridesOf } from "./expression.js";
import { storeVector } from "./lanes.js";
import type { Step } from "./step.js";

/** Points computed in one piece, where they are cheap: as in a loop by itself. */
const pointsAtOnce = 8192;

/** A loop whose index space is a single axis. */
interface Line {
  readonly kernel: LoopKernel;
  readonly size: number;
  /** Steps of the stores, then of the leaves, in elements; null: it is a single element. */
  readonly steps: readonly number[] | null;
}

function lineOf(kernel: LoopKernel): Line | null {
  const { stores, space } = kernel;
  if (space.includes(0)) return null;
  const values = stores.map(({ value }) => value);
  const leaves = leavesOf(...values);
  if (leaves.some(({ kind }) => kind === "index") || costOf(...values).callsHost) return null;
  const { sizes, paths } = collapse(space, [
    ...stores.map(({ to }) => to.layout.strides),
    ...leaves.map(stridesOf),
  ]);
  if (sizes.length > 1) return null;
  if (sizes.length === 0) return { kernel, size: 1, steps: null };
  return { kernel, size: sizes[0], steps: paths.map(([step]) => step) };
}

/**
 * Loops by what they have in common that one code can do, but for the buffers and their sizes: the
 * same expression, types and steps. Others, for which there is no such code, are left out.
 */
export function byForm(kernels: readonly LoopKernel[]): Map<string, LoopKernel[]> {
  const lines = kernels.map(lineOf).filter((line) => line !== null);
  const expressions = lines.map(({ kernel }) => expressionOf(kernel));
  // A single element has no steps: any will do.
  const usual = new Map<string, string>();
  lines.forEach(({ steps }, i) => {
    if (steps !== null && !usual.has(expressions[i])) usual.set(expressions[i], steps.join());
  });
  const found = new Map<string, LoopKernel[]>();
  lines.forEach(({ kernel, steps }, i) => {
    const key = `${expressions[i]};${steps?.join() ?? usual.get(expressions[i]) ?? ""}`;
    found.set(key, [...(found.get(key) ?? []), kernel]);
  });
  return found;
}

function expressionOf(kernel: LoopKernel): string {
  const numbers = new Map<Value, number>();
  const parts: string[] = [];
  const visit = (v: Value): number => {
    const known = numbers.get(v);
    if (known !== undefined) return known;
    const own =
      v.kind === "call"
        ? [v.fn, ...v.args.map(visit)]
        : v.kind === "load"
          ? [v.from.buffer.dtype]
          : v.kind === "number"
            ? [Object.is(v.value, -0) ? "-0" : v.value]
            : v.kind === "scalar"
              ? [v.index]
              : [];
    parts.push(`${v.kind} ${v.dtype} ${own.join(" ")}`);
    numbers.set(v, numbers.size);
    return numbers.size - 1;
  };
  const stores = kernel.stores.map(({ value, to }) => `${to.buffer.dtype} ${visit(value)}`);
  return [...parts, ...stores].join(";");
}

/** How many loops a name spells out. */
const mostNamed = 4;

function nameOf(kernels: readonly LoopKernel[]): string {
  const names = kernels.map(({ space }) => space.join("×") || "1");
  const more = kernels.length - mostNamed;
  return `loop ${names.slice(0, mostNamed).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

/**
 * Loops of one form, none of which needs what another one writes, as one: its pieces are those of
 * one loop after the other, and a piece begins by looking up whose it is. So the updates of all
 * small parameters of a network are a single piece of code, given to the threads as a whole.
 */
export function loopsBeside(kernels: readonly LoopKernel[]): Step {
  const lines = kernels.map((kernel) => lineOf(kernel)!);
  const [{ stores }] = kernels;
  const values = stores.map(({ value }) => value);
  const leaves = leavesOf(...values);
  const steps =
    lines.find((line) => line.steps !== null)?.steps ?? [...stores, ...leaves].map(() => 0);
  const cost = costOf(...values);
  const lanes = laneCount(stores.map(({ value, to }) => ({ value, dtype: to.buffer.dtype })));
  const most = Math.max(512, pointsAtOnce / (1 + Math.floor(cost.operations / 16)));
  const points = Math.ceil(most / lanes) * lanes;
  let pieces = 0;
  const parts = lines.map((line) => {
    const first = pieces;
    pieces += Math.ceil(line.size / points);
    const accesses = [
      ...line.kernel.stores.map(({ to }) => to),
      ...leavesOf(...line.kernel.stores.map(({ value }) => value)).map((leaf) =>
        leaf.kind === "load" ? leaf.from : null,
      ),
    ];
    return { first, size: line.size, accesses };
  });

  const emit = (f: FunctionBuilder, context: ModuleContext, piece: Local): void => {
    const cursors = [...stores.map(({ to }) => to.buffer), ...leaves.map(bufferOf)].map(
      (buffer, i) => new Cursor(f, () => f.i32(0), [steps[i] * bytesPer(buffer.dtype)]),
    );
    const [start, left] = f.locals(2, "i32");
    /** Takes the place of a part that the piece belongs to: of those from `low` up to `high`. */
    const find = (low: number, high: number): void => {
      if (high - low > 1) {
        const middle = (low + high) >> 1;
        f.get(piece).i32(parts[middle].first).op("i32.lt_u");
        f.if(
          () => {
            find(low, middle);
          },
          () => {
            find(middle, high);
          },
        );
        return;
      }
      const { first, size, accesses } = parts[low];
      f.get(piece).i32(first).op("i32.sub").times(points).set(start);
      f.i32(size).get(start).op("i32.sub").set(left);
      accesses.forEach((access, i) => {
        const { buffer, layout } = access!;
        context.pushAddress(f, buffer, layout.offset * bytesPer(buffer.dtype));
        f.set(cursors[i].at);
      });
    };
    find(0, parts.length);
    for (const cursor of cursors) cursor.moveTo(f, 0, start);
    f.get(left).i32(points).get(left).i32(points).op("i32.lt_s").op("select").set(left);

    const sources = cursors.slice(stores.length);
    const expression = new Expression(
      f,
      values,
      new Map(leaves.map((leaf, i) => [leaf, sources[i]])),
      new Map(leaves.map((leaf, i) => [leaf, steps[stores.length + i]])),
      lanes,
      context,
    );
    expression.loadScalars();
    expression.loadInvariant();
    const [counter, whole] = f.locals(2, "i32");
    f.get(left).i32(-lanes).op("i32.and").set(whole);
    const some = (n: number): void => {
      const results = expression.emit(n);
      stores.forEach(({ to: { buffer } }, i) => {
        f.get(results[i]);
        storeVector(f, buffer.dtype, (g) => g.get(cursors[i].at), steps[i], n, lanes);
      });
      f.release(...results);
      advance(f, cursors, 0, n);
    };
    moving(f, cursors, 0, () => {
      f.for(counter, 0, whole, lanes, () => {
        some(lanes);
      });
      f.for(counter, whole, left, 1, () => {
        some(1);
      });
    });
    expression.release();
    f.release(counter, whole, start, left);
    releaseAll(f, cursors);
  };
  return {
    name: nameOf(kernels),
    reads: [...new Set(kernels.flatMap(readsOf))],
    writes: [...new Set(kernels.flatMap(writesOf))],
    length: pieces,
    piece: 1,
    operations: kernels.reduce((sum, { space }) => sum + cost.operations * sizeOf(space), 0),
    emit,
  };
}

const bufferOf = (leaf: ReturnType<typeof leavesOf>[number]) =>
  // Lines have loads alone.
  (leaf as Extract<Value, { kind: "load" }>).from.buffer;
