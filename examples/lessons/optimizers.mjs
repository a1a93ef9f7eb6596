// Momentum, and optimizers that give each weight a rate of its own.
//
// A feature that is seldom there has a small gradient, so the cost is a narrow valley: steep along the
// weights of frequent features, nearly level along those of rare ones. Plain descent (sgd) zigzags between
// the walls and creeps along the floor. Momentum keeps part of the last step: what goes to and fro cancels,
// what goes on adds up. Nesterov's form looks ahead before it adds. AdaGrad divides each weight's step by
// the size of all its gradients so far, so that weights with small or seldom gradients take large steps:
// made for sparse data. RMSProp forgets old gradients, so that its steps do not die out; at a constant
// rate they never rest. Adam is RMSProp with momentum. Below: the path of each over the weights of two
// words; then each with the best of several rates on dense and on sparse data. On dense, scaled data the
// rules are close together. On sparse data sgd does not get round to the rare features.
import { compile, grad, random, softplus, tensor } from "inkgrad";
import { toy } from "inkgrad/data";
import { logisticRegression, sparseRows } from "inkgrad/learn";
import { curves, lossSurface } from "inkgrad/learn/plot";
import { optimizers } from "inkgrad/nn";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const { sgd, momentum, nesterov, adagrad, rmsprop, adam } = optimizers;
const rules = { sgd, momentum, nesterov, adagrad, rmsprop, adam };
/** Rates for the two words, chosen by eye; below, the best of several is taken. */
const own = { sgd: 9, momentum: 2, nesterov: 3, adagrad: 1, rmsprop: 0.1, adam: 0.2 };
const rates = [0.01, 0.03, 0.1, 0.3, 1, 3, 10];

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Six optimizers: on a frequent and a rare word, on dense data, and on sparse data.");
  const { loss, best } = await twoWords(1000);
  const slope = compile(grad(loss));
  const paths = {};
  for (const [name, rule] of Object.entries(rules)) {
    const optimizer = rule(own[name]);
    let w = tensor([-2.5, -2], { dtype: "f64" });
    let state = optimizer.init(w);
    paths[name] = [w.toArray()];
    for (let step = 0; step < 200; step++) {
      ({ params: w, state } = optimizer.update(state, slope(w), w));
      paths[name].push(w.toArray());
    }
  }
  const height = (u, v) => loss(tensor([u, v], { dtype: "f64" })).item();
  const least = height(...best);
  /** The first step after which it stays at the minimum. */
  const arrived = (path) => path.findLastIndex((w) => height(...w) > least + 1e-4) + 1;
  const steps = Object.fromEntries(Object.entries(paths).map(([k, path]) => [k, arrived(path)]));
  for (const [title, names] of Object.entries({
    momentum: ["sgd", "momentum", "nesterov"],
    scaling: ["adagrad", "rmsprop", "adam"],
  })) {
    const points = (name) => paths[name].slice(0, 59).map(([x, y]) => ({ x, y }));
    await plot(
      `paths-${title}`,
      lossSurface(height, {
        ...{ x: [-3, 4], y: [-3, 4], resolution: small ? 20 : 60 },
        names: ["weight of the frequent word", "weight of the rare word"],
        paths: Object.fromEntries(names.map((name) => [name, points(name)])),
      }),
    );
  }

  const sets = { dense: denseData(small ? 300 : 1000), sparse: sparseData(small ? 400 : 2000) };
  const results = {};
  for (const [kind, { x, y }] of Object.entries(sets)) {
    const exact = await logisticRegression({ tol: 1e-8 }).fit(x, y);
    const least = exact.history[0].at(-1).cost;
    results[kind] = {};
    for (const [name, rule] of Object.entries(rules)) {
      let best = { gap: Infinity };
      for (const rate of small ? rates.filter((_, i) => i % 2 === 1) : rates) {
        const fitted = await logisticRegression({
          solver: "gradientDescent",
          descent: { optimizer: rule(), learningRate: rate, batchSize: 32 },
          ...{ maxIterations: small ? 3 : 10, tol: 0 },
        }).fit(x, y, { onWarning: () => {} });
        const gaps = fitted.history[0].map(({ cost }) => cost - least);
        if (gaps.at(-1) < best.gap) best = { rate, gap: gaps.at(-1), gaps };
      }
      results[kind][name] = best;
    }
  }
  print("\nSteps to the minimum for two words; then cost above the least, with the best rate:");
  print(
    table(
      ["optimizer", "two words", "dense", "rate", "sparse", "rate"],
      Object.keys(rules).map((name) => {
        const [dense, sparse] = [results.dense[name], results.sparse[name]];
        return [
          name,
          steps[name] > 200 ? "never" : steps[name],
          dense.gap,
          dense.rate,
          sparse.gap,
          sparse.rate,
        ];
      }),
    ),
  );
  for (const [kind, runs] of Object.entries(results)) {
    const gaps = Object.entries(runs).map(([name, run]) => [name, run.gaps.slice(1)]);
    await plot(
      kind,
      curves(Object.fromEntries(gaps), { x: "pass", y: "cost above the least", yScale: "log" }),
    );
  }
  return { steps, results };
}

/** The loss over the weights of two words: one there or not in half of the rows, one in a row of 50. */
async function twoWords(n) {
  const rows = Array.from({ length: n }, (_, i) => [i % 2 === 0 ? 1 : -1, i % 100 < 2 ? 1 : 0]);
  const x = tensor(rows, { dtype: "f64" });
  const chance = x.matmul(tensor([1, 2], { dtype: "f64" })).sigmoid();
  const y = random.uniform(random.key(22), [n], { dtype: "f64" }).less(chance).cast("f64");
  const loss = compile((w) => {
    const z = x.matmul(w);
    return softplus(z).sub(y.mul(z)).mean();
  });
  const exact = await logisticRegression({ penalty: "none", fitIntercept: false }).fit(x, y);
  return { loss, best: exact.coefficients.toArray()[0] };
}

const denseData = (n) =>
  toy.classification({
    ...{ n, features: 20, informative: 10, redundant: 0, flipY: 0.1, dtype: "f64" },
    key: random.key(4),
  });

/** Texts, as it were: the k-th of 200 words is in 1 / (k + 2) of all rows, and each says something. */
function sparseData(n) {
  const words = 200;
  const [forRows, forWeights, forLabels] = random.split(random.key(5), 3);
  const chances = random.uniform(forRows, [n, words]).toArray();
  const weights = random.normal(forWeights, [words], { std: 2 }).toArray();
  const luck = random.uniform(forLabels, [n]).toArray();
  const [starts, indices] = [[0], []];
  const y = chances.map((row, i) => {
    const there = [...row.keys()].filter((k) => row[k] < 1 / (k + 2));
    indices.push(...there);
    starts.push(indices.length);
    const z = there.reduce((sum, k) => sum + weights[k], 0);
    return luck[i] < 1 / (1 + Math.exp(-z)) ? 1 : 0;
  });
  return { x: sparseRows({ columns: words, starts, indices, values: indices.map(() => 1) }), y };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
