// Applies an elementary function of the WebAssembly backend to raw numbers:
//   node scripts/math/apply.mjs <name> <f32x4 | f64x2> < operands > results
// Little-endian; for two operands, all of the first come before all of the second.
import { readFileSync, writeSync } from "node:fs";
import { arityOf, kernel } from "../../bench/math-kernel.mjs";

const [name, format] = process.argv.slice(2);
const bytes = readFileSync(0);
const Numbers = format === "f32x4" ? Float32Array : Float64Array;
const operands = new Numbers(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
const count = operands.length / arityOf(name);
const chunk = 1 << 16;
const { inputs, output, run } = kernel(name, format, chunk);
const result = new Numbers(count);
for (let from = 0; from < count; from += chunk) {
  const to = Math.min(count, from + chunk);
  inputs.forEach((input, k) => input.set(operands.subarray(k * count + from, k * count + to)));
  run();
  result.set(output.subarray(0, to - from), from);
}
const out = new Uint8Array(result.buffer);
for (let written = 0; written < out.length;) {
  try {
    written += writeSync(1, out, written);
  } catch (error) {
    if (error.code !== "EAGAIN") throw error; // the reader of the pipe is behind
  }
}
