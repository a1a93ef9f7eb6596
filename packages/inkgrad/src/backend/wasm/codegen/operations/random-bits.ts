import { sizeOf } from "../../../../base/shape.js";
import { parity, rotations, rounds } from "../../../../base/threefry.js";
import type { FunctionBuilder, Local } from "../../assembler/function.js";
import { storeVector } from "../lanes.js";
import type { OperationLowering } from "../operations.js";
import type { Step } from "../step.js";

/** Blocks are computed side by side, for each round waits for the one before. */
const vectorsAtOnce = 3;
/** Words of a vector of blocks: four counters, two words each. */
const wordsPerVector = 8;
const wordsAtOnce = vectorsAtOnce * wordsPerVector;
const wordsPerPiece = 336 * wordsAtOnce;

/** Threefry over the counters 0, 1, 2, …, four of them in the lanes of a vector. */
export const randomBits: OperationLowering = ({ node, inputs: [keys], to }) => {
  const words = sizeOf((node.attrs as { readonly shape: readonly number[] }).shape);
  if (to.elements === 0) return [];
  const streams = to.elements / words;
  const about = {
    name: `randomBits ${node.shape.join("×")}`,
    reads: [keys],
    writes: [to],
    operations: 16 * to.elements,
  };
  const one: Step = {
    ...about,
    length: words,
    piece: wordsPerPiece,
    emit: (f, context, start, count) => {
      const [at, counter, key] = f.locals(3, "i32");
      context.pushAddress(f, keys);
      f.set(key);
      f.get(start).i32(1).op("i32.shr_u").set(counter);
      context.pushAddress(f, to);
      f.get(start).i32(2).op("i32.shl").op("i32.add").set(at);
      emitStream(f, key, at, counter, count);
      f.release(at, counter, key);
    },
  };
  const many: Step = {
    ...about,
    length: streams,
    piece: Math.max(1, Math.floor(wordsPerPiece / words)),
    emit: (f, context, start, count) => {
      const [at, counter, key, stream] = f.locals(4, "i32");
      context.pushAddress(f, to);
      f.get(start)
        .times(4 * words)
        .op("i32.add")
        .set(at);
      context.pushAddress(f, keys);
      f.get(start).i32(3).op("i32.shl").op("i32.add").set(key);
      f.for(stream, 0, count, 1, () => {
        f.i32(0).set(counter);
        emitStream(f, key, at, counter, words);
        f.increase(key, 8);
      });
      f.release(at, counter, key, stream);
    },
  };
  return [streams === 1 ? one : many];
};

/** Writes `words` words from `at` on, which moves behind them, as `counter` does. */
function emitStream(
  f: FunctionBuilder,
  key: Local,
  at: Local,
  counter: Local,
  words: number,
): void {
  const schedule = keySchedule(f, key);
  const whole = words - (words % wordsAtOnce);
  const advance = (count: number): void => {
    f.increase(at, 4 * count);
    f.increase(counter, count / 2);
  };
  if (whole > 0) {
    const done = f.local("i32");
    f.for(done, 0, whole, wordsAtOnce, () => {
      emitBlocks(f, schedule, at, counter, wordsAtOnce);
      advance(wordsAtOnce);
    });
    f.release(done);
  }
  if (words > whole) {
    emitBlocks(f, schedule, at, counter, words - whole);
    f.increase(at, 4 * (words - whole));
  }
  f.release(...new Set(schedule.flat()));
}

/** What is added to the two words before the first round, and after every fourth. */
function keySchedule(f: FunctionBuilder, key: Local): (readonly [Local, Local])[] {
  const word = (push: () => void): Local => {
    push();
    const local = f.local("v128");
    f.set(local);
    return local;
  };
  const first = word(() => f.get(key).mem("v128.load32_splat", 0));
  const second = word(() => f.get(key).mem("v128.load32_splat", 4));
  const third = word(() => f.get(first).get(second).op("v128.xor").i32x4(parity).op("v128.xor"));
  const turns = [first, second, third];
  return Array.from({ length: rounds / 4 + 1 }, (_, turn) => [
    turns[turn % 3],
    turn === 0
      ? second
      : word(() =>
          f
            .get(turns[(turn + 1) % 3])
            .i32x4(turn)
            .op("i32x4.add"),
        ),
  ]);
}

/** Up to `wordsAtOnce` words of the blocks from `counter` on. */
function emitBlocks(
  f: FunctionBuilder,
  schedule: readonly (readonly [Local, Local])[],
  at: Local,
  counter: Local,
  words: number,
): void {
  const blocks = Array.from({ length: Math.ceil(words / wordsPerVector) }, (_, i) => {
    const [x, y] = f.locals(2, "v128");
    f.get(schedule[0][0]).set(x);
    f.get(counter)
      .op("i32x4.splat")
      .i32x4(4 * i, 4 * i + 1, 4 * i + 2, 4 * i + 3)
      .op("i32x4.add")
      .get(schedule[0][1])
      .op("i32x4.add")
      .set(y);
    return { x, y };
  });
  for (let round = 0; round < rounds; round++) {
    for (const { x, y } of blocks) {
      f.get(x).get(y).op("i32x4.add").set(x);
      emitRotation(f, y, rotations[round % rotations.length]);
      f.get(x).op("v128.xor").set(y);
    }
    if (round % 4 < 3) continue;
    const [first, second] = schedule[(round + 1) / 4];
    for (const { x, y } of blocks) {
      f.get(x).get(first).op("i32x4.add").set(x);
      f.get(y).get(second).op("i32x4.add").set(y);
    }
  }
  blocks.forEach(({ x, y }, i) => {
    // x₀ y₀ x₁ y₁, x₂ y₂ x₃ y₃.
    const lower = [0, 1, 2, 3, 16, 17, 18, 19, 4, 5, 6, 7, 20, 21, 22, 23];
    [lower, lower.map((byte) => byte + 8)].forEach((bytes, half) => {
      const from = wordsPerVector * i + 4 * half;
      const count = Math.min(4, words - from);
      if (count <= 0) return;
      f.get(x).get(y).shuffle(bytes);
      storeVector(f, "u32", (g) => g.get(at).plus(4 * from), 1, count, 4);
    });
    f.release(x, y);
  });
}

/** Leaves every lane of `x` on the stack, rotated to the left. */
function emitRotation(f: FunctionBuilder, x: Local, by: number): void {
  f.get(x).i32(by).op("i32x4.shl");
  f.get(x)
    .i32(32 - by)
    .op("i32x4.shr_u");
  f.op("v128.or");
}
