import type { FunctionBuilder, Local } from "../assembler/function.js";
import { type Format, Lanes, type Rescue } from "./lanes.js";

/** Writes instructions that take their operands from the stack and leave the result there. */
export type Emit = (f: FunctionBuilder) => void;

/** The instructions of a function written as an expression over its operands. */
export function emitter(format: Format, body: (...x: readonly Lanes[]) => Lanes, arity = 1): Emit {
  return (f) => {
    const operands = f.locals(arity, "v128");
    for (const local of [...operands].reverse()) f.set(local);
    const emission = new Emission(f);
    const result = body(...operands.map((local) => emission.hold(format, local)));
    emission.count(result);
    emission.push(result);
    f.release(...operands);
  };
}

class Emission {
  /** How often a value is still to be pushed. */
  private readonly remaining = new Map<Lanes | Rescue, number>();
  private readonly held = new Map<Lanes, Local>();
  /** Values in locals that belong to somebody else. */
  private readonly borrowed = new Set<Lanes>();

  constructor(private readonly f: FunctionBuilder) {}

  /** A value that stands in a local already. */
  hold(format: Format, local: Local): Lanes {
    const x = new Lanes(format, [], () => {});
    this.held.set(x, local);
    this.borrowed.add(x);
    return x;
  }

  count(x: Lanes): void {
    if (this.use(x) > 1) return;
    x.src.forEach((y) => {
      this.count(y);
    });
    if (x.rescued !== null && this.use(x.rescued) === 1)
      for (const y of [x.rescued.mask, ...x.rescued.inputs, ...x.rescued.fast]) this.count(y);
  }

  private use(x: Lanes | Rescue): number {
    const uses = (this.remaining.get(x) ?? 0) + 1;
    this.remaining.set(x, uses);
    return uses;
  }

  push(x: Lanes): void {
    if (x.rescued !== null && !this.held.has(x)) this.rescue(x.rescued);
    const uses = this.remaining.get(x) ?? 0;
    let local = this.held.get(x);
    if (local !== undefined) this.f.get(local);
    else {
      x.src.forEach((y) => {
        this.push(y);
      });
      x.write(this.f);
      if (uses > 1) {
        local = this.f.local("v128");
        this.f.tee(local);
        this.held.set(x, local);
      }
    }
    this.remaining.set(x, uses - 1);
    if (uses === 1 && local !== undefined && !this.borrowed.has(x)) this.f.release(local);
  }

  private rescue({ mask, fast, inputs, slow, outputs }: Rescue): void {
    const { f } = this;
    const store = (x: Lanes): Local => {
      this.push(x);
      const local = f.local("v128");
      f.set(local);
      return local;
    };
    const maskLocal = store(mask);
    const inputLocals = inputs.map(store);
    const outputLocals = fast.map(store);
    f.get(maskLocal).op("v128.any_true");
    f.if(() => {
      const inner = new Emission(f);
      const where = inner.hold(mask.format, maskLocal);
      const results = slow(...inputs.map((x, i) => inner.hold(x.format, inputLocals[i]))).map(
        (x, i) => where.select(x, inner.hold(x.format, outputLocals[i])),
      );
      for (const x of results) inner.count(x);
      for (const x of results) inner.push(x);
      for (const local of [...outputLocals].reverse()) f.set(local);
    });
    f.release(maskLocal, ...inputLocals);
    outputs.forEach((x, i) => {
      if (this.remaining.has(x)) this.held.set(x, outputLocals[i]);
      else f.release(outputLocals[i]);
    });
  }
}
