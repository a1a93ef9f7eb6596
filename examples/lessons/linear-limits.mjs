// What a linear model can tell apart, and what one hidden layer adds.
//
// Logistic regression draws a straight line. Two clouds side by side are no problem, two moons that
// reach into each other nearly none; but no line tells the inner circle from the outer one, the corners of
// an exclusive or, or two spirals. There are two ways out. One is to give it better features: with x², y²
// and xy a straight line in the new space is an ellipse or a hyperbola in the old one, and that solves the
// circles and the exclusive or, but not the spirals. The other is to let features be learned: each unit of
// a hidden layer draws a line of its own, and the output combines them.
import { random } from "inkgrad";
import { toy } from "inkgrad/data";
import { logisticRegression, metrics, mlpClassifier, pipeline, preprocessing } from "inkgrad/learn";
import { decisionBoundary } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

/** A straight line, one in x, y, x², xy and y², and a network of one hidden layer. */
const kindsOf = (epochs) => ({
  linear: logisticRegression(),
  squares: pipeline([
    preprocessing.polynomialFeatures({ degree: 2, bias: false }),
    logisticRegression({ C: 100 }),
  ]),
  network: mlpClassifier({
    ...{ hidden: [24], activation: "tanh", learningRate: 0.03, l2: 0 },
    // It goes on to the last epoch.
    ...{ epochs, patience: epochs, batchSize: 50 },
  }),
});

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Five toy data sets, by a straight line, by squares as features, and by one hidden layer.");
  const n = small ? 200 : 500;
  const key = random.key(21);
  const sets = {
    blobs: toy.blobs({ n, centers: [[-1.5, -1], [1.5, 1]], std: 0.8, key }), // prettier-ignore
    moons: toy.moons({ n, noise: 0.1, key }),
    circles: toy.circles({ n, noise: 0.08, factor: 0.5, key }),
    xor: toy.xor({ n, noise: 0.3, key }),
    spirals: toy.spirals({ n, noise: 0.02, turns: 0.8, key }),
  };
  const epochs = small ? 60 : 300;
  const rows = [];
  for (const [name, { x, y }] of Object.entries(sets)) {
    const accuracies = {};
    for (const [kind, estimator] of Object.entries(kindsOf(epochs))) {
      const model = await estimator.fit(x, y, { onWarning: () => {} });
      accuracies[kind] = metrics.accuracy(y, model.predict(x));
      await plot(
        `${name}-${kind}`,
        decisionBoundary(model, x, y, { resolution: small ? 24 : 100, names: ["x", "y"] }),
      );
    }
    rows.push({ name, ...accuracies });
  }
  print("\nAccuracy on the points that were learned:");
  print(
    table(
      ["data", "straight line", "with x², y², xy", "24 hidden units"],
      rows.map((r) => [r.name, r.linear, r.squares, r.network]),
    ),
  );
  return Object.fromEntries(rows.map(({ name, ...accuracies }) => [name, accuracies]));
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
