// What the loop of `fit` costs on top of a bare compiled step: node bench/fit.mjs [batch], after a build.
// CPU time, for the machine may be shared; in turn, least and median of twelve runs.
import { setThreads, tensor } from "../packages/inkgrad/dist/index.js";
import { dense, input, relu, sequential } from "../packages/inkgrad/dist/nn/index.js";
import { randomClasses, randomFloats } from "./harness/data.mjs";
import { training } from "./ours/train-step.mjs";

const batch = Number(process.argv[2] ?? 64);
const rows = 8192;
const epochs = 4;
const steps = (rows / batch) * epochs;
setThreads(1);

const x = tensor(randomFloats(rows * 784), { shape: [rows, 784] });
const y = tensor(randomClasses(rows));
const learner = (metrics) =>
  sequential(input(784), dense(128), relu(), dense(10)).compile({
    loss: "sparseCategoricalCrossEntropy",
    metrics,
  });
const bare = training("m1", batch, rows);
const [plain, counting] = [learner([]), learner(["accuracy"])];
const runs = {
  "bare step": () => {
    for (let i = 0; i < steps; i++) bare();
  },
  fit: () => plain.fit({ x, y }, { epochs, batchSize: batch }),
  "fit, accuracy": () => counting.fit({ x, y }, { epochs, batchSize: batch }),
};

const microseconds = async (run) => {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / steps;
};

const times = Object.fromEntries(Object.keys(runs).map((name) => [name, []]));
for (const run of Object.values(runs)) await run();
for (let i = 0; i < 12; i++)
  for (const [name, run] of Object.entries(runs)) times[name].push(await microseconds(run));
for (const [name, list] of Object.entries(times)) {
  list.sort((a, b) => a - b);
  console.log(
    `${name.padEnd(14)} least ${list[0].toFixed(0)}, median ${list[6].toFixed(0)} µs a step`,
  );
}
