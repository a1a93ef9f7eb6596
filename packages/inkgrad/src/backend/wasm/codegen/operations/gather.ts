import { bytesPer } from "../../../../base/dtype.js";
import type { Axis } from "../../../../ops/reduce.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { ModuleContext } from "../context.js";
import type { OperationLowering } from "../operations.js";
import type { Step } from "../step.js";
import { emitCopy } from "./copy.js";
import { checkStep, pushIndex, splitAt } from "./indices.js";

const bytesPerPiece = 32768;

/** Rows copied one by one: whole ones in each piece, or parts of all where there are few. */
export const gather: OperationLowering = ({ node, inputs: [x, index], to }) => {
  const { axis } = node.attrs as Axis;
  const { outer, n, inner } = splitAt(node.src[0].shape, axis);
  const count = index.elements;
  if (count === 0) return [];
  const check = checkStep(node, index, axis);
  if (to.elements === 0 || n === 0) return [check];

  const rowBytes = inner * bytesPer(to.dtype);
  const rows = outer * count;
  /** Copies `bytes` bytes from the byte `offset` on of each of `many` rows from the one `first`. */
  const copyRows = (
    f: FunctionBuilder,
    context: ModuleContext,
    first: Local | null,
    many: number,
    offset: Local | null,
    bytes: number,
  ): void => {
    const [at, from, source, place, end, left] = f.locals(6, "i32");
    context.pushAddress(f, to);
    if (offset !== null) f.get(offset).op("i32.add");
    if (first !== null) f.get(first).times(rowBytes).op("i32.add");
    f.set(at);
    context.pushAddress(f, x);
    if (offset !== null) f.get(offset).op("i32.add");
    if (first !== null && outer > 1)
      f.get(first)
        .i32(count)
        .op("i32.div_u")
        .times(n * rowBytes)
        .op("i32.add");
    f.set(source);
    context.pushAddress(f, index);
    f.tee(place)
      .plus(4 * count)
      .set(end);
    if (first !== null) {
      f.get(place).get(first);
      if (outer > 1) f.i32(count).op("i32.rem_u");
      f.i32(2).op("i32.shl").op("i32.add").set(place);
    }
    f.for(left, 0, many, 1, () => {
      f.get(source);
      pushIndex(f, place, n);
      f.times(rowBytes).op("i32.add").set(from);
      emitCopy(f, at, from, bytes);
      f.increase(at, rowBytes);
      f.increase(place, 4);
      if (outer === 1) return;
      f.get(place).get(end).op("i32.eq");
      f.if(() => {
        f.get(end)
          .i32(4 * count)
          .op("i32.sub")
          .set(place);
        f.increase(source, n * rowBytes);
      });
    });
    f.release(at, from, source, place, end, left);
  };

  const about = {
    name: `gather ${node.shape.join("×")}`,
    reads: [x, index],
    writes: [to],
    operations: rows * Math.ceil(rowBytes / 16),
  };
  const byRows: Step = {
    ...about,
    length: rows,
    piece: Math.ceil(bytesPerPiece / (rowBytes + 16)),
    emit: (f, context, start, many) => {
      copyRows(f, context, start, many, null, rowBytes);
    },
  };
  const byBytes: Step = {
    ...about,
    length: rowBytes,
    piece: Math.max(1024, Math.floor(bytesPerPiece / rows / 64) * 64),
    emit: (f, context, start, bytes) => {
      copyRows(f, context, null, rows, start, bytes);
    },
  };
  return [check, rows < 8 && rowBytes >= bytesPerPiece ? byBytes : byRows];
};
