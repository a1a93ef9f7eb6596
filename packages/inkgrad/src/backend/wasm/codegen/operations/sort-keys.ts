import type { DType } from "../../../../base/dtype.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";

/**
 * What is sorted: records of a position (the first 4 bytes) and a key, an unsigned whole number in
 * the upper half, whose order is that of the elements: equal for elements that are equal (0 and −0,
 * too), the greatest for NaN.
 */
export interface Records {
  readonly bytes: 8 | 16;
  readonly keyAt: 4 | 8;
  /** Bytes of the key that can differ. */
  readonly keyBytes: 1 | 4 | 8;
  /** Leaves the key of the element at an address on the stack. */
  readonly pushKey: (f: FunctionBuilder, at: Local) => void;
}

const small = { bytes: 8, keyAt: 4, keyBytes: 4 } as const;

/** Descending: the least for NaN, and so on. */
export function recordsOf(dtype: DType, descending: boolean): Records | null {
  const records = ascending[dtype];
  if (records === undefined || !descending) return records ?? null;
  return {
    ...records,
    pushKey: (f, at) => {
      records.pushKey(f, at);
      if (records.keyBytes === 8) f.i64(-1n).op("i64.xor");
      else f.i32(records.keyBytes === 1 ? 255 : -1).op("i32.xor");
    },
  };
}

const byte: Records = {
  ...small,
  keyBytes: 1,
  pushKey: (f, at) => f.get(at).mem("i32.load8_u"),
};

const ascending: { readonly [D in DType]?: Records } = {
  u8: byte,
  bool: byte,
  u32: { ...small, pushKey: (f, at) => f.get(at).mem("i32.load") },
  i32: {
    ...small,
    pushKey: (f, at) =>
      f
        .get(at)
        .mem("i32.load")
        .i32(-(2 ** 31))
        .op("i32.xor"),
  },
  f32: {
    ...small,
    pushKey: (f, at) => {
      const [x, bits] = [f.local("f32"), f.local("i32")];
      // −0 + 0 is 0. Negative numbers are turned round, positive ones put behind them.
      f.get(at).mem("f32.load").f32(0).op("f32.add").tee(x).op("i32.reinterpret_f32").tee(bits);
      f.get(bits)
        .i32(31)
        .op("i32.shr_s")
        .i32(-(2 ** 31))
        .op("i32.or")
        .op("i32.xor");
      f.i32(-1).get(x).get(x).op("f32.eq").op("select");
      f.release(x, bits);
    },
  },
  f64: {
    bytes: 16,
    keyAt: 8,
    keyBytes: 8,
    pushKey: (f, at) => {
      const [x, bits] = [f.local("f64"), f.local("i64")];
      f.get(at).mem("f64.load").f64(0).op("f64.add").tee(x).op("i64.reinterpret_f64").tee(bits);
      f.get(bits)
        .i64(63n)
        .op("i64.shr_s")
        .i64(-(2n ** 63n))
        .op("i64.or")
        .op("i64.xor");
      f.i64(-1n).get(x).get(x).op("f64.eq").op("select");
      f.release(x, bits);
    },
  },
};
