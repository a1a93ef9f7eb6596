// All rows for a step, a few, or one: batch, mini-batch and stochastic gradient descent.
//
// The gradient is a mean over rows. With all of them it is exact, and one pass over the data makes one
// step. With 32 rows it is a good guess, and a pass makes 63 steps of 2,000 rows; with one row it is a wild
// guess, and there are 2,000 steps. So at first the more steps win by far. But guesses are noisy: at a
// constant rate small batches come near the minimum and then wander about it, the farther the smaller the
// batch, while the whole batch goes on down. A rate that decays (1 / t) takes the noise away.
import { random } from "inkgrad";
import { toy } from "inkgrad/data";
import { logisticRegression } from "inkgrad/learn";
import { curves } from "inkgrad/learn/plot";
import { schedules } from "inkgrad/nn";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  const n = small ? 400 : 2000;
  print(`Gradient descent with all of ${n} rows for a step, with 32, and with one.`);
  const { x, y } = toy.classification({
    ...{ n, features: 10, informative: 5, redundant: 0, flipY: 0.1, dtype: "f64" },
    key: random.key(3),
  });
  const options = { penalty: "none" };
  const best = await logisticRegression({ ...options, solver: "newton", tol: 1e-10 }).fit(x, y);
  const least = best.history[0].at(-1).cost;

  const epochs = small ? 8 : 20;
  const rate = 0.1;
  const decaying = schedules.timeBased(rate, { decay: 4, steps: n });
  const ways = [
    { name: "batch", batchSize: "all", learningRate: rate },
    { name: "mini-batch of 32", batchSize: 32, learningRate: rate },
    { name: "stochastic", batchSize: 1, learningRate: rate },
    { name: "stochastic, decaying", batchSize: 1, learningRate: decaying },
  ];
  const runs = [];
  for (const { name, batchSize, learningRate } of ways) {
    const fitted = await logisticRegression({
      ...options,
      solver: "gradientDescent",
      descent: { optimizer: "sgd", learningRate, batchSize },
      maxIterations: epochs,
      tol: 0,
    }).fit(x, y, { onWarning: () => {} });
    // One record for each pass over the rows.
    const gaps = fitted.history[0].map(({ cost }) => cost - least);
    const steps = epochs * Math.ceil(n / (batchSize === "all" ? n : batchSize));
    // How much the cost still goes up and down from pass to pass, in the second half.
    const late = gaps.slice(Math.floor(epochs / 2));
    const jitter = late.reduce((sum, gap, i) => sum + (i ? Math.abs(gap - late[i - 1]) : 0), 0);
    runs.push({ name, steps, gaps, jitter: jitter / (late.length - 1) });
  }
  print(`Cost above the least (${least.toFixed(5)}), at a rate of ${rate}:`);
  print(
    table(
      ["way", "steps", "after 1 pass", "after 3", `after ${epochs}`, "jitter at the end"],
      runs.map(({ name, steps, gaps, jitter }) => [
        ...[name, steps, gaps[1], gaps[3], gaps.at(-1), jitter],
      ]),
    ),
  );
  await plot(
    "cost",
    curves(Object.fromEntries(runs.map(({ name, gaps }) => [name, gaps.slice(1)])), {
      ...{ x: "pass over the data", y: "cost above the least", yScale: "log" },
    }),
  );
  return { n, least, runs };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
