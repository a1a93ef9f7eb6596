/**
 * GFLOP/s of the three operations of convolution at m3's sizes (bench/README.md), counted as direct
 * sums, on 1 and 2 threads: `node bench/conv-speed.mjs [batch] [name] [wide]` after `npm run build`
 * (wide: with 256-bit vectors, in Node 24).
 */
import { performance } from "node:perf_hooks";
const source = (path) => import(new URL(`../packages/inkgrad/dist/${path}`, import.meta.url));
const { backend, setThreads, setWideVectors } = await source("backend/registry.js");
const { execute } = await source("compile/execute.js");
const { makeNode } = await source("graph/builder.js");
const { constantNode } = await source("graph/node.js");

const batch = Number(process.argv[2] ?? 128);
const filter = process.argv[3];
const wide = process.argv[4] === "wide";
if (wide && !setWideVectors(true)) throw new Error("there are no wide vectors here");
const wasm = backend();

const random = (shape) =>
  constantNode(
    Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, () => Math.random() - 0.5),
    shape,
    "f32",
  );

const cases = [
  { name: "conv1 1→32, 28×28", size: 28, channels: 1, features: 32 },
  { name: "conv2 32→64, 26×26", size: 26, channels: 32, features: 64 },
];

/** The first element alone is taken out: the result stays where it is. */
const first = (node) =>
  makeNode("slice", [node], {
    start: node.shape.map(() => 0),
    stop: node.shape.map(() => 1),
    step: node.shape.map(() => 1),
  });

/**
 * Milliseconds: the least and the median of the times, and the median of the processor's. On a busy
 * machine the processor's time says what one thread takes.
 */
function measure(run) {
  const [times, processor] = [[], []];
  for (let i = 0; i < 60; i++) {
    const [began, used] = [performance.now(), process.cpuUsage()];
    run();
    times.push(performance.now() - began);
    processor.push(process.cpuUsage(used).user / 1000);
  }
  for (const list of [times, processor]) {
    list.splice(0, 20);
    list.sort((a, b) => a - b);
  }
  return { least: times[0], median: times[20], processor: processor[20] };
}

const threads = wasm.threads;
for (const count of [1, 2]) {
  setThreads(count);
  await threads.ready();
  console.log(`${count} thread${count > 1 ? "s" : ""}, batch ${batch}`);
  for (const { name, size, channels, features } of cases) {
    const out = size - 2;
    const x = random([batch, size, size, channels]);
    const k = random([3, 3, channels, features]);
    const g = random([batch, out, out, features]);
    const attrs = {
      strides: [1, 1],
      padding: [
        [0, 0],
        [0, 0],
      ],
      dilation: [1, 1],
      groups: 1,
    };
    const flops = 2 * batch * out * out * 9 * channels * features;
    const kernels = {
      conv: () => makeNode("conv", [x, k], attrs),
      convInput: () => makeNode("convInput", [g, k], { ...attrs, spatial: [size, size] }),
      convKernel: () => makeNode("convKernel", [x, g], { ...attrs, window: [3, 3] }),
    };
    for (const [op, make] of Object.entries(kernels)) {
      if (filter !== undefined && !`${name} ${op}`.includes(filter)) continue;
      const { least, median, processor } = measure(() => execute([first(make())], wasm, { wide }));
      const rate = (ms) => (flops / ms / 1e6).toFixed(1).padStart(6);
      console.log(
        `  ${name}  ${op.padEnd(10)} median ${median.toFixed(2).padStart(7)} ms ${rate(median)} GFLOP/s,` +
          ` least ${least.toFixed(2).padStart(7)} ms ${rate(least)},` +
          ` processor ${processor.toFixed(2).padStart(7)} ms ${rate(processor)}`,
      );
    }
  }
}
