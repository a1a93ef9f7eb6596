import { outsideAxis } from "../../../../ops/rules.js";
import { badStarts } from "../../../../ops/sparse.js";
import type { Buffer } from "../../../program.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { MemoryLaneOp, MemoryOp } from "../../assembler/opcodes.js";
import type { ModuleContext } from "../context.js";
import type { OperationLowering } from "../operations.js";
import type { Step } from "../step.js";

/** Multiplications and additions in a piece, roughly; finding its rows takes a few dozen. */
const workOfPiece = 65536;
/** Sums of a row that are kept in registers at a time, and how many values are taken in turn for so many. */
const mostVectors = 8;
const inTurn = (vectors: number): number => (vectors === 1 ? 4 : vectors <= 3 ? 2 : 1);

/** What a piece found: nothing, an index outside (and which), a row whose starts are none (and which). */
const wrongIndex = 1;
const wrongStarts = 2;

/** Part of a row of w: where it lies, and how it is loaded and stored. */
interface Part {
  readonly offset: number;
  readonly load: MemoryOp;
  /** null: the whole vector. */
  readonly store: MemoryLaneOp | null;
}

/**
 * Rows of sums, kept in registers while the values of a row are gone through. The work is cut by rows and
 * values together, so that rows of any length are shared evenly; a piece first looks at its starts and
 * indices, and reads nothing by them if there is a wrong one.
 */
export const sparseMatmul: OperationLowering = ({ node, inputs, to }, scratch) => {
  const [starts, indices, values, w] = inputs;
  if (to.elements === 0) return null;
  const { dtype } = node;
  const [m, k] = node.shape as [number, number];
  const n = node.src[3].shape[0];
  const count = values.elements;
  const length = count + m;
  const piece = Math.ceil(workOfPiece / (k + 8));
  const pieces = Math.ceil(length / piece);
  const found = scratch("i32", 2 * pieces);
  const size = dtype === "f64" ? 8 : 4;

  const product: Step = {
    name: `sparse ${m}×${n} of ${count} · ${n}×${k}`,
    reads: [starts, indices, values, w],
    writes: [to, found],
    operations: 2 * count * k,
    length,
    piece,
    emit(f, context, start, places) {
      const address = (buffer: Buffer): Local => {
        const at = f.local("i32");
        context.pushAddress(f, buffer);
        f.set(at);
        return at;
      };
      const [first, last] = [f.local("i32"), f.local("i32")];
      const at = address(starts);
      emitRowAt(f, at, m, () => f.get(start), first);
      emitRowAt(f, at, m, () => f.get(start).i32(places).op("i32.add"), last);
      // Nothing may lie between the last piece and the end, whatever the starts are.
      f.i32(m).get(last).get(start);
      f.i32(length - places)
        .op("i32.ge_u")
        .op("select")
        .set(last);
      const report = address(found);
      f.get(report).get(start).i32(piece).op("i32.div_u").i32(3).op("i32.shl").op("i32.add");
      f.set(report);
      f.get(report).i32(0).mem("i32.store");
      f.block((done) => {
        const fail = (kind: number, value: Local): void => {
          f.get(report).i32(kind).mem("i32.store");
          f.get(report).get(value).mem("i32.store", 4).br(done);
        };
        f.get(first).get(last).op("i32.ge_u").brIf(done);
        emitCheckStarts(f, at, first, last, count, (row) => {
          fail(wrongStarts, row);
        });
        const [p, q, out] = [address(indices), address(values), address(to)];
        const end = f.local("i32");
        const offset = f.local("i32");
        const pushStart = (row: Local): FunctionBuilder =>
          f.get(at).get(row).i32(2).op("i32.shl").op("i32.add").mem("i32.load");
        pushStart(last).i32(2).op("i32.shl").get(p).op("i32.add").set(end);
        pushStart(first).set(offset);
        f.get(p).get(offset).i32(2).op("i32.shl").op("i32.add").set(p);
        f.get(q).get(offset).i32(size).op("i32.mul").op("i32.add").set(q);
        emitCheckIndices(f, p, end, n, (index) => {
          fail(wrongIndex, index);
        });
        f.get(out)
          .get(first)
          .i32(k * size)
          .op("i32.mul")
          .op("i32.add")
          .set(out);
        const right = address(w);
        const row = f.local("i32");
        // From here on, p is where the row begins.
        f.for(row, first, last, 1, () => {
          f.get(at).get(row).i32(2).op("i32.shl").op("i32.add");
          f.tee(end).mem("i32.load", 4).get(end).mem("i32.load").op("i32.sub").set(offset);
          f.get(p).get(offset).i32(2).op("i32.shl").op("i32.add").set(end);
          emitRow(f, context, { dtype, k, size }, { p, q, end, right, out });
          f.get(end).set(p);
          f.get(q).get(offset).i32(size).op("i32.mul").op("i32.add").set(q);
          f.get(out)
            .i32(k * size)
            .op("i32.add")
            .set(out);
        });
        f.release(p, q, out, end, offset, right, row);
      });
      f.release(first, last, at, report);
    },
  };

  const check: Step = {
    name: `check ${count} indices`,
    reads: [found, starts],
    writes: [],
    operations: 0,
    length: 1,
    piece: 1,
    callsHost: true,
    emit(f, context) {
      const starting = context.failure((row) => badStarts(node.op, row, count));
      const index = context.failure((value) => outsideAxis(node.op, value, 0, node.src[3].shape));
      const [at, i] = [f.local("i32"), f.local("i32")];
      for (const [row, value] of [
        [0, 0],
        [m, count],
      ]) {
        context.pushAddress(f, starts, 4 * row);
        f.mem("i32.load").i32(value).op("i32.ne");
        f.if(() => {
          f.i32(starting).f64(row).call(context.failFunction);
        });
      }
      context.pushAddress(f, found);
      f.set(at);
      f.for(i, 0, pieces, 1, () => {
        f.get(at).mem("i32.load");
        f.if(() => {
          f.i32(starting).i32(index).get(at).mem("i32.load").i32(wrongStarts).op("i32.eq");
          f.op("select").get(at).mem("i32.load", 4).op("f64.convert_i32_s");
          f.call(context.failFunction);
        });
        f.get(at).i32(8).op("i32.add").set(at);
      });
      f.release(at, i);
    },
  };
  return [product, check];
};

