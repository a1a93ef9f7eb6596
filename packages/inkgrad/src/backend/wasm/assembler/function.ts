import * as encode from "./encode.js";
import {
  lane,
  type LaneOp,
  memory,
  memoryCopy,
  memoryFill,
  memoryLane,
  type MemoryLaneOp,
  type MemoryOp,
  plain,
  type Plain,
  shuffle,
  v128Const,
} from "./opcodes.js";

export type ValueType = "i32" | "i64" | "f32" | "f64" | "v128";

export const typeCode: { readonly [T in ValueType]: number } = {
  i32: 0x7f,
  i64: 0x7e,
  f32: 0x7d,
  f64: 0x7c,
  v128: 0x7b,
};

const noResult = 0x40;

export interface Signature {
  readonly params: readonly ValueType[];
  readonly results: readonly ValueType[];
}

/** A local variable (a parameter, too): its place in the function, and its type. */
export interface Local {
  readonly index: number;
  readonly type: ValueType;
}

/** Where a jump goes: the end of a block, or the beginning of a loop. */
export interface Label {
  readonly depth: number;
}

/**
 * The body of a function, written instruction by instruction, operands before operators, as the
 * stack machine has it. Names are the specification's.
 */
export class FunctionBuilder {
  readonly params: readonly Local[];
  private readonly code: number[] = [];
  private readonly declared: ValueType[] = [];
  private readonly free: { readonly [T in ValueType]: Local[] } = {
    i32: [],
    i64: [],
    f32: [],
    f64: [],
    v128: [],
  };
  private depth = 0;

  constructor(
    readonly index: number,
    readonly signature: Signature,
  ) {
    this.params = signature.params.map((type, i) => ({ index: i, type }));
  }

  // ---- variables

  local(type: ValueType): Local {
    const reused = this.free[type].pop();
    if (reused !== undefined) return reused;
    this.declared.push(type);
    return { index: this.params.length + this.declared.length - 1, type };
  }

  locals(count: number, type: ValueType): Local[] {
    return Array.from({ length: count }, () => this.local(type));
  }

  /** Lets a local be given out again. */
  release(...locals: readonly Local[]): void {
    for (const local of locals) this.free[local.type].push(local);
  }

  get(local: Local): this {
    return this.variable(0x20, local);
  }
  set(local: Local): this {
    return this.variable(0x21, local);
  }
  /** Sets a local and leaves the value on the stack. */
  tee(local: Local): this {
    return this.variable(0x22, local);
  }
  /** Adds a constant to a local. */
  increase(local: Local, by: number): this {
    return this.get(local).plus(by).set(local);
  }
  private variable(code: number, { index }: Local): this {
    this.code.push(code);
    encode.unsigned(this.code, index);
    return this;
  }

  // ---- constants

  i32(value: number): this {
    this.code.push(0x41);
    encode.signed(this.code, value);
    return this;
  }
  i64(value: bigint): this {
    this.code.push(0x42);
    encode.signed64(this.code, value);
    return this;
  }
  f32(value: number): this {
    this.code.push(0x43);
    encode.float32(this.code, value);
    return this;
  }
  f64(value: number): this {
    this.code.push(0x44);
    encode.float64(this.code, value);
    return this;
  }
  /** Four equal lanes. */
  f32x4(value: number): this {
    return this.vector(() => {
      for (let i = 0; i < 4; i++) encode.float32(this.code, value);
    });
  }
  f64x2(value: number): this {
    return this.vector(() => {
      for (let i = 0; i < 2; i++) encode.float64(this.code, value);
    });
  }
  i32x4(...lanes: readonly [number] | readonly [number, number, number, number]): this {
    return this.vector(() => {
      for (let i = 0; i < 4; i++) {
        const value = lanes[i % lanes.length];
        this.code.push(value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255);
      }
    });
  }
  i64x2(value: bigint): this {
    const low = Number(BigInt.asIntN(32, value));
    const high = Number(BigInt.asIntN(32, value >> 32n));
    return this.i32x4(low, high, low, high);
  }
  private vector(lanes: () => void): this {
    this.opcode(v128Const);
    lanes();
    return this;
  }

  // ---- instructions

