// Why deep networks use ReLU: gradients that vanish on their way back.
//
// On its way back the gradient is multiplied, at every layer, by the derivative of the activation. The sigmoid's is
// σ(1 - σ), never more than 1/4, so that behind twenty layers at best a quarter to the twentieth, one
// part in 10¹², is left of it: the first layers stay as they were drawn, and pass on noise. ReLU's derivative is
// 1 wherever a unit is on. With weights drawn so that the size of the signal is kept (He's rule: variance
// 2 / fan-in, for half of the units are off), the gradient of the first layer is about as large as that of the
// last, at any depth.
import { grad, random } from "inkgrad";
import { toy } from "inkgrad/data";
import { curves } from "inkgrad/learn/plot";
import { dense, input, losses, optimizers, relu, sequential, sigmoid } from "inkgrad/nn";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const kinds = {
  sigmoid: { activation: sigmoid, kernelInitializer: "glorotUniform" },
  relu: { activation: relu, kernelInitializer: "heNormal" },
};

/** So many hidden layers between two numbers and one logit. */
function network(depth, width, { activation, kernelInitializer }) {
  const hidden = Array.from({ length: depth }, () => [
    dense(width, { kernelInitializer }),
    activation(),
  ]);
  return sequential(input(2), ...hidden.flat(), dense(1));
}

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Gradients of the layers of deep networks, with sigmoid and with ReLU.");
  const [depth, width] = small ? [8, 16] : [20, 32];
  const { x, y } = toy.moons({ n: 200, noise: 0.1, key: random.key(1) });
  const labels = y.reshape([-1, 1]).cast("f32");
  const norms = Object.entries(kinds).map(([name, kind]) => ({
    name,
    byLayer: gradientNorms(network(depth, width, kind), x, labels),
  }));
  print(
    `\nLength of the gradient of each layer's weights before training, ${depth} hidden layers:`,
  );
  const layers = norms[0].byLayer
    .map((_, layer) => layer)
    .filter((layer) => layer % (small ? 2 : 4) === 0);
  print(
    table(
      ["layer", ...norms.map(({ name }) => name)],
      layers.map((layer) => [layer + 1, ...norms.map(({ byLayer }) => byLayer[layer])]),
    ),
  );
  const [vanishing, kept] = norms.map(({ byLayer }) => {
    const hidden = byLayer.slice(1, -1);
    return (hidden[0] / hidden.at(-1)) ** (1 / (hidden.length - 1));
  });
  print(
    `From a layer to the one before it the sigmoid leaves ${vanishing.toFixed(3)} of it, ReLU ${kept.toFixed(3)}.`,
  );

  print("\nAccuracy on two moons in the last epoch of training (by chance 0.5):");
  const depths = small ? [10] : [1, 2, 4, 8, 16];
  const epochs = small ? 10 : 60;
  const trained = [];
  for (const depth of depths) {
    const accuracies = [];
    for (const kind of Object.values(kinds)) {
      const learner = network(depth, width, kind).compile({
        ...{ loss: "binaryCrossEntropy", optimizer: optimizers.adam(0.01), metrics: ["accuracy"] },
      });
      const fitted = await learner.fit({ x, y: labels }, { epochs, batchSize: 20, seed: 0 });
      accuracies.push(fitted.history.at(-1).train.accuracy);
    }
    trained.push({ depth, accuracies });
  }
  print(
    table(
      ["hidden layers", ...Object.keys(kinds)],
      trained.map(({ depth, accuracies }) => [depth, ...accuracies]),
    ),
  );
  await plot(
    "gradients",
    curves(Object.fromEntries(norms.map(({ name, byLayer }) => [name, byLayer])), {
      x: "layer, from the input",
      y: "length of the gradient",
      yScale: "log",
    }),
  );
  return { depth, norms, vanishing, kept, trained };
}

function gradientNorms(network, x, labels) {
  const loss = losses.binaryCrossEntropy();
  const params = network.init(random.key(0));
  const gradient = grad((params) => loss(network.apply(params, x), labels))(params);
  return Object.values(gradient)
    .filter((layer) => layer.kernel !== undefined)
    .map(({ kernel }) => kernel.square().sum().sqrt().item());
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