/** The first row r with starts[r] + r at the place on the stack, or behind it; m: none. */
function emitRowAt(
  f: FunctionBuilder,
  starts: Local,
  m: number,
  pushPlace: () => void,
  low: Local,
): void {
  const [place, high, middle] = [f.local("i32"), f.local("i32"), f.local("i32")];
  pushPlace();
  f.set(place).i32(0).set(low).i32(m).set(high);
  f.block((end) => {
    f.loop((again) => {
      f.get(low).get(high).op("i32.ge_u").brIf(end);
      f.get(low).get(high).op("i32.add").i32(1).op("i32.shr_u").tee(middle);
      f.i32(2).op("i32.shl").get(starts).op("i32.add").mem("i32.load");
      f.get(middle).op("i32.add").get(place).op("i32.ge_u");
      f.if(
        () => f.get(middle).set(high),
        () => f.get(middle).i32(1).op("i32.add").set(low),
      );
      f.br(again);
    });
  });
  f.release(place, high, middle);
}

/** Calls `fail` with the first of some rows that does not end behind its beginning, within the values. */
function emitCheckStarts(
  f: FunctionBuilder,
  starts: Local,
  first: Local,
  last: Local,
  count: number,
  fail: (row: Local) => void,
): void {
  const [row, at] = [f.local("i32"), f.local("i32")];
  f.get(starts).get(first).i32(2).op("i32.shl").op("i32.add").set(at);
  f.for(row, first, last, 1, () => {
    f.get(at).mem("i32.load").get(at).mem("i32.load", 4).op("i32.gt_u");
    f.get(at).mem("i32.load", 4).i32(count).op("i32.gt_u").op("i32.or");
    f.if(() => {
      fail(row);
    });
    f.get(at).i32(4).op("i32.add").set(at);
  });
  f.release(row, at);
}

/** Calls `fail` with the first of the indices from p on that is not below n. */
function emitCheckIndices(
  f: FunctionBuilder,
  p: Local,
  end: Local,
  n: number,
  fail: (index: Local) => void,
): void {
  const [at, last, index] = [f.local("i32"), f.local("i32"), f.local("i32")];
  const most = f.local("v128");
  const step = 64;
  f.get(p).set(at);
  f.get(end)
    .i32(step - 4)
    .op("i32.sub")
    .set(last);
  f.i32x4(0).set(most);
  whileBelow(f, at, last, () => {
    // A negative one counts as very large.
    for (let byte = 0; byte < step; byte += 16)
      f.get(most).get(at).mem("v128.load", byte, 2).op("i32x4.max_u").set(most);
    f.get(at).i32(step).op("i32.add").set(at);
  });
  f.get(most).i32x4(n).op("i32x4.ge_u").op("v128.any_true");
  f.if(() => f.get(p).set(at));
  whileBelow(f, at, end, () => {
    f.get(at).mem("i32.load").tee(index).i32(n).op("i32.ge_u");
    f.if(() => {
      fail(index);
    });
    f.get(at).i32(4).op("i32.add").set(at);
  });
  f.release(at, last, index, most);
}

