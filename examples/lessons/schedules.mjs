// Learning rates that change while learning.
//
// Mini-batch descent at a constant rate ends at a distance from the minimum that is proportional to the
// rate: a large one gets near quickly and stays there, a small one would get nearer but needs long. So
// begin large and become small. How exactly matters less than that it is done: in steps, by 1 / t,
// exponentially, along a cosine. A warm-up begins small, for networks whose first gradients are wild;
// one cycle does both. All of them are functions of the step, and the optimizer's rule does not change.
import { random } from "inkgrad";
import { toy } from "inkgrad/data";
import { logisticRegression } from "inkgrad/learn";
import { curves } from "inkgrad/learn/plot";
import { schedules } from "inkgrad/nn";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const { constant, cosine, exponential, oneCycle, step, timeBased, warmUp } = schedules;

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Mini-batch descent from the same rate, which stays as it is or becomes smaller.");
  const n = small ? 400 : 2000;
  const { x, y } = toy.classification({
    ...{ n, features: 10, informative: 5, redundant: 0, flipY: 0.1, dtype: "f64" },
    key: random.key(3),
  });
  const best = await logisticRegression({ penalty: "none", tol: 1e-10 }).fit(x, y);
  const least = best.history[0].at(-1).cost;

  const [epochs, batchSize, peak] = [small ? 12 : 30, 16, 0.5];
  const total = epochs * Math.ceil(n / batchSize);
  const list = {
    "constant, small": constant(peak / 50),
    constant: constant(peak),
    steps: step(peak, { at: [total / 2, (3 * total) / 4], factor: 0.1 }),
    "1 / t": timeBased(peak, { decay: 10, steps: total / 3 }),
    exponential: exponential(peak, { factor: 0.01 }),
    cosine: cosine(peak),
    "warm-up, then cosine": warmUp(cosine(peak), Math.round(total / 10)),
    "one cycle": oneCycle(peak),
  };
  const runs = [];
  for (const [name, learningRate] of Object.entries(list)) {
    const rates = Array.from({ length: total }, (_, i) => learningRate(i, total));
    // Several orders of the rows, since a single one says little.
    const seeds = [0, 1, 2];
    let gaps = new Array(epochs + 1).fill(0);
    for (const seed of seeds) {
      const fitted = await logisticRegression({
        ...{ penalty: "none", solver: "gradientDescent", maxIterations: epochs, tol: 0, seed },
        descent: { optimizer: "sgd", learningRate, batchSize },
      }).fit(x, y, { onWarning: () => {} });
      gaps = gaps.map((gap, i) => gap + (fitted.history[0][i].cost - least) / seeds.length);
    }
    runs.push({ name, rates, gaps });
  }
  const third = Math.round(epochs / 3);
  print(`Cost above the least (${least.toFixed(5)}), mean of three orders of the rows:`);
  print(
    table(
      ["schedule", "first rate", "last rate", `after ${third} passes`, `after ${epochs}`],
      runs.map(({ name, rates, gaps }) => [name, rates[0], rates.at(-1), gaps[third], gaps.at(-1)]),
    ),
  );
  // As many as there are colours.
  const drawn = runs.filter(({ name }) => name !== "exponential" && name !== "one cycle");
  const every = Math.ceil(total / 200);
  const points = (rates) => rates.flatMap((y, i) => (i % every === 0 ? [{ x: i + 1, y }] : []));
  await plot(
    "rates",
    curves(Object.fromEntries(drawn.map(({ name, rates }) => [name, points(rates)])), {
      ...{ x: "step", y: "learning rate" },
    }),
  );
  await plot(
    "cost",
    curves(Object.fromEntries(drawn.map(({ name, gaps }) => [name, gaps.slice(1)])), {
      ...{ x: "pass over the data", y: "cost above the least", yScale: "log" },
    }),
  );
  return { least, runs };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
