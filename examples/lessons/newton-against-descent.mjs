// Newton's method against gradient descent.
//
// Gradient descent knows the slope. Newton's method knows the curvature too: it puts a parabola under
// the cost and goes to its lowest point at once. Near the minimum the number of right digits doubles
// with each step (quadratic convergence), where gradient descent takes off a fixed share of the error,
// which on badly conditioned data is a tiny one. The price: a matrix of n² second derivatives is made and
// solved at each step, n³ operations. With fifty parameters that is nothing, with a million it is out of
// the question. L-BFGS lies between: it guesses the curvature from the last ten gradients.
import { random } from "inkgrad";
import { toy } from "inkgrad/data";
import { logisticRegression } from "inkgrad/learn";
import { curves } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Newton's method, L-BFGS and gradient descent on the same cost.");
  const { x, y } = toy.classification({
    ...{ n: small ? 300 : 2000, features: 12, informative: 6, redundant: 4, flipY: 0.1 },
    ...{ dtype: "f64", key: random.key(6) },
  });
  const options = { C: 10, tol: 1e-11 };
  const ways = {
    newton: { solver: "newton" },
    lbfgs: { solver: "lbfgs" },
    "descent, nesterov": descent("nesterov", 0.05),
    "descent, plain": descent("sgd", 0.3),
  };
  const most = small ? 300 : 2000;
  const runs = [];
  for (const [name, way] of Object.entries(ways)) {
    const start = performance.now();
    const fitted = await logisticRegression({ ...options, ...way, maxIterations: most }).fit(x, y, {
      onWarning: () => {},
    });
    const milliseconds = performance.now() - start;
    const slopes = fitted.history[0].map(({ gradientSize }) => gradientSize);
    const costs = fitted.history[0].map(({ cost }) => cost);
    runs.push({ name, slopes, costs, milliseconds });
  }
  const least = Math.min(...runs[0].costs);
  const within = (slopes, tolerance) => {
    const found = slopes.findIndex((slope) => slope <= tolerance);
    return found < 0 ? `more than ${most}` : found;
  };
  print("Iterations until no element of the gradient is larger than:");
  print(
    table(
      ["solver", "1e-2", "1e-5", "1e-8", "milliseconds in all"],
      runs.map(({ name, slopes, milliseconds }) => [
        ...[name, within(slopes, 1e-2), within(slopes, 1e-5), within(slopes, 1e-8)],
        Math.round(milliseconds),
      ]),
    ),
  );
  const [newton, , , plain] = runs;
  print("\nThe gradient, step by step: Newton's exponent doubles, descent's creeps.");
  print(
    table(
      ["step", "newton", "descent, plain"],
      newton.slopes.map((slope, i) => [
        i,
        slope.toExponential(1),
        plain.slopes[i].toExponential(1),
      ]),
    ),
  );
  await plot(
    "gradient",
    curves(Object.fromEntries(runs.map(({ name, slopes }) => [name, slopes.slice(0, 200)])), {
      ...{ y: "largest element of the gradient", yScale: "log" },
    }),
  );
  return { least, most, runs };
}

const descent = (optimizer, learningRate) => ({
  solver: "gradientDescent",
  descent: { optimizer, learningRate },
});

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
