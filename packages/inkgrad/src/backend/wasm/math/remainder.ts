import type { FunctionBuilder, Local } from "../assembler/function.js";
import { head } from "./double-double.js";
import { type Emit, emitter } from "./emitter.js";
import { bits } from "./lanes.js";
import { narrow, widen } from "./pack.js";
import { signOf } from "./parts.js";

/**
 * Brings r nearer to 0 by a multiple of b > 0, exactly, where |r| ≥ b: the quotient to 24 bits times
 * the halves of b. What is more than 2¹⁰⁰⁰ times too large goes by multiples of 2¹⁰⁰⁰·b first, for
 * the quotient would be infinite.
 */
const nearer = emitter(
  "f64x2",
  (r, b) => {
    const size = r.abs();
    let step = b;
    for (const power of [2 ** 1000, 2 ** 500])
      step = size
        .mul(1 / power)
        .gt(step)
        .select(step.mul(power), step);
    const times = r
      .div(step)
      .op("f64x2.nearest")
      .addBits(bits("f64x2", 1n << 28n))
      .and(bits("f64x2", -(1n << 29n)));
    const upper = head(step);
    const left = r.sub(times.mul(upper)).sub(times.mul(step.sub(upper)));
    return size.ge(b).select(left, r);
  },
  2,
);
const isFar = emitter("f64x2", (r, b) => r.abs().ge(b), 2);
const magnitude = emitter("f64x2", (x) => x.abs());

/** There is no remainder of infinity, nor by 0. */
const start = emitter("f64x2", (a, b) => a.abs().lt(Infinity).and(b.abs().gt(0)).select(a, NaN), 2);
/** From here on a multiple of b near a might be infinite: half of a goes first. */
const huge = 2 ** 1000;
const isHuge = emitter("f64x2", (a) => a.abs().ge(huge));
const [halved, doubled] = [0.5, 2].map((factor) =>
  emitter("f64x2", (r, a) => a.abs().ge(huge).select(r.mul(factor), r), 2),
);

/** The sign of b, and of a for a remainder of 0. */
const signed = emitter(
  "f64x2",
  (r, a, b) => r.eq(0).select(signOf(a), r.lt(0).xor(b.lt(0)).select(r.add(b), r)),
  3,
);

function f64x2(f: FunctionBuilder): void {
  const [a, b, size, r] = [0, 1, 2, 3].map(() => f.local("v128"));
  const apply = (emit: Emit, ...others: readonly Local[]): void => {
    f.get(r);
    for (const other of others) f.get(other);
    emit(f);
    f.set(r);
  };
  const bring = (): void => {
    f.loop((again) => {
      apply(nearer, size);
      isFar(f.get(r).get(size));
      f.op("v128.any_true").brIf(again);
    });
  };
  f.set(b).tee(a).get(b);
  start(f);
  magnitude(f.set(r).get(b));
  isHuge(f.set(size).get(a));
  f.op("v128.any_true").if(() => {
    apply(halved, a);
    bring();
    apply(doubled, a);
  });
  bring();
  apply(signed, a, b);
  f.get(r).release(a, b, size, r);
}

const halves = [0, 1].map((i) => emitter("f32x4", (x) => widen(x)[i]));
const joined = emitter("f64x2", narrow, 2);

function f32x4(f: FunctionBuilder): void {
  const [a, b] = f.locals(2, "v128");
  f.set(b).set(a);
  for (const half of halves) {
    half(f.get(a));
    half(f.get(b));
    f64x2(f);
  }
  joined(f);
  f.release(a, b);
}

/**
 * a modulo b with the sign of b, exact until b is added for the sake of the sign: the same bits as
 * `ops/scalar.ts` gives. Takes both from the stack.
 */
export const remainder = { f32: f32x4, f64: f64x2 } as const;
