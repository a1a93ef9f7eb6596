import { bytesPer, type DType } from "../../../../base/dtype.js";
import type { ScatterAttrs } from "../../../../ops/indexing.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import type { MemoryOp, Plain } from "../../assembler/opcodes.js";
import type { ModuleContext } from "../context.js";
import type { OperationLowering } from "../operations.js";
import type { Step } from "../step.js";
import { emitCopy } from "./copy.js";
import { checkStep, pushIndex, splitAt } from "./indices.js";

/** Bytes that are copied in one piece. */
const copiedAtOnce = 65536;
/** Rows of as many bytes are cut into parts. */
const longRow = 512;
const leastPart = 256;

/**
 * The updates one after another, in the order in which they stand. Work is cut along the other
 * axes, so that no two threads write to one place.
 */
export const scatter: OperationLowering = ({ node, inputs: [x, index, updates], to }) => {
  const { axis, mode } = node.attrs as ScatterAttrs;
  const { outer, n, inner } = splitAt(node.shape, axis);
  const count = index.elements;
  const check = count > 0 ? [checkStep(node, index, axis)] : [];
  if (to.elements === 0) return check;

  const rowBytes = inner * bytesPer(to.dtype);
  const wholeBytes = n * rowBytes;
  const byOuter = outer >= 8 || (outer > 1 && rowBytes < longRow);
  const byBytes = !byOuter && rowBytes >= longRow;
  const apart = byBytes || (!byOuter && outer * wholeBytes > copiedAtOnce);

  const copy: Step = {
    name: `copy ${node.shape.join("×")}`,
    reads: [x],
    writes: [to],
    operations: 0,
    length: outer * wholeBytes,
    piece: copiedAtOnce,
    emit: (f, context, start, bytes) => {
      context.pushAddress(f, to);
      f.get(start).op("i32.add");
      context.pushAddress(f, x);
      f.get(start).op("i32.add").i32(bytes).memoryCopy();
    },
  };
  if (count === 0) return [copy];

  /** The updates to `bytes` bytes of each row, from the byte `offset` on. */
  const update = (
    f: FunctionBuilder,
    context: ModuleContext,
    first: Local | null,
    many: number,
    offset: Local | null,
    bytes: number,
  ): void => {
    const names = f.locals(6, "i32");
    const [target, source, at, place, i, left] = names;
    const push = (stride: number): void => {
      if (offset !== null) f.get(offset).op("i32.add");
      if (first !== null) f.get(first).times(stride).op("i32.add");
    };
    context.pushAddress(f, to);
    push(wholeBytes);
    f.set(target);
    context.pushAddress(f, updates);
    push(count * rowBytes);
    f.set(source);
    f.for(left, 0, many, 1, () => {
      context.pushAddress(f, index);
      f.set(place);
      f.for(i, 0, count, 1, () => {
        f.get(target);
        pushIndex(f, place, n);
        f.times(rowBytes).op("i32.add").set(at);
        if (mode === "set") emitCopy(f, at, source, bytes);
        else emitAddition(f, to.dtype, at, source, bytes);
        f.increase(source, rowBytes);
        f.increase(place, 4);
      });
      if (many > 1) f.increase(target, wholeBytes);
    });
    f.release(...names);
  };

  const scattered: Step = {
    name: `scatter ${mode} ${updates.elements} into ${node.shape.join("×")}`,
    reads: apart ? [to, index, updates] : [x, index, updates],
    writes: [to],
    operations: outer * count * Math.ceil(rowBytes / 8),
    length: byOuter ? outer : byBytes ? rowBytes : 1,
    piece: byOuter
      ? Math.ceil(4096 / (count * (1 + rowBytes / 16)))
      : byBytes
        ? Math.max(leastPart, Math.ceil(rowBytes / 512) * 64)
        : 1,
    emit: (f, context, start, places) => {
      if (!apart) {
        context.pushAddress(f, to);
        if (byOuter) f.get(start).times(wholeBytes).op("i32.add");
        context.pushAddress(f, x);
        if (byOuter) f.get(start).times(wholeBytes).op("i32.add");
        f.i32((byOuter ? places : outer) * wholeBytes).memoryCopy();
      }
      if (byOuter) update(f, context, start, places, null, rowBytes);
      else if (byBytes) update(f, context, null, outer, start, places);
      else update(f, context, null, outer, null, rowBytes);
    },
  };
  return [...check, ...(apart ? [copy] : []), scattered];
};

const instructions: { readonly [type: string]: readonly [Plain, MemoryOp, Plain, MemoryOp] } = {
  f64: ["f64x2.add", "f64.load", "f64.add", "f64.store"],
  f32: ["f32x4.add", "f32.load", "f32.add", "f32.store"],
  i32: ["i32x4.add", "i32.load", "i32.add", "i32.store"],
  u32: ["i32x4.add", "i32.load", "i32.add", "i32.store"],
  u8: ["i8x16.add", "i32.load8_u", "i32.add", "i32.store8"],
};

/** Adds the elements of `bytes` bytes to others. */
function emitAddition(
  f: FunctionBuilder,
  dtype: DType,
  to: Local,
  from: Local,
  bytes: number,
): void {
  const [addVector, load, add, store] = instructions[dtype];
  const addVectors = (target: Local, source: Local, first: number, end: number): void => {
    for (let at = first; at < end; at += 16)
      f.get(target)
        .get(target)
        .mem("v128.load", at, 0)
        .get(source)
        .mem("v128.load", at, 0)
        .op(addVector)
        .mem("v128.store", at, 0);
  };
  const vectors = bytes - (bytes % 16);
  if (vectors <= 256) addVectors(to, from, 0, vectors);
  else {
    const [target, source, done] = f.locals(3, "i32");
    const blocks = bytes - (bytes % 64);
    f.get(to).set(target);
    f.get(from).set(source);
    f.for(done, 0, blocks, 64, () => {
      addVectors(target, source, 0, 64);
      f.increase(source, 64);
      f.increase(target, 64);
    });
    addVectors(to, from, blocks, vectors);
    f.release(target, source, done);
  }
  for (let at = vectors; at < bytes; at += bytesPer(dtype))
    f.get(to).get(to).mem(load, at).get(from).mem(load, at).op(add).mem(store, at);
}
