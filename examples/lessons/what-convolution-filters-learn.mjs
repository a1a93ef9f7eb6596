// What the filters of a convolutional network learn.
//
// The first layer of the network slides small windows of weights, its filters, over the picture, and each
// gives a map of where the picture looks like the window. Nobody says what to look for. They begin as noise, and
// after training they are strokes, edges and bends: weights side by side have become alike, and each filter answers
// to strokes of one direction more than to others. The layers behind it ask which strokes there are, and
// where: some digits excite a filter, others leave it cold.
import { conv2d as convolve, random, relu as positive, tensor } from "inkgrad";
import { handwriting } from "inkgrad/data";
import { conv2d, dense, flatten, input, maxPool2d, optimizers } from "inkgrad/nn";
import { relu, rescale, sequential } from "inkgrad/nn";
import { isMain, runLesson } from "./run-lesson.mjs";
import { filterPictures } from "./support/filter-pictures.mjs";
import { table } from "./support/table.mjs";

const [filters, size] = [8, 7];
const network = sequential(
  input(28, 28, 1),
  rescale(),
  conv2d(filters, size, { padding: "same", name: "first" }),
  relu(),
  maxPool2d(4),
  flatten(),
  dense(10),
);

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print(
    "Filters of a network that reads handwritten digits: what they look for, and in which digits.",
  );
  const train = handwriting({ count: small ? 2000 : 10_000, seed: 0 });
  const test = handwriting({ count: small ? 300 : 2000, seed: 1 });
  const trained = await network
    .compile({
      loss: "sparseCategoricalCrossEntropy",
      optimizer: optimizers.adamW(0.01, { weightDecay: 0.5 }),
      metrics: ["accuracy"],
    })
    .fit(train, { epochs: small ? 4 : 10, batchSize: 50, seed: 0 });
  const { accuracy } = await trained.evaluate(test);
  print(`\nIt reads ${(100 * accuracy).toFixed(1)} % of ${test.y.shape[0]} new digits.`);

  const { kernel, bias } = trained.params.first;
  const before = network.init(random.key(1)).first.kernel;
  const maps = (x, k = kernel) => positive(convolve(x, k, { padding: "same" }).add(bias));
  const excitement = byDigit(maps(test.x.cast("f32").div(255)).mean([1, 2]), test.y);
  const angles = [0, 22.5, 45, 67.5, 90, 112.5, 135, 157.5];
  const strokes = tensor(angles.map(stroke)).reshape([angles.length, 28, 28, 1]);
  const answers = maps(strokes).max([1, 2]).toArray(); // [angles, filters]
  const rows = Array.from({ length: filters }, (_, f) => {
    const byAngle = answers.map((line) => line[f]);
    const order = ranked(excitement.map((line) => line[f]));
    return {
      filter: f + 1,
      alikeBefore: neighbours(before, f),
      alike: neighbours(kernel, f),
      angle: angles[byAngle.indexOf(Math.max(...byAngle))],
      selectivity: Math.max(...byAngle) / (byAngle.reduce((sum, a) => sum + a, 0) / angles.length),
      most: order.slice(0, 2),
      least: order.slice(-2).reverse(),
    };
  });
  print(
    "(alike: correlation of weights side by side; angle: of the stroke that excites it most, 0 lies",
  );
  print("flat, 90 stands; × mean: by how much more)");
  print(
    table(
      ["filter", "alike before", "after", "angle", "× mean", "most", "least"],
      rows.map((r) => [
        ...[r.filter, +r.alikeBefore.toFixed(2), +r.alike.toFixed(2), r.angle],
        ...[+r.selectivity.toFixed(2), r.most.join(" "), r.least.join(" ")],
      ]),
    ),
  );
  const pictures = rows.map(({ filter, most }, f) => ({
    title: `${filter}: ${most.join(", ")}`,
    weights: pixelsOf(kernel, f),
  }));
  await plot(
    "filters",
    filterPictures(pictures, "the filters after training, and the digits that excite them"),
  );
  const untrained = rows.map(({ filter }, f) => ({
    title: String(filter),
    weights: pixelsOf(before, f),
  }));
  await plot("filters-before", filterPictures(untrained, "filters as they were drawn: noise"));
  return { accuracy, rows };
}

/** Means of each filter's answers for each digit, [10][filters], as a multiple of its mean over digits. */
function byDigit(answers, y) {
  const [lines, digits] = [answers.toArray(), y.toArray()];
  const means = Array.from({ length: 10 }, (_, digit) => {
    const own = lines.filter((_, i) => digits[i] === digit);
    return lines[0].map((_, f) => own.reduce((sum, line) => sum + line[f], 0) / own.length);
  });
  return means.map((line) =>
    line.map((mean, f) => mean / means.reduce((s, m) => s + m[f] / 10, 0)),
  );
}

/** A soft stroke through the middle of a picture, at an angle in degrees. */
function stroke(degrees) {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const distance = (row, column) => (column - 13.5) * s + (row - 13.5) * c;
  return Array.from({ length: 784 }, (_, i) =>
    Math.exp(-(distance(Math.floor(i / 28), i % 28) ** 2) / 2),
  );
}

const pixelsOf = (kernel, f) => kernel.toArray().map((row) => row.map(([weights]) => weights[f]));
const ranked = (list) => list.map((_, i) => i).sort((a, b) => list[b] - list[a]);

/** The correlation of weights that lie side by side: 0 for noise, near 1 for what is smooth. */
function neighbours(kernel, f) {
  const w = pixelsOf(kernel, f);
  const mean = w.flat().reduce((sum, v) => sum + v / w.length ** 2, 0);
  const pairs = w.flatMap((row, i) =>
    row.flatMap((v, j) => [[v, row[j + 1]], [v, w[i + 1]?.[j]]]).filter(([, b]) => b !== undefined),
  ); // prettier-ignore
  const covariance = pairs.reduce((sum, [a, b]) => sum + (a - mean) * (b - mean), 0) / pairs.length;
  return covariance / (w.flat().reduce((sum, v) => sum + (v - mean) ** 2, 0) / w.length ** 2);
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