  op(name: Plain): this {
    this.opcode(plain[name]);
    return this;
  }
  /** Adds a constant to the i32 on the stack. */
  plus(value: number): this {
    return this.i32(value).op("i32.add");
  }
  /** Multiplies the i32 on the stack by a constant. */
  times(value: number): this {
    return this.i32(value).op("i32.mul");
  }
  /** A load, store or atomic at (address on the stack) + `offset` bytes. */
  mem(name: MemoryOp, offset = 0, alignment?: number): this {
    const [code, natural] = memory[name];
    this.opcode(code);
    return this.operand(alignment ?? natural, offset);
  }
  lane(name: LaneOp, index: number): this {
    this.opcode(lane[name]);
    this.code.push(index);
    return this;
  }
  memLane(name: MemoryLaneOp, offset: number, index: number): this {
    const [code, natural] = memoryLane[name];
    this.opcode(code);
    this.operand(natural, offset);
    this.code.push(index);
    return this;
  }
  /** Bytes of two vectors in a new order: 0 to 15 of the first, 16 to 31 of the second. */
  shuffle(bytes: readonly number[]): this {
    this.opcode(shuffle);
    this.code.push(...bytes);
    return this;
  }
  memoryCopy(): this {
    this.opcode(memoryCopy);
    this.code.push(0, 0);
    return this;
  }
  memoryFill(): this {
    this.opcode(memoryFill);
    this.code.push(0);
    return this;
  }
  call(callee: { readonly index: number }): this {
    this.code.push(0x10);
    encode.unsigned(this.code, callee.index);
    return this;
  }

  private operand(alignment: number, offset: number): this {
    encode.unsigned(this.code, alignment);
    encode.unsigned(this.code, offset);
    return this;
  }
  private opcode(code: number): void {
    const prefix = code >> 16;
    if (prefix === 0) this.code.push(code);
    else {
      this.code.push(prefix & 255);
      encode.unsigned(this.code, code & 0xffff);
    }
  }

  // ---- control

  /** `body` gets the label of the block's end. */
  block(body: (end: Label) => void): this {
    return this.nested(0x02, body);
  }
  /** `body` gets the label of its own beginning. */
  loop(body: (again: Label) => void): this {
    return this.nested(0x03, body);
  }
  /** Takes the condition from the stack. */
  if(then: () => void, otherwise?: () => void, result?: ValueType): this {
    this.code.push(0x04, result === undefined ? noResult : typeCode[result]);
    this.depth++;
    then();
    if (otherwise !== undefined) {
      this.code.push(0x05);
      otherwise();
    }
    return this.end();
  }
  br(label: Label): this {
    return this.jump(0x0c, label);
  }
  brIf(label: Label): this {
    return this.jump(0x0d, label);
  }
  private nested(code: number, body: (label: Label) => void): this {
    this.code.push(code, noResult);
    this.depth++;
    body({ depth: this.depth });
    return this.end();
  }
  private end(): this {
    this.code.push(0x0b);
    this.depth--;
    return this;
  }
  private jump(code: number, label: Label): this {
    this.code.push(code);
    encode.unsigned(this.code, this.depth - label.depth);
    return this;
  }

  /**
   * Counts `counter` from `from` by `step` while it is below `to` (signed): from and to are numbers
   * or locals.
   */
  for(
    counter: Local,
    from: number | Local,
    to: number | Local,
    step: number,
    body: () => void,
  ): this {
    this.push(from).set(counter);
    return this.block((end) => {
      this.get(counter).push(to).op("i32.ge_s").brIf(end);
      this.loop((again) => {
        body();
        this.get(counter).plus(step).tee(counter);
        this.push(to).op("i32.lt_s").brIf(again);
      });
    });
  }
  private push(value: number | Local): this {
    return typeof value === "number" ? this.i32(value) : this.get(value);
  }

  /** The body in the binary format: the locals' declarations, then the instructions. */
  encoded(): number[] {
    const out: number[] = [];
    encode.list(out, this.declared, (type) => {
      out.push(1, typeCode[type]);
    });
    for (const byte of this.code) out.push(byte);
    out.push(0x0b);
    return out;
  }
}
