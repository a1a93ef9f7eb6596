// A loss from logits, and the same loss from probabilities.
//
// A network gives a logit z, any number, and p = sigmoid(z) is the probability of "yes". If the answer
// is yes, the loss is -log p. Written like that it fails where the network is very wrong: sigmoid(-1000)
// is 0 in floating point, its logarithm is -∞, and the gradient is NaN. The usual repair is to hold p a
// little away from 0 and 1 ("clipping"). Then nothing explodes, but the loss stops at 16.1 and its
// gradient is 0 there: where the network is most wrong it learns nothing at all. The right repair is
// never to form p: -log sigmoid(z) = log(1 + e^-z), which softplus computes without overflow. So give
// losses the logits.
import { grad, sigmoid, tensor } from "inkgrad";
import { losses } from "inkgrad/nn";
import { curves } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const yes = tensor([1]);
const fromLogits = losses.binaryCrossEntropy();
const fromProbabilities = losses.binaryCrossEntropy({ fromLogits: false });

/** Three ways to write the same loss of one logit, [1], whose right answer is yes. */
const ways = {
  naive: (z) => sigmoid(z).log().neg().mean(),
  clipped: (z) => fromProbabilities(sigmoid(z), yes),
  "from logits": (z) => fromLogits(z, yes),
};

/** What is true, with JavaScript's numbers of 16 digits. */
const exactLoss = (z) => Math.max(-z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
const exactSlope = (z) => (z < 0 ? -1 / (1 + Math.exp(z)) : -Math.exp(-z) / (1 + Math.exp(-z)));

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("A loss from logits, and the same loss from probabilities that are clipped.");
  const logits = [-1000, -100, -20, -5, 0, 5, 20, 100, 1000];
  const rows = logits.map((z) => {
    const at = tensor([z]);
    const values = Object.values(ways).map((loss) => loss(at).item());
    const slopes = Object.values(ways).map((loss) => grad(loss)(at).toArray()[0]);
    return { z, exact: exactLoss(z), exactSlope: exactSlope(z), values, slopes };
  });
  const names = Object.keys(ways);
  print("\nThe loss of a logit z whose right answer is yes:");
  print(
    table(
      ["z", "exact", ...names],
      rows.map((r) => [r.z, r.exact, ...r.values]),
    ),
  );
  print("\nIts derivative, by which the network learns (it is p - 1):");
  print(
    table(
      ["z", "exact", ...names],
      rows.map((r) => [r.z, r.exactSlope, ...r.slopes.map(shown)]),
    ),
  );

  print("\nGradient descent on the logit itself from z = -100, at a learning rate of 10:");
  const steps = 20;
  const ends = Object.fromEntries(names.map((name) => [name, descend(ways[name], -100, steps)]));
  print(table(["loss", `z after ${steps} steps`], Object.entries(ends)));
  print("Clipped, it does not move. From logits, it is right after some ten steps.");

  // The same with several classes: the loss of a softmax that is sure, and wrong.
  const scores = tensor([[1000, 0, -1000]]);
  const answer = tensor([[0, 0, 1]]);
  const many = losses.categoricalCrossEntropy();
  const manySlope = grad((s) => many(s, answer))(scores).toArray()[0];
  print(`\nSoftmax of the logits 1000, 0, -1000, and the third is right: the loss from logits is`);
  print(`  ${many(scores, answer).item()}, and its gradient [${manySlope.join(", ")}]`);

  const width = small ? 1 : 0.25;
  const places = Array.from({ length: 80 / width + 1 }, (_, i) => 20 - i * width);
  const points = (name) => places.map((z) => ({ x: -z, y: ways[name](tensor([z])).item() }));
  const description = "clipped, the loss is flat beyond z = -16; from logits it goes on rising";
  const lines = { clipped: points("clipped"), "from logits": points("from logits") };
  await plot("losses", curves(lines, { description, x: "-z: how wrong it is", y: "loss" }));
  return { names, rows, ends, many: many(scores, answer).item(), manySlope };
}

const shown = (value) => (Number.isNaN(value) ? "not a number" : value);

function descend(loss, start, steps) {
  let z = tensor([start]);
  for (let step = 0; step < steps; step++) z = z.sub(grad(loss)(z).mul(10));
  return z.toArray()[0];
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
