/**
 * Peak resident memory of a synchronous loop of eager updates on a tensor of 1,000 elements:
 * `node bench/memory.mjs [updates]` after `npm run build`. Two loops, each in a process of its own:
 * one reads a value at every step, one only the last. Prints the rise above the start.
 */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const updates = Number(process.argv[2] ?? 1_000_000);
const mode = process.argv[3];

if (mode === undefined) {
  for (const each of ["every", "last"])
    spawnSync(process.execPath, [fileURLToPath(import.meta.url), String(updates), each], {
      stdio: "inherit",
    });
} else {
  await loop(mode === "every");
}

async function loop(readEvery) {
  const { tensor } = await import("inkgrad");
  const step = tensor(Float32Array.from({ length: 1000 }, (_, i) => i * 1e-6));
  let peak = 0;
  const run = (count) => {
    let x = tensor(new Float32Array(1000));
    for (let i = 0; i < count; i++) {
      x = x.add(step);
      if (readEvery) x.sum().item();
      if (i % 1000 === 0) peak = Math.max(peak, process.memoryUsage.rss());
    }
    return x.sum().item();
  };
  run(1000); // so that what is compiled and allocated once is not counted
  const start = process.memoryUsage.rss();
  peak = start;
  const began = performance.now();
  const result = run(updates);
  const seconds = (performance.now() - began) / 1000;
  const rise = (peak - start) / 2 ** 20;
  console.log(
    `${updates} updates, ${readEvery ? "a value read at every step" : "only the last value read"}: ` +
      `${rise.toFixed(1)} MB above the start, ${seconds.toFixed(1)} s ` +
      `(${((seconds / updates) * 1e6).toFixed(2)} µs an update), sum ${result}`,
  );
}
