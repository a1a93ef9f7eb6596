import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import type { Step } from "../step.js";

/** Work on the rows along an axis: what lies before the axis and behind it, and its length. */
export interface RowWork {
  readonly about: Pick<Step, "name" | "reads" | "writes" | "operations" | "scratchBytes">;
  readonly outer: number;
  readonly n: number;
  readonly inner: number;
  /** Bytes of an element, and of a result. */
  readonly readSize: number;
  readonly writeSize: number;
  /** Results of a row: 1, or as many as it has elements. */
  readonly results: number;
  /** Rows in a strip where their elements lie side by side, and where each row does by itself. */
  readonly wide: number;
  readonly narrow: number;
  /** Writes the code for several rows side by side, the first of them at `from`. */
  readonly strip: (
    f: FunctionBuilder,
    from: Local,
    to: Local,
    rows: number,
    steps: StripSteps,
  ) => void;
}

export interface StripSteps {
  /** Bytes from one row to the next, where they are read and written. */
  readonly read: number;
  readonly write: number;
  /** Bytes from one element of a row to the next, where it is read. */
  readonly along: number;
}

const elementsPerPiece = 8192;

/** Cut along the axes before, or, where they are few, along those behind. */
export function rowStep(work: RowWork): Step {
  const { about, outer, n, inner, readSize, writeSize, results, wide, narrow, strip } = work;
  const alone = inner === 1;
  /** Rows one behind another from two addresses, which stay as they are. */
  const rows = (f: FunctionBuilder, from: Local, to: Local, count: number): void => {
    const width = alone ? narrow : wide;
    const steps = alone
      ? { read: n * readSize, write: results * writeSize, along: readSize }
      : { read: readSize, write: writeSize, along: inner * readSize };
    const [source, target, done] = f.locals(3, "i32");
    f.get(from).set(source).get(to).set(target);
    const whole = count - (count % width);
    if (whole > 0)
      f.for(done, 0, whole, width, () => {
        strip(f, source, target, width, steps);
        move(f, source, width * steps.read);
        move(f, target, width * steps.write);
      });
    if (count > whole) strip(f, source, target, count - whole, steps);
    f.release(source, target, done);
  };
  const [reads] = about.reads;
  const [writes] = about.writes;
  const perOuter = n * inner * readSize;
  const toPerOuter = results * inner * writeSize;
  const start = (f: FunctionBuilder, context: ModuleContext): [Local, Local] => {
    const [from, to] = f.locals(2, "i32");
    context.pushAddress(f, reads);
    f.set(from);
    context.pushAddress(f, writes);
    f.set(to);
    return [from, to];
  };
  if (alone || outer >= 8 || inner < 2 * wide)
    return {
      ...about,
      length: outer,
      piece: roundUp(elementsPerPiece / (n * inner), alone ? narrow : 1),
      emit: (f, context, first, count) => {
        const [from, to] = start(f, context);
        f.get(first).times(perOuter).get(from).op("i32.add").set(from);
        f.get(first).times(toPerOuter).get(to).op("i32.add").set(to);
        if (alone) rows(f, from, to, count);
        else {
          const o = f.local("i32");
          f.for(o, 0, count, 1, () => {
            rows(f, from, to, inner);
            move(f, from, perOuter);
            move(f, to, toPerOuter);
          });
          f.release(o);
        }
        f.release(from, to);
      },
    };
  return {
    ...about,
    length: inner,
    piece: roundUp(elementsPerPiece / (n * outer), wide),
    emit: (f, context, first, count) => {
      const [from, to] = start(f, context);
      f.get(first).times(readSize).get(from).op("i32.add").set(from);
      f.get(first).times(writeSize).get(to).op("i32.add").set(to);
      const o = f.local("i32");
      f.for(o, 0, outer, 1, () => {
        rows(f, from, to, count);
        move(f, from, perOuter);
        move(f, to, toPerOuter);
      });
      f.release(from, to, o);
    },
  };
}

export function move(f: FunctionBuilder, at: Local, bytes: number): void {
  f.increase(at, bytes);
}

const roundUp = (x: number, multiple: number): number =>
  Math.max(1, Math.ceil(x / multiple)) * multiple;
