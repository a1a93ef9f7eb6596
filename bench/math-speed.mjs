/**
 * Nanoseconds per element of each elementary function on an array of 4,096, and of a plain loop
 * over JavaScript's Math: `node bench/math-speed.mjs [name…]` after `npm run build`.
 */
import { kernel, math } from "./math-kernel.mjs";

const count = 4096;

const javascript = {
  ...Object.fromEntries(Object.getOwnPropertyNames(Math).map((name) => [name, Math[name]])),
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
  erf: null,
};

/** The best of many short runs within a quarter of a second: other load disturbs most, not all. */
function nanoseconds(run) {
  let best = Infinity;
  const until = performance.now() + 250;
  for (let round = 0; round < 30 || performance.now() < until; round++) {
    const began = performance.now();
    for (let i = 0; i < 8; i++) run();
    best = Math.min(best, ((performance.now() - began) * 1e6) / 8 / count);
  }
  return best;
}

const domain = {
  log: [0.01, 100],
  log1p: [-0.5, 10],
  asin: [-1, 1],
  acos: [-1, 1],
  pow: [0.01, 10],
};

console.log("function  f32x4  f64x2     JS  (ns per element)   f64x2 code bytes");
for (const name of process.argv.length > 2 ? process.argv.slice(2) : Object.keys(math)) {
  const [low, high] = domain[name] ?? [-8, 8];
  const fill = (array) => {
    for (let i = 0; i < count; i++) array[i] = low + (high - low) * Math.random();
  };
  const times = [];
  let bytes = 0;
  for (const format of ["f32x4", "f64x2"]) {
    const { inputs, run, codeBytes } = kernel(name, format, count);
    inputs.forEach(fill);
    times.push(nanoseconds(run));
    bytes = codeBytes;
  }
  const f = javascript[name];
  if (f === null) times.push(NaN);
  else {
    const [x, y, out] = [0, 0, 0].map(() => new Float32Array(count));
    fill(x);
    fill(y);
    // A function of its own for each, as user code would have it inlined.
    const loop = new Function(
      "f, x, y, out",
      `for (let i = 0; i < ${String(count)}; i++) out[i] = f(x[i], y[i]); // ${name}`,
    );
    times.push(nanoseconds(() => loop(f, x, y, out)));
  }
  const columns = times.map((t) => t.toFixed(2).padStart(6)).join(" ");
  console.log(`${name.padEnd(8)} ${columns}   ${String(bytes)}`);
}