function whileBelow(f: FunctionBuilder, at: Local, end: Local, body: () => void): void {
  f.get(at).get(end).op("i32.lt_u");
  f.if(() => {
    f.loop((again) => {
      body();
      f.get(at).get(end).op("i32.lt_u").brIf(again);
    });
  });
}

type RowPlaces = { readonly [K in "p" | "q" | "end" | "right" | "out"]: Local };

interface RowForm {
  readonly dtype: string;
  readonly k: number;
  readonly size: number;
}

/** The sums of one row: the addresses of its indices and values, where the indices end, w, the result. */
function emitRow(
  f: FunctionBuilder,
  context: ModuleContext,
  form: RowForm,
  { p, q, end, right, out }: RowPlaces,
): void {
  const bytes = form.k * form.size;
  const strip = 16 * mostVectors;
  const strips = Math.floor(bytes / strip);
  const [w, to] = [f.local("i32"), f.local("i32")];
  f.get(right).set(w).get(out).set(to);
  const places = { p, q, end, right: w, out: to };
  if (strips > 0) {
    const counter = f.local("i32");
    f.for(counter, 0, strips, 1, () => {
      emitStrip(f, context, form, partsOf(strip), places);
      for (const at of [w, to]) f.get(at).i32(strip).op("i32.add").set(at);
    });
    f.release(counter);
  }
  if (bytes > strips * strip) emitStrip(f, context, form, partsOf(bytes % strip), places);
  f.release(w, to);
}

function emitStrip(
  f: FunctionBuilder,
  { fused }: ModuleContext,
  { dtype, k, size }: RowForm,
  parts: readonly Part[],
  { p, q, end, right, out }: RowPlaces,
): void {
  const type = dtype === "f64" ? "f64x2" : "f32x4";
  const splat = dtype === "f64" ? "v128.load64_splat" : "v128.load32_splat";
  const turns = inTurn(parts.length);
  const sums = Array.from({ length: turns }, () => parts.map(() => f.local("v128")));
  const [index, value, before, line] = [
    f.local("i32"),
    f.local("i32"),
    f.local("i32"),
    f.local("i32"),
  ];
  const x = f.local("v128");
  for (const sum of sums.flat()) f.i32x4(0).set(sum);
  f.get(p).set(index).get(q).set(value);
  const one = (turn: number): void => {
    f.get(index).mem("i32.load", 4 * turn);
    f.i32(k * size)
      .op("i32.mul")
      .get(right)
      .op("i32.add")
      .set(line);
    f.get(value)
      .mem(splat, size * turn)
      .set(x);
    parts.forEach(({ offset, load }, i) => {
      const sum = sums[turn][i];
      if (!fused) f.get(sum);
      f.get(x)
        .get(line)
        .mem(load, offset, size === 8 ? 3 : 2);
      if (fused) f.get(sum).op(`${type}.relaxed_madd`);
      else f.op(`${type}.mul`).op(`${type}.add`);
      f.set(sum);
    });
  };
  const step = (turns: number): void => {
    for (let turn = 0; turn < turns; turn++) one(turn);
    f.get(index)
      .i32(4 * turns)
      .op("i32.add")
      .set(index);
    f.get(value)
      .i32(size * turns)
      .op("i32.add")
      .set(value);
  };
  if (turns > 1) {
    f.get(end)
      .i32(4 * turns - 4)
      .op("i32.sub")
      .set(before);
    whileBelow(f, index, before, () => {
      step(turns);
    });
  }
  whileBelow(f, index, end, () => {
    step(1);
  });
  parts.forEach(({ offset, store }, i) => {
    f.get(out);
    sums.forEach((sum, turn) => {
      f.get(sum[i]);
      if (turn > 0) f.op(`${type}.add`);
    });
    if (store === null) f.mem("v128.store", offset, size === 8 ? 3 : 2);
    else f.memLane(store, offset, 0);
  });
  f.release(...sums.flat(), index, value, before, line, x);
}

/** So many bytes in vectors; what does not fill one, in pieces that have loads of their own. */
function partsOf(all: number): Part[] {
  const parts: Part[] = [];
  for (let offset = 0, left = all; left > 0;) {
    const [bytes, load, store]: [number, MemoryOp, MemoryLaneOp | null] =
      left >= 16
        ? [16, "v128.load", null]
        : left >= 8
          ? [8, "v128.load64_zero", "v128.store64_lane"]
          : [4, "v128.load32_zero", "v128.store32_lane"];
    parts.push({ offset, load, store });
    offset += bytes;
    left -= bytes;
  }
  return parts;
}
