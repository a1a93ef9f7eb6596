// Why features should be scaled before gradient descent.
//
// Take the size of a flat in square metres, and the number of its rooms. Changing the first one's weight by
// 0.01 changes the answer about as much as changing the second's by 0.3, so the valley of the cost is
// thirty times longer than wide. That the size lies far from 0 makes it worse, for then the intercept has to
// move with its weight. The learning rate must be small enough for the steep walls, and then it is far too
// small for the gentle slope along the floor. The number that says how bad this is, is the condition
// number: the greatest curvature over the least. Scaling to mean 0 and standard deviation 1 (standardScaler)
// makes the valley nearly round. Newton's method, which knows the curvature, does not care; and neither
// does the answer, without a penalty: probabilities stay what they were.
import { concat, cond, ones, random, tensor } from "inkgrad";
import { toy } from "inkgrad/data";
import { logisticRegression, preprocessing } from "inkgrad/learn";
import { curves, lossSurface } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const rates = [1e-5, 3e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.3, 1, 3];
const quiet = { onWarning: () => {} };

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Gradient descent on two features of different size, as they are and scaled.");
  const n = small ? 200 : 1000;
  const centers = [-1, 1].map((side) => [side, side / 2]);
  const { x: plain, y } = toy.blobs({
    ...{ n, features: 2, centers, std: 1.3, dtype: "f64" },
    key: random.key(2),
  });
  const raw = plain
    .mul(tensor([[30, 1]], { dtype: "f64" }))
    .add(tensor([[80, 3.5]], { dtype: "f64" }));
  const scaled = (await preprocessing.standardScaler().fit(raw)).transform(raw);

  const iterations = small ? 100 : 500;
  const runs = [];
  for (const [name, x] of [
    ["as it is", raw],
    ["scaled", scaled],
  ]) {
    const exact = await logisticRegression({ penalty: "none", solver: "newton", tol: 1e-10 }).fit(
      x,
      y,
    );
    const least = exact.history[0].at(-1).cost;
    // Each with the learning rate that suits it best.
    let best = null;
    for (const rate of rates) {
      const fitted = await descend(x, y, rate, iterations);
      const gap = fitted.history[0].at(-1).cost - least;
      if (best === null || gap < best.gap) best = { rate, gap, fitted };
    }
    const costs = best.fitted.history[0].map(({ cost }) => cost - least);
    const reached = costs.findIndex((gap) => gap < 1e-4);
    const newton = exact.iterations[0];
    runs.push({ name, condition: conditionOf(x, exact), ...best, costs, reached, newton, exact });
  }
  print(
    table(
      ["features", "condition", "best rate", `left after ${iterations}`, "within 1e-4", "Newton"],
      runs.map(({ name, condition, rate, gap, reached, newton }) => [
        ...[name, condition, rate, gap],
        reached < 0 ? "never" : `after ${reached}`,
        `${newton} iterations`,
      ]),
    ),
  );
  const [before, after] = runs.map(({ exact }, k) => exact.predictProba([raw, scaled][k]));
  const difference = before.sub(after).abs().max().item();
  print(`Probabilities of both solutions differ by at most ${difference.toExponential(1)}.`);

  const shown = Object.fromEntries(runs.map(({ name, costs }) => [name, costs]));
  await plot("cost", curves(shown, { y: "cost above the least", yScale: "log" }));
  for (const { name, exact } of runs) {
    const x = name === "scaled" ? scaled : raw;
    await plot(`surface-${name.replaceAll(" ", "-")}`, surface(x, y, exact, small ? 24 : 120));
  }
  return { runs, difference };
}

const descend = (x, y, learningRate, maxIterations) =>
  logisticRegression({
    ...{ penalty: "none", solver: "gradientDescent", maxIterations, tol: 0 },
    descent: { optimizer: "sgd", learningRate },
  }).fit(x, y, quiet);

/** Condition of the second derivative where the cost is least: Aᵀ diag(p(1 - p)) A / m, A = [x, 1]. */
function conditionOf(x, fitted) {
  const m = x.shape[0];
  const p = fitted.predictProba(x).slice([[], [1, 2]]);
  const a = concat([x, ones([m, 1], { dtype: "f64" })], 1);
  const spread = p.mul(p.neg().add(1));
  return cond(a.transpose().matmul(a.mul(spread)).div(m)).item();
}

/** The cost over both weights about the best ones: a ravine, or a bowl. */
function surface(x, y, { coefficients, intercepts }, resolution) {
  const [w0, w1] = coefficients.toArray()[0];
  const b = intercepts.toArray()[0];
  const rows = x.toArray();
  const labels = y.toArray();
  const cost = (u, v) =>
    rows.reduce((sum, [p, q], i) => {
      const z = (labels[i] === 1 ? -1 : 1) * (u * p + v * q + b);
      return sum + Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }, 0) / rows.length;
  return lossSurface(cost, {
    ...{ x: [w0 - 0.4, w0 + 0.4], y: [w1 - 0.4, w1 + 0.4], resolution },
    names: ["weight of the first", "weight of the second"],
  });
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
