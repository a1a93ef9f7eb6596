/**
 * GFLOP/s of matrix products out of the backend's tiles on one thread, by tile, packing and
 * blocking: `node bench/tile-speed.mjs m,n,k form choice…` after `npm run build`. Form: 1 if the
 * left side is transposed in memory, 2 if the right side is, 3 if both. A choice is
 * rows×vectors:unroll, then any of :A (left side packed, too), :N (right side not packed), :k256
 * :m120 (block of depth, of rows). RELAXED=1 and REVECTORIZE=1 turn on what their names say.
 *
 *   node bench/tile-speed.mjs 512,512,512 1 5x2:8 5x2:8:A
 */
import { setFlagsFromString } from "node:v8";

// All of it in the optimizing compiler at once.
setFlagsFromString("--no-liftoff");
const old = process.versions.node.startsWith("20.");
if (process.env.RELAXED && old) setFlagsFromString("--experimental-wasm-relaxed-simd");
if (process.env.REVECTORIZE) setFlagsFromString("--experimental-wasm-revectorize");
const { gauge, product, quickest, right } = await import("./tile-kernel.mjs");

const [sizes = "512,512,512", formText = "0", ...choices] = process.argv.slice(2);
const [m, n, k] = sizes.split(",").map(Number);
const form = Number(formText);
const secondsEach = 0.4;

const subjects = (choices.length > 0 ? choices : ["5x2:8:A"]).map((name) => {
  const [tile, unroll = "4", ...rest] = name.split(":");
  const [rows, vectors] = tile.split("x").map(Number);
  const options = Object.fromEntries(rest.map((text) => [text[0], text.slice(1)]));
  const made = product(m, n, k, form, {
    rows,
    vectors,
    unroll: Number(unroll),
    madd: process.env.RELAXED ? "relaxed" : "mul+add",
    packA: "A" in options,
    packB: !("N" in options),
    kc: Number(options.k ?? 256),
    mc: Number(options.m ?? 120),
  });
  made.run();
  if (!right(made, m, n, k, form)) throw new Error(`${name}: the product is wrong`);
  return { name, run: made.run, times: [], undisturbed: [] };
});

// In turn, and counted only where the core was found undisturbed before and after: its other half
// may be lent to others, which halves its speed.
const until = performance.now() + secondsEach * 1000 * subjects.length;
while (performance.now() < until)
  for (const { run, times, undisturbed } of subjects) {
    const before = gauge();
    const began = performance.now();
    run();
    const time = performance.now() - began;
    times.push(time);
    if (Math.max(before, gauge()) < quickest() * 1.03) undisturbed.push(time);
  }

console.log(`${process.version} ${m}×${n}×${k} form ${form}`);
for (const { name, times, undisturbed } of subjects) {
  const ascending = (list) => list.sort((p, q) => p - q);
  // Long ones are never undisturbed: then the five quickest have to do.
  const list = undisturbed.length > 3 ? ascending(undisturbed) : ascending(times).slice(0, 5);
  const speed = (time) => ((2 * m * n * k) / time / 1e6).toFixed(1).padStart(6);
  console.log(
    `${name.padEnd(18)} median${speed(list[list.length >> 1])} best${speed(list[0])}  (${list.length} of ${times.length})`,
  );
}
