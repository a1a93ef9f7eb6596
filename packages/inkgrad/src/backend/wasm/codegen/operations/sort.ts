import { bytesPer } from "../../../../base/dtype.js";
import type { SortAttrs } from "../../../../ops/indexing.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { MemoryOp } from "../../assembler/opcodes.js";
import type { OperationLowering } from "../operations.js";
import { splitAt } from "./indices.js";
import { move } from "./rows.js";
import { type Records, recordsOf } from "./sort-keys.js";

/** Up to so many elements are sorted by insertion: counting digits costs more. */
const insertedUpTo = 64;
const digits = 256;
const elementsPerPiece = 2048;

/**
 * Sorts and argsorts, each row by itself: keys with their positions, by insertion or digit by digit
 * from the lowest. Both are stable.
 *
 * @source Knuth, The Art of Computer Programming 3, 5.2.5 (sorting by distribution)
 */
export const sort: OperationLowering = ({ node, inputs: [x], to }, scratch) => {
  const { axis, descending } = node.attrs as SortAttrs;
  const records = recordsOf(x.dtype, descending);
  if (records === null) return null;
  if (to.elements === 0) return [];
  const { outer, n, inner } = splitAt(node.shape, axis);
  const rows = outer * inner;
  const [from, into] = [bytesPer(x.dtype), bytesPer(to.dtype)];
  const areaBytes = 4 * digits * records.keyBytes + 2 * n * records.bytes;
  // Few rows have their memory to themselves; of many, as many as there are threads at a time.
  const own = rows <= 4 ? scratch("u8", rows * areaBytes) : null;
  return [
    {
      name: `${node.op} ${node.shape.join("×")}`,
      reads: [x],
      writes: own === null ? [to] : [to, own],
      operations: 8 * records.keyBytes * to.elements,
      length: rows,
      piece: Math.ceil(elementsPerPiece / n),
      scratchBytes: own === null ? areaBytes : 0,
      emit: (f, context, start, count) => {
        const locals = f.locals(6, "i32");
        const [source, target, area, row, done, i] = locals;
        if (own === null) f.get(f.params[1]);
        else {
          context.pushAddress(f, own);
          f.get(start).times(areaBytes).op("i32.add");
        }
        f.set(area);
        f.get(start).set(row);
        f.for(done, 0, count, 1, () => {
          for (const [local, buffer, size] of [
            [source, x, from],
            [target, to, into],
          ] as const) {
            context.pushAddress(f, buffer);
            if (inner === 1)
              f.get(row)
                .times(n * size)
                .op("i32.add");
            else {
              f.get(row)
                .i32(inner)
                .op("i32.div_u")
                .times(n * inner * size)
                .op("i32.add");
              f.get(row).i32(inner).op("i32.rem_u").times(size).op("i32.add");
            }
            f.set(local);
          }
          const sorted = emitSorted(f, records, source, area, n, inner * from);
          f.for(i, 0, n, 1, () => {
            f.get(target);
            if (node.op === "argsort") f.get(sorted).mem("i32.load").mem("i32.store");
            else {
              f.get(source)
                .get(sorted)
                .mem("i32.load")
                .times(inner * from)
                .op("i32.add");
              const [load, store] = moves[from];
              f.mem(load).mem(store);
            }
            move(f, target, inner * into);
            move(f, sorted, records.bytes);
          });
          f.release(sorted);
          move(f, row, 1);
          if (own !== null) move(f, area, areaBytes);
        });
        f.release(...locals);
      },
    },
  ];
};

const moves: { readonly [bytes: number]: readonly [MemoryOp, MemoryOp] } = {
  1: ["i32.load8_u", "i32.store8"],
  4: ["i32.load", "i32.store"],
  8: ["i64.load", "i64.store"],
  16: ["v128.load", "v128.store"],
};

