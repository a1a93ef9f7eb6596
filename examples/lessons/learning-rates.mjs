// How long should a step be? Learning rates from 0.001 to 1.
//
// Gradient descent goes against the gradient, and the learning rate says how far. Too small, and it
// arrives after you have lost patience; too large, and it jumps over the valley to the other side and
// higher up. Between there is a wide range that works, so try rates by factors of three, not by tenths.
// What is too large can be said: where the valley is a parabola of curvature L, steps beyond 2 / L lead
// upwards. For logistic regression L is at most the greatest eigenvalue of XᵀX / 4m.
import { eigh, random } from "inkgrad";
import { toy } from "inkgrad/data";
import { logisticRegression } from "inkgrad/learn";
import { curves } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const rates = [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1];

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Gradient descent with learning rates from 0.001 to 1 on the same data.");
  const { x, y } = toy.classification({
    ...{ n: small ? 300 : 2000, features: 8, informative: 5, flipY: 0.2, dtype: "f64" },
    key: random.key(1),
  });
  const options = { penalty: "none", fitIntercept: false };
  const best = await logisticRegression({ ...options, solver: "newton", tol: 1e-10 }).fit(x, y);
  const least = best.history[0].at(-1).cost;
  const [eigenvalues] = eigh(
    x
      .transpose()
      .matmul(x)
      .div(4 * x.shape[0]),
  );
  const curvature = eigenvalues.max().item();

  const iterations = small ? 100 : 300;
  const runs = [];
  for (const rate of rates) {
    const fitted = await logisticRegression({
      ...options,
      solver: "gradientDescent",
      descent: { optimizer: "sgd", learningRate: rate },
      maxIterations: iterations,
      tol: 0,
    }).fit(x, y, { onWarning: () => {} }); // That it has not converged is what we want to see.
    const costs = fitted.history[0].map(({ cost }) => cost);
    const near = costs.findIndex((cost) => cost < least + 0.01 * (costs[0] - least));
    const rises = costs.filter((cost, i) => i > 0 && cost > costs[i - 1] + 1e-12).length;
    runs.push({ rate, costs, near, rises, gap: costs.at(-1) - least });
  }
  print(`The least cost is ${least.toFixed(6)}; curvature at most ${curvature.toFixed(2)},`);
  print(
    `so that rates below ${(2 / curvature).toFixed(2)} are safe. After ${iterations} iterations:`,
  );
  print(
    table(
      ["rate", "cost", "above the least", "99 % of the way after", "times it rose"],
      runs.map(({ rate, costs, near, rises, gap }) => [
        ...[rate, costs.at(-1), gap],
        near < 0 ? "never" : `${near} iterations`,
        rises,
      ]),
    ),
  );
  const drawn = runs.filter(({ rate }) => rate !== 0.001);
  await plot(
    "cost",
    curves(Object.fromEntries(drawn.map((r) => [`rate ${r.rate}`, r.costs.slice(0, 80)])), {
      description: "small rates crawl, the best fall at once, too large ones jump up and down",
    }),
  );
  return { least, curvature, safe: 2 / curvature, runs };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
