import { ModuleBuilder } from "./assembler/module.js";
import { emitTile } from "./codegen/tile.js";
import { emitStoreTile } from "./codegen/tile-store.js";
import { allowWideVectors } from "./runtime/host.js";

const depth = 256;
const calls = 400;
/** Where the two sides and the result lie. */
const [left, right, result] = [4096, 65536, 196608];

/** Milliseconds of some tiles (the least of several runs), and the last one's sums. */
function trial(rows: number, vectors: number): { milliseconds: number; sums: Float32Array } {
  const module = new ModuleBuilder({ initial: 4, maximum: 4, shared: false });
  const run = module.function([], [], (f) => {
    const [a, b, to, i] = ["i32", "i32", "i32", "i32"].map(() => f.local("i32"));
    f.i32(left).set(a).i32(right).set(b).i32(result).set(to);
    f.for(i, 0, calls, 1, () => {
      const sums = emitTile(f, a, b, {
        dtype: "f32",
        madd: "mul+add",
        rows,
        vectors,
        aRow: 4 * depth,
        aStep: 4,
        bStep: vectors * 16,
        depth,
        unroll: 4,
      });
      emitStoreTile(f, sums, to, {
        dtype: "f32",
        rowStep: vectors * 16,
        columns: vectors * 4,
        add: false,
      });
      f.release(...sums.flat());
    });
  });
  module.export("run", run);
  const memory = new WebAssembly.Memory({ initial: 4, maximum: 4 });
  const numbers = new Float32Array(memory.buffer);
  for (let i = 0; i < numbers.length; i++) numbers[i] = Math.sin(i);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encoded()), {
    env: { memory },
  });
  let milliseconds = Infinity;
  for (let round = 0; round < 30; round++) {
    const start = performance.now();
    (exports.run as () => void)();
    milliseconds = Math.min(milliseconds, performance.now() - start);
  }
  return { milliseconds, sums: numbers.slice(result / 4, result / 4 + rows * vectors * 4) };
}

/** The same sums in JavaScript, each product and each sum rounded. */
function expected(rows: number, columns: number): Float32Array {
  const sums = new Float32Array(rows * columns);
  const at = (byte: number): number => Math.fround(Math.sin(byte / 4));
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++) {
      let sum = 0;
      for (let k = 0; k < depth; k++) {
        const product = at(left + 4 * (i * depth + k)) * at(right + 4 * (k * columns + j));
        sum = Math.fround(sum + Math.fround(product));
      }
      sums[i * columns + j] = sum;
    }
  return sums;
}

let known: boolean | null = null;

/**
 * Does the engine make 256-bit instructions of pairs of 128-bit ones, with the same bits, and are
 * they faster? Tried out once: a wide tile against a narrow one.
 */
export function wideVectorsWork(): boolean {
  known ??= allowWideVectors() && proven();
  return known;
}

/** Other work on the machine may spoil a trial: it is repeated so often before it counts as failed. */
const attempts = 5;

function proven(): boolean {
  const [rows, narrow, wide] = [4, 2, 4];
  const right = expected(rows, 4 * wide);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const slow = trial(rows, narrow);
    const fast = trial(rows, wide);
    if (!fast.sums.every((x, i) => Object.is(x, right[i]))) return false;
    if (slow.milliseconds / narrow > (1.25 * fast.milliseconds) / wide) return true;
  }
  return false;
}