/** The address of a row's records in order, somewhere in the area. */
function emitSorted(
  f: FunctionBuilder,
  records: Records,
  source: Local,
  area: Local,
  n: number,
  step: number,
): Local {
  const { bytes, keyAt, keyBytes, pushKey } = records;
  const first = f.local("i32");
  f.get(area)
    .plus(4 * digits * keyBytes)
    .set(first);
  const [at, record, i] = f.locals(3, "i32");
  f.get(source).set(at).get(first).set(record);
  f.for(i, 0, n, 1, () => {
    f.get(record).get(i).mem("i32.store");
    f.get(record);
    pushKey(f, at);
    f.mem(keyBytes === 8 ? "i64.store" : "i32.store", keyAt);
    move(f, at, step);
    move(f, record, bytes);
  });
  f.release(at, record, i);
  if (n <= insertedUpTo) insertAll(f, records, first, n);
  else distribute(f, records, area, first, n);
  return first;
}

/** Puts every record before those before it whose keys are greater. */
function insertAll(f: FunctionBuilder, { bytes, keyAt }: Records, first: Local, n: number): void {
  const [load, store] = moves[bytes];
  const kept = f.local(bytes === 16 ? "v128" : "i64");
  const key = f.local("i64");
  const [i, at] = f.locals(2, "i32");
  f.for(i, 1, n, 1, () => {
    f.get(first).get(i).times(bytes).op("i32.add").tee(at).mem(load).set(kept);
    // Where the position is part of the number compared, it does not change the order.
    const pushCompared = (back: number): void => {
      f.get(at);
      if (back > 0) f.i32(back).op("i32.sub");
      f.mem("i64.load", bytes === 16 ? keyAt : 0);
    };
    pushCompared(0);
    f.set(key);
    f.block((found) => {
      f.loop((again) => {
        f.get(at).get(first).op("i32.eq").brIf(found);
        pushCompared(bytes);
        f.get(key).op("i64.gt_u").op("i32.eqz").brIf(found);
        f.get(at).get(at).i32(bytes).op("i32.sub").mem(load).mem(store);
        move(f, at, -bytes);
        f.br(again);
      });
    });
    f.get(at).get(kept).mem(store);
  });
  f.release(kept, key, i, at);
}

/** Sorts by one digit after another, the lowest first; a digit that all have in common is left out. */
function distribute(
  f: FunctionBuilder,
  { bytes, keyAt, keyBytes }: Records,
  counts: Local,
  first: Local,
  n: number,
): void {
  const [load, store] = moves[bytes];
  const [other, at, count, i, sum] = f.locals(5, "i32");
  /** Leaves the address of the count of the digit that the record has on the stack. */
  const pushCount = (record: Local, digit: number): void => {
    f.get(record).mem("i32.load8_u", keyAt + digit);
    f.i32(2).op("i32.shl").get(counts).op("i32.add");
  };
  const place = (digit: number): number => 4 * digits * digit;

  f.get(counts)
    .i32(0)
    .i32(4 * digits * keyBytes)
    .memoryFill();
  f.get(first).set(at);
  f.for(i, 0, n, 1, () => {
    for (let digit = 0; digit < keyBytes; digit++) {
      pushCount(at, digit);
      f.tee(count).get(count).mem("i32.load", place(digit)).plus(1);
      f.mem("i32.store", place(digit));
    }
    move(f, at, bytes);
  });

  f.get(first)
    .plus(n * bytes)
    .set(other);
  for (let digit = 0; digit < keyBytes; digit++)
    f.block((next) => {
      pushCount(first, digit);
      f.mem("i32.load", place(digit)).i32(n).op("i32.eq").brIf(next);
      // Counts become the places where records with the digit go.
      f.get(counts).set(count).get(other).set(sum);
      f.for(i, 0, digits, 1, () => {
        f.get(count).mem("i32.load", place(digit)).times(bytes).get(sum).op("i32.add");
        f.get(count).get(sum).mem("i32.store", place(digit));
        f.set(sum);
        move(f, count, 4);
      });
      f.get(first).set(at);
      f.for(i, 0, n, 1, () => {
        pushCount(at, digit);
        f.tee(count).mem("i32.load", place(digit)).tee(sum).get(at).mem(load).mem(store);
        f.get(count).get(sum).plus(bytes).mem("i32.store", place(digit));
        move(f, at, bytes);
      });
      f.get(first).get(other).set(first).set(other);
    });
  f.release(other, at, count, i, sum);
}
