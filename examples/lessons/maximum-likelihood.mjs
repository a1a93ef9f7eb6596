// Logistic regression is maximum likelihood, and that is the same as the least cross-entropy.
//
// Each row is a coin of its own: p = sigmoid(x·w + b) is the probability that its label is 1. All labels
// together have the log-likelihood sum of y log p + (1 - y) log(1 - p), and the best w and b are those
// under which the labels that were seen are most likely. There is no formula now, so we climb: gradient
// ascent adds the gradient, which is simply Xᵀ(y - p), the features weighted by what was got wrong.
// What others call the loss, the cross-entropy, is the mean of -(y log p + (1 - y) log(1 - p)) over the m
// rows. So log-likelihood = -m · cross-entropy at every step: climbing the one is descending the other.
import { random, logSigmoid, tensor, valueAndGrad } from "inkgrad";
import { toy } from "inkgrad/data";
import { gradientAscent, logisticRegression, logLikelihood, metrics } from "inkgrad/learn";
import { lineChart } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Climbing the log-likelihood, and that it is -m times the cross-entropy.");
  const m = small ? 200 : 1000;
  const { x, y } = toy.classification({
    ...{ n: m, features: 4, informative: 3, redundant: 0, flipY: 0.1, dtype: "f64" },
    key: random.key(0),
  });
  const labels = y.cast("f64");

  /** log p = logSigmoid(z) and log(1 - p) = logSigmoid(-z), exact for every z. */
  const likelihoodOf = ({ w, b }) => {
    const z = x.matmul(w).add(b);
    return labels
      .mul(logSigmoid(z))
      .add(labels.neg().add(1).mul(logSigmoid(z.neg())))
      .sum();
  };
  const climb = valueAndGrad(likelihoodOf);
  const start = { w: tensor([0, 0, 0, 0], { dtype: "f64" }), b: tensor(0, { dtype: "f64" }) };
  let params = start;
  const steps = small ? 200 : 1000;
  const rate = 1 / m;
  const history = [];
  let gradientGap = 0;
  for (let step = 0; step <= steps; step++) {
    const [value, gradient] = climb(params);
    // The gradient by hand: Xᵀ(y - p).
    const p = x.matmul(params.w).add(params.b).sigmoid();
    const byHand = x.transpose().matmul(labels.sub(p));
    gradientGap = Math.max(gradientGap, byHand.sub(gradient.w).abs().max().item());
    const crossEntropy = metrics.logLoss(y, p);
    history.push({ step, logLikelihood: value.item(), crossEntropy });
    params = {
      w: params.w.add(gradient.w.mul(rate)),
      b: params.b.add(gradient.b.mul(rate)),
    };
  }
  const shown = history.filter(({ step }) => [0, 1, 2, 5, 10, 20, 50, 100, steps].includes(step));
  print(
    table(
      ["step", "log-likelihood", "cross-entropy", "-m · cross-entropy"],
      shown.map((h) => [h.step, h.logLikelihood, h.crossEntropy, -m * h.crossEntropy]),
    ),
  );
  const identityGap = Math.max(
    ...history.map((h) => Math.abs(h.logLikelihood + m * h.crossEntropy)),
  );
  print(`The two columns differ by at most ${identityGap.toExponential(1)},`);
  print(`and the gradient from Xᵀ(y - p) by at most ${gradientGap.toExponential(1)}.`);

  const fitted = await logisticRegression({ penalty: "none", solver: "newton", tol: 1e-10 }).fit(
    x,
    y,
  );
  const [climbed, solved] = [params.w.toArray(), fitted.coefficients.toArray()[0]];
  print(`\nWhere the climb ended, and what logisticRegression without a penalty finds:`);
  print(
    table(
      ["coefficient", "gradient ascent", "logisticRegression"],
      [
        ...climbed.map((w, k) => [`w${k}`, w, solved[k]]),
        ["b", params.b.item(), fitted.intercepts.toArray()[0]],
      ],
    ),
  );
  const coefficientGap = Math.max(...climbed.map((w, k) => Math.abs(w - solved[k])));

  const ascent = gradientAscent(likelihoodOf, start, { learningRate: rate, iterations: steps });
  const ascentGap = Math.max(
    ...ascent.history.map((value, i) => Math.abs(value - history[i].logLikelihood)),
  );
  const best = logLikelihood(fitted, x, y);
  print(
    `\ngradientAscent takes the same steps, to within ${ascentGap.toExponential(1)}. It ended at`,
  );
  print(
    `${ascent.value.toFixed(6)}; the log-likelihood of the fitted model is ${best.toFixed(6)}.`,
  );

  const points = (f) => history.slice(0, 60).map((h) => ({ x: h.step, y: f(h) }));
  await plot(
    "climb",
    lineChart({
      description:
        "the log-likelihood rises with each step, and -m times the cross-entropy with it",
      x: "step",
      y: "log-likelihood",
      dots: false,
      series: [
        { name: "log-likelihood", points: points((h) => h.logLikelihood) },
        { name: "-m · cross-entropy", points: points((h) => -m * h.crossEntropy), dashed: true },
      ],
    }),
  );
  return {
    m,
    first: history[0].logLikelihood,
    rises: history.every((h, i) => i === 0 || h.logLikelihood >= history[i - 1].logLikelihood),
    identityGap,
    gradientGap,
    coefficientGap,
    ascentGap,
    missing: best - ascent.value,
  };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
