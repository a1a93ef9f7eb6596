/**
 * What a training step of the command's convolutional networks takes:
 *   npm run build && node bench/cnn-step.mjs [cnn|best] [--threads 1,2] [--batch 128] [--steps N]
 *     [--against DIR] [--profile]
 * Milliseconds a step, least and median, and of processor time on all threads. `--against`: the dist
 * folder of another build, whose steps are done by turns with this one's. `--profile`: the time of
 * every kernel instead.
 */
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseArgs } from "node:util";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    threads: { type: "string", default: "1,2" },
    batch: { type: "string", default: "128" },
    steps: { type: "string", default: "20" },
    against: { type: "string" },
    profile: { type: "boolean", default: false },
  },
});
const [batch, steps] = [Number(values.batch), Number(values.steps)];
const names = positionals.length > 0 ? positionals : ["cnn", "best"];
const builds = [await load("this build", new URL("../packages/inkgrad/dist/", import.meta.url))];
if (values.against !== undefined)
  builds.unshift(await load("the other", pathToFileURL(`${resolve(values.against)}/`)));

for (const name of names)
  for (const threads of values.threads.split(",").map(Number)) {
    console.log(`${name}, batch ${batch}, ${threads} thread(s)`);
    if (values.profile) for (const build of builds) printProfile(build, name, threads);
    else compare(name, threads);
  }

async function load(label, dist) {
  const [library, { recipes }, { trainStep }, { startTally }] = await Promise.all(
    ["index.js", "cli/models.js", "nn/training/step.js", "nn/training/tally.js"].map(
      (path) => import(new URL(path, dist)),
    ),
  );
  return { label, ...library, recipes, trainStep, startTally };
}

/** A network's step on random digits, and its first arguments. */
function begin({ recipes, trainStep, startTally, random, tensor }, name) {
  const shape = [28, 28, 1];
  const { learning } = recipes[name].build({ shape, classes: 10 }, {}).compile({
    loss: "sparseCategoricalCrossEntropy",
    optimizer: recipes[name].optimizer,
    metrics: ["accuracy"],
  });
  const { model, optimizer, metrics } = learning;
  const params = model.init(random.key(0), shape);
  const count = 1024;
  const x = random.integers(random.key(1), [count, ...shape], { min: 0, max: 256, dtype: "u8" });
  const y = random.integers(random.key(2), [count], { min: 0, max: 10 });
  const carry = {
    params,
    state: model.initState?.(shape) ?? {},
    optimizer: optimizer.init(params),
    gathered: null,
    step: tensor(0, { dtype: "i32" }),
    tally: startTally(metrics),
  };
  const rows = random.integers(random.key(3), [batch], { min: 0, max: count });
  const rate = tensor(1e-3, { dtype: "f64" });
  return { step: trainStep(learning), carry, rest: [{ x, y }, rows, random.key(4), rate, true] };
}

function printProfile(build, name, threads) {
  build.setThreads(threads);
  const { step, carry, rest } = begin(build, name);
  console.log(`${build.label}\n${build.profile(step, carry, ...rest)}`);
}

function compare(name, threads) {
  const runs = builds.map((build) => {
    build.setThreads(threads);
    return { ...begin(build, name), label: build.label, wall: [], processor: [] };
  });
  for (let i = 0; i < steps + 3; i++)
    for (const run of runs) {
      const [begun, used] = [performance.now(), process.cpuUsage()];
      const { carry, loss } = run.step(run.carry, ...run.rest);
      const { user, system } = process.cpuUsage(used);
      run.carry = carry;
      run.loss = loss;
      if (i < 3) continue;
      run.wall.push(performance.now() - begun);
      run.processor.push((user + system) / 1000);
    }
  for (const { label, wall, processor, loss } of runs)
    console.log(
      `  ${label.padEnd(10)} ${said(wall)}; processor ${said(processor)}; loss ${loss.item()}`,
    );
}

function said(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return `${sorted[0].toFixed(1)} ms, median ${sorted[sorted.length >> 1].toFixed(1)}`;
}
