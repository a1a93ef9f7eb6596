// Softmax regression in plain JavaScript, and how to know that its gradient is right.
//
// With k classes the model has a score z for each, and softmax makes probabilities of them: p_k = e^z_k /
// (sum of all e^z). Subtract the greatest score first: it changes nothing, and e^1000 does not overflow. The
// loss is -log of the right class's probability, and its gradient by the scores is p - y, where y has a 1 for
// the right class; so the gradient by the weights is Xᵀ(p - y) / m. Such formulas are easy to get wrong, and
// a wrong gradient often still learns, only badly. So check it: change each weight a little and see how much
// the loss changes. (f(w + h) - f(w - h)) / 2h agrees to some ten digits, or there is a mistake.
import { checkGradients, grad, oneHot, random, logSoftmax, tensor } from "inkgrad";
import { toy } from "inkgrad/data";
import { logisticRegression, metrics } from "inkgrad/learn";
import { curves, decisionBoundary } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

/** Probabilities from scores. */
export function softmax(scores) {
  const most = Math.max(...scores);
  const exponentials = scores.map((z) => Math.exp(z - most));
  const sum = exponentials.reduce((total, e) => total + e, 0);
  return exponentials.map((e) => e / sum);
}

/** Scores of a row: W is [features + 1][classes], the last line for the constant 1. */
const scoresOf = (row, W) =>
  W[0].map((_, k) => [...row, 1].reduce((sum, value, j) => sum + value * W[j][k], 0));

/** The mean loss over the rows, and its gradient. */
function lossAndGradient(W, x, y) {
  const gradient = W.map((line) => line.map(() => 0));
  let loss = 0;
  x.forEach((row, i) => {
    const p = softmax(scoresOf(row, W));
    loss -= Math.log(p[y[i]]) / x.length;
    [...row, 1].forEach((value, j) =>
      p.forEach((pk, k) => {
        gradient[j][k] += (value * (pk - (k === y[i] ? 1 : 0))) / x.length;
      }),
    );
  });
  return { loss, gradient };
}

/** The greatest difference between a gradient and what small changes of each weight do. */
function gradientError(W, x, y, gradient, h = 1e-5) {
  const changed = (j, k, by) => W.map((l, a) => l.map((w, c) => (a === j && c === k ? w + by : w)));
  const loss = (j, k, by) => lossAndGradient(changed(j, k, by), x, y).loss;
  return Math.max(
    ...W.flatMap((line, j) =>
      line.map((_, k) => Math.abs((loss(j, k, h) - loss(j, k, -h)) / (2 * h) - gradient[j][k])),
    ),
  );
}

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Softmax regression without the library, its gradient checked, then beside the library's.");
  const centers = [[-2, 0], [2, 0], [0, 2.5]]; // prettier-ignore
  const data = toy.blobs({ n: small ? 150 : 600, centers, dtype: "f64", key: random.key(19) });
  const [x, y] = [data.x.toArray(), data.y.toArray()];
  print(`softmax([1000, 0, -1000]) = [${softmax([1000, 0, -1000]).join(", ")}]`);

  // At a random place: at zero some mistakes do not show.
  const somewhere = random.normal(random.key(20), [3, 3], { dtype: "f64" }).toArray();
  const { gradient } = lossAndGradient(somewhere, x, y);
  const right = gradientError(somewhere, x, y, gradient);
  // A mistake that is easily made: the division by m forgotten, here for the constants only.
  const wrong = gradient.map((line, j) => line.map((g) => (j === 2 ? g * x.length : g)));
  const caught = gradientError(somewhere, x, y, wrong);
  print(`\nOur gradient against differences: off by ${right.toExponential(1)}.`);
  print(
    `With the division forgotten for the constants: off by ${caught.toExponential(1)}. Caught.`,
  );

  // The library's own derivative of the same loss, and its check.
  const a = tensor(x.map((row) => [...row, 1]), { dtype: "f64" }); // prettier-ignore
  const labels = oneHot(data.y, 3).cast("f64");
  const libraryLoss = (W) => logSoftmax(a.matmul(W)).mul(labels).sum(1).mean().neg();
  const at = tensor(somewhere, { dtype: "f64" });
  const difference = grad(libraryLoss)(at)
    .sub(tensor(gradient, { dtype: "f64" }))
    .abs()
    .max()
    .item();
  const { maxError } = checkGradients(libraryLoss, [at]);
  print(`Our gradient against the library's: off by ${difference.toExponential(1)};`);
  print(`its own against differences (checkGradients): ${maxError.toExponential(1)}.`);

  let W = [0, 0, 0].map(() => [0, 0, 0]);
  const losses = [];
  for (let step = 0; step < (small ? 200 : 1000); step++) {
    const { loss, gradient } = lossAndGradient(W, x, y);
    losses.push(loss);
    W = W.map((line, j) => line.map((w, k) => w - 0.5 * gradient[j][k]));
  }
  const ours = x.map((row) => softmax(scoresOf(row, W)));
  const predicted = ours.map((p) => p.indexOf(Math.max(...p)));
  const fitted = await logisticRegression({ penalty: "none" }).fit(data.x, data.y);
  const library = fitted.predictProba(data.x);
  const figures = {
    "from nothing": {
      loss: metrics.logLoss(data.y, ours),
      accuracy: metrics.accuracy(data.y, predicted),
    },
    logisticRegression: {
      loss: metrics.logLoss(data.y, library),
      accuracy: metrics.accuracy(data.y, fitted.predict(data.x)),
    },
  };
  print("");
  print(
    table(
      ["model", "loss", "accuracy"],
      Object.entries(figures).map(([name, { loss, accuracy }]) => [name, loss, accuracy]),
    ),
  );
  await plot("loss", curves({ loss: losses.slice(0, 100) }, { x: "step", y: "loss" }));
  await plot("regions", decisionBoundary(fitted, data.x, data.y, { resolution: small ? 40 : 120 }));
  return { right, caught, difference, maxError, losses, figures };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
