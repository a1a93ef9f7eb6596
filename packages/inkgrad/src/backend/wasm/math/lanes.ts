import type { FunctionBuilder } from "../assembler/function.js";
import type { Plain } from "../assembler/opcodes.js";

/** How a vector's 128 bits are divided into floating-point numbers. */
export type Format = "f32x4" | "f64x2";

/** The layout of a number's bits in each format. */
export const layouts = {
  f32x4: { ints: "i32x4", width: 32, fraction: 23, bias: 127 },
  f64x2: { ints: "i64x2", width: 64, fraction: 52, bias: 1023 },
} as const;

/**
 * An expression over vectors, written as ordinary arithmetic and turned into instructions by
 * `emitter`. A value that is used twice is computed once. Numbers stand for equal lanes.
 * Comparisons give masks: lanes of ones or zeros.
 */
export class Lanes {
  constructor(
    readonly format: Format,
    readonly src: readonly Lanes[],
    readonly write: (f: FunctionBuilder) => void,
    readonly rescued: Rescue | null = null,
  ) {}

  // ---- arithmetic

  add(x: Lanes | number): Lanes {
    return this.floating("add", x);
  }
  sub(x: Lanes | number): Lanes {
    return this.floating("sub", x);
  }
  mul(x: Lanes | number): Lanes {
    return this.floating("mul", x);
  }
  div(x: Lanes | number): Lanes {
    return this.floating("div", x);
  }
  /** The smaller; this, where it is NaN. */
  min(x: Lanes | number): Lanes {
    return this.floating("pmin", x);
  }
  /** The larger; this, where it is NaN. */
  max(x: Lanes | number): Lanes {
    return this.floating("pmax", x);
  }
  neg(): Lanes {
    return this.op(`${this.format}.neg`);
  }
  abs(): Lanes {
    return this.op(`${this.format}.abs`);
  }
  sqrt(): Lanes {
    return this.op(`${this.format}.sqrt`);
  }
  trunc(): Lanes {
    return this.op(`${this.format}.trunc`);
  }

  eq(x: Lanes | number): Lanes {
    return this.floating("eq", x);
  }
  ne(x: Lanes | number): Lanes {
    return this.floating("ne", x);
  }
  lt(x: Lanes | number): Lanes {
    return this.floating("lt", x);
  }
  le(x: Lanes | number): Lanes {
    return this.floating("le", x);
  }
  gt(x: Lanes | number): Lanes {
    return this.floating("gt", x);
  }
  ge(x: Lanes | number): Lanes {
    return this.floating("ge", x);
  }

  // ---- bits

  and(x: Lanes): Lanes {
    return this.op("v128.and", x);
  }
  /** The bits of this that are not in x. */
  without(x: Lanes): Lanes {
    return this.op("v128.andnot", x);
  }
  or(x: Lanes): Lanes {
    return this.op("v128.or", x);
  }
  xor(x: Lanes): Lanes {
    return this.op("v128.xor", x);
  }
  /** By this mask: `yes` where it is set, `no` elsewhere. */
  select(yes: Lanes | number, no: Lanes | number): Lanes {
    return new Lanes(this.format, [this.lift(yes), this.lift(no), this], (f) =>
      f.op("v128.bitselect"),
    );
  }

  // ---- lanes as integers

  addBits(x: Lanes): Lanes {
    return this.op(`${layouts[this.format].ints}.add`, x);
  }
  subBits(x: Lanes): Lanes {
    return this.op(`${layouts[this.format].ints}.sub`, x);
  }
  mulBits(x: Lanes): Lanes {
    return this.op(`${layouts[this.format].ints}.mul`, x);
  }
  eqBits(x: Lanes): Lanes {
    return this.op(`${layouts[this.format].ints}.eq`, x);
  }
  shl(count: number): Lanes {
    return this.shift("shl", count);
  }
  /** Shifts ones in from above where the sign bit is one. */
  shrSigned(count: number): Lanes {
    return this.shift("shr_s", count);
  }
  shr(count: number): Lanes {
    return this.shift("shr_u", count);
  }

  // ---- between formats

  /** The same 128 bits, divided otherwise. */
  as(format: Format): Lanes {
    return new Lanes(format, [this], () => {});
  }
  /** Bytes of this and x in a new order: 0 to 15 of this, 16 to 31 of x. */
  shuffle(x: Lanes, bytes: readonly number[]): Lanes {
    return new Lanes(this.format, [this, x], (f) => f.shuffle(bytes));
  }
  op(name: Plain, ...others: readonly Lanes[]): Lanes {
    return new Lanes(this.format, [this, ...others], (f) => f.op(name));
  }

  private floating(name: Operator, x: Lanes | number): Lanes {
    return this.op(`${this.format}.${name}`, this.lift(x));
  }
  private shift(name: "shl" | "shr_s" | "shr_u", count: number): Lanes {
    const op = `${layouts[this.format].ints}.${name}` as const;
    return new Lanes(this.format, [this], (f) => f.i32(count).op(op));
  }
  private lift(x: Lanes | number): Lanes {
    return typeof x === "number" ? constant(this.format, x) : x;
  }
}

type Operator =
  "add" | "sub" | "mul" | "div" | "pmin" | "pmax" | "eq" | "ne" | "lt" | "le" | "gt" | "ge";

/**
 * Values that are cheap to compute and right in most lanes, with a slow way to compute them for the
 * lanes in `mask`, which is run only if there are any.
 */
export interface Rescue {
  readonly mask: Lanes;
  readonly fast: readonly Lanes[];
  readonly inputs: readonly Lanes[];
  readonly slow: (...inputs: readonly Lanes[]) => readonly Lanes[];
  readonly outputs: readonly Lanes[];
}

/** The `fast` values, replaced where `mask` is set by what `slow` makes of `inputs`. */
export function rescue(
  mask: Lanes,
  fast: readonly Lanes[],
  inputs: readonly Lanes[],
  slow: Rescue["slow"],
): readonly Lanes[] {
  const outputs: Lanes[] = [];
  const of: Rescue = { mask, fast, inputs, slow, outputs };
  for (const { format } of fast) outputs.push(new Lanes(format, [], () => {}, of));
  return outputs;
}

/** Equal lanes. */
export function constant(format: Format, value: number): Lanes {
  return new Lanes(format, [], (f) => f[format](value));
}

/** Equal lanes, given as integers. */
export function bits(format: Format, value: bigint | number): Lanes {
  return new Lanes(format, [], (f) =>
    format === "f32x4" ? f.i32x4(Number(BigInt.asIntN(32, BigInt(value)))) : f.i64x2(BigInt(value)),
  );
}
