/**
 * The largest error of the single-precision functions over all 2³² inputs, in units in the last
 * place of the true value: `node bench/math-error.mjs [--stride n] [name…]` after `npm run build`.
 * The truth is JavaScript's Math in double precision (and the library's own erf); functions of two
 * arguments are left out. Takes minutes for each function; a stride tries every n-th bit pattern.
 */
import { parseArgs } from "node:util";
import { arityOf, kernel, math } from "./math-kernel.mjs";
import { erf } from "../packages/inkgrad/dist/base/special.js";

const { values, positionals } = parseArgs({
  options: { stride: { type: "string", default: "1" } },
  allowPositionals: true,
});
const stride = Number(values.stride);

const truth = {
  ...Object.fromEntries(Object.getOwnPropertyNames(Math).map((name) => [name, Math[name]])),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  // The series is slow: what is settled is answered at once.
  erf: (x) =>
    Math.abs(x) < 1e-9 ? 1.1283791670955126 * x : Math.abs(x) > 6 ? Math.sign(x) : erf(x),
};

const chunk = 1 << 16;
const scratch = new Float64Array(1);
const words = new Uint32Array(scratch.buffer);

/** The distance of two neighbours where the true value is. */
function unit(value) {
  scratch[0] = value;
  const exponent = (words[1] >>> 20) & 0x7ff;
  words[1] = (Math.max(exponent - 23, 1023 - 149) << 20) >>> 0;
  words[0] = 0;
  return scratch[0];
}

/** Functions of which one half of the inputs tells the other: it is only compared with that. */
const parity = {
  ...Object.fromEntries(["tanh", "sinh", "erf", "sin", "tan", "atan", "asin"].map((f) => [f, -1])),
  ...Object.fromEntries(["cosh", "cos"].map((f) => [f, 1])),
};

function sweep(name) {
  const f = truth[name];
  const { inputs, output, run } = kernel(name, "f32x4", chunk);
  const [input] = inputs;
  const patterns = new Uint32Array(input.buffer, input.byteOffset, chunk);
  const mirrored = new Float32Array(chunk);
  const sign = parity[name] ?? 0;
  const end = sign === 0 ? 2 ** 32 : 2 ** 31;
  const largest = { error: 0, at: 0 };
  const wrong = [];
  let tried = 0;
  for (let from = 0; from < end; from += chunk * stride) {
    const within = Math.min(chunk, Math.ceil((end - from) / stride));
    tried += sign === 0 ? within : 2 * within;
    if (sign !== 0) {
      for (let i = 0; i < chunk; i++) patterns[i] = from + i * stride + 2 ** 31;
      run();
      mirrored.set(output);
    }
    for (let i = 0; i < chunk; i++) patterns[i] = from + i * stride;
    run();
    for (let i = 0; i < within; i++) {
      const x = input[i];
      const got = output[i];
      if (sign !== 0 && !Object.is(mirrored[i], sign * got))
        wrong.push(`${name}(${-x}) is ${mirrored[i]}`);
      const exact = f(x);
      const rounded = Math.fround(exact);
      // Most results are the nearest number, and need no further look.
      if (rounded === got && got !== 0 && largest.error > 0.5) continue;
      if (Object.is(got, rounded) && !(Math.abs(got) < Infinity)) continue;
      // Infinity is measured as the number that would follow the greatest one.
      const value = Math.abs(got) === Infinity ? Math.sign(got) * 2 ** 128 : got;
      const error = Math.abs(value - exact) / unit(Math.min(Math.abs(exact), 2 ** 127));
      const signed = got !== 0 || rounded !== 0 || Object.is(got, rounded);
      if (!(error < 1e6) || !signed) wrong.push(`${name}(${x}) = ${got}, not ${rounded}`);
      else if (error > largest.error) Object.assign(largest, { error, at: x });
    }
    if (wrong.length > 5) break;
  }
  return { largest, wrong, tried };
}

console.log("function    ulp     at                  inputs  seconds");
const names = Object.keys(math).filter((name) => arityOf(name) === 1);
for (const name of positionals.length > 0 ? positionals : names) {
  const began = performance.now();
  const { largest, wrong, tried } = sweep(name);
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  const { error, at } = largest;
  console.log(
    `${name.padEnd(8)} ${error.toFixed(3).padStart(6)}     ${String(at).padEnd(22)} ${String(tried)}  ${seconds}`,
  );
  for (const line of wrong) console.log(`  WRONG ${line}`);
}
