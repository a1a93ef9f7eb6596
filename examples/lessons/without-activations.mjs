// A network without activations is a linear model in disguise.
//
// A layer is x W + b. Put a second one behind it: (x W + b) V + c = x (W V) + (b V + c), which is one layer again.
// However many layers there are, and however many numbers they hold, what comes out is a straight line, and
// so is the boundary between two classes. Depth buys nothing until something stands between the layers that is
// not linear. It need not be much: max(x, 0), the ReLU, is two straight pieces, and layers of it make
// boundaries of any form.
import { random, tensor } from "inkgrad";
import { toy } from "inkgrad/data";
import { logisticRegression } from "inkgrad/learn";
import { decisionBoundary } from "inkgrad/learn/plot";
import { dense, input, optimizers, relu, sequential } from "inkgrad/nn";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const width = 16;
const deepLinear = sequential(input(2), dense(width), dense(width), dense(1));
const deepRelu = sequential(input(2), dense(width), relu(), dense(width), relu(), dense(1));

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Three layers without activations, folded into one; and what ReLU between them changes.");
  const sets = {
    blobs: toy.blobs({ n: 200, centers: [[-2, 0], [2, 1]], key: random.key(1) }), // prettier-ignore
    moons: toy.moons({ n: 200, noise: 0.1, key: random.key(2) }),
    circles: toy.circles({ n: 200, noise: 0.05, factor: 0.5, key: random.key(3) }),
  };
  const results = [];
  for (const [name, { x, y }] of Object.entries(sets)) {
    const options = { epochs: small ? 30 : 100, batchSize: 50, seed: 0 };
    const train = (network) =>
      network
        .compile({
          loss: "binaryCrossEntropy",
          optimizer: optimizers.adam(0.01),
          metrics: ["accuracy"],
        })
        .fit({ x, y: y.reshape([-1, 1]) }, options);
    const linear = await train(deepLinear);
    const bent = await train(deepRelu);
    const regression = await logisticRegression({ penalty: "none" }).fit(x, y, { onWarning() {} });

    const folded = fold(linear.params);
    const single = x.matmul(folded.kernel).add(folded.bias);
    const share = (right) => right.cast("f32").mean().item();
    const accuracy = (trained) =>
      share(trained.predict(x).flatten().greater(0).equal(y.greater(0)));
    results.push({
      name,
      folding: linear.predict(x).sub(single).abs().max().item(),
      straight: additive(linear),
      bent: additive(bent),
      linearAccuracy: accuracy(linear),
      regressionAccuracy: share(regression.decisionFunction(x).greater(0).equal(y.greater(0))),
      reluAccuracy: accuracy(bent),
    });
    for (const [kind, trained] of Object.entries({ linear, relu: bent }))
      if (name === "circles") {
        const predictProba = (points) => probabilities(trained, points);
        const description = `three layers, ${kind}, on ${name}`;
        const resolution = small ? 20 : 120;
        await plot(
          `${name}-${kind}`,
          decisionBoundary({ classes: [0, 1], predictProba }, x, y, { description, resolution }),
        );
      }
  }
  const numbers = (network) => network.summary().trainable;
  print(`\nThe three layers hold ${numbers(deepLinear)} numbers. Folded into one they are 3:`);
  print(
    table(
      ["data", "differs from one layer by", "bend, linear", "bend, ReLU"],
      results.map((r) => [r.name, r.folding, r.straight, r.bent]),
    ),
  );
  print("(bend: how far the middle of two outputs is from the output at the middle)");
  print("\nShare of rows on the right side:");
  print(
    table(
      ["data", "three linear layers", "logistic regression", "with ReLU between"],
      results.map((r) => [r.name, r.linearAccuracy, r.regressionAccuracy, r.reluAccuracy]),
    ),
  );
  return { results };
}

/** W V … and b V + c …: the layers as one. */
function fold(params) {
  const layers = Object.values(params).filter((layer) => layer.kernel !== undefined);
  return layers.reduce((one, { kernel, bias }) => ({
    kernel: one.kernel.matmul(kernel),
    bias: one.bias.matmul(kernel).add(bias),
  }));
}

/** For random pairs u, v: |(f(u) + f(v)) / 2 - f((u + v) / 2)| at most, which is 0 for straight lines. */
function additive(trained) {
  const [a, b] = random.split(random.key(9));
  const [u, v] = [a, b].map((key) => random.normal(key, [100, 2]).mul(2));
  const f = (x) => trained.predict(x);
  return f(u).add(f(v)).div(2).sub(f(u.add(v).div(2))).abs().max().item(); // prettier-ignore
}

function probabilities(trained, points) {
  const p = trained.predict(tensor(points.toArray())).sigmoid().toArray().flat();
  return tensor(p.map((yes) => [1 - yes, yes]), { dtype: "f64" }); // prettier-ignore
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
