import { random, type Tensor } from "inkgrad";
import {
  dense,
  input,
  lambda,
  loadModel,
  losses,
  metrics,
  relu,
  sequential,
  sigmoid,
  softmax,
} from "inkgrad/nn";
import { expect, test } from "vitest";

/** Models that end with softmax or sigmoid, as Keras's examples do, and their losses and figures. */

const x = random.normal(random.key(3), [64, 3]);
const yes = x.sum(1, { keepDims: true }).greater(0).cast("f32") as Tensor;
const classes = x.argmax(-1).cast("i32") as Tensor;
const fit = { epochs: 4, batchSize: 16 };

test("by their names losses take what the model gives: with softmax at its end it learns the same", async () => {
  const train = (last: "softmax" | "linear") =>
    sequential(input(3), dense(8, { activation: "relu" }), dense(3, { activation: last }))
      .compile({
        loss: "sparse_categorical_crossentropy",
        metrics: ["sparse_categorical_accuracy"],
      })
      .fit({ x, y: classes }, fit);
  const [a, b] = [await train("softmax"), await train("linear")];
  expect(a.history[3].train.loss).toBeCloseTo(b.history[3].train.loss, 5);
  expect(a.history[3].train.accuracy).toBe(b.history[3].train.accuracy);
  const difference = a.predictProbabilities(x).sub(b.predictProbabilities(x)).abs().max();
  expect(difference.item()).toBeLessThan(1e-5);
});

test("figures of yes and no have the threshold ½ where the model ends with sigmoid", async () => {
  const named = ["accuracy", "binaryAccuracy", "precision", "recall", "f1", "auc"] as const;
  const own = { ...metrics.recall(), name: "mine" };
  const all = [...named, own, metrics.confusionMatrix({ classes: 2 })];
  const train = (...ends: [] | [ReturnType<typeof sigmoid>]) =>
    sequential(input(3), dense(1), ...(ends as []))
      .compile({ loss: "binary_crossentropy", metrics: all })
      .fit({ x, y: yes }, fit);
  const [a, b] = [await train(sigmoid()), await train()];
  const [of, wanted] = [await a.evaluate({ x, y: yes }), await b.evaluate({ x, y: yes })];
  expect(Object.keys(of)).toEqual(Object.keys(wanted));
  for (const [name, figure] of Object.entries(wanted)) expect(of[name]).toBeCloseTo(figure, 5);
  expect(of.mine).toBe(of.recall);
  expect(of.accuracy).toBeLessThan(1);
  expect(await a.tables({ x, y: yes })).toEqual(await b.tables({ x, y: yes }));
});

test("auc of several classes looks at probabilities as such", async () => {
  const of = async (last: "softmax" | "linear") =>
    (
      await sequential(input(3), dense(3, { activation: last }))
        .compile({ loss: "sparse_categorical_crossentropy", metrics: ["auc"] })
        .evaluate({ x, y: classes })
    ).auc;
  expect(await of("softmax")).toBeCloseTo(await of("linear"), 9);
});

test("a threshold that was given stays", async () => {
  const learner = sequential(input(3), dense(1), sigmoid()).compile({
    loss: "bce",
    metrics: [metrics.accuracy({ threshold: -1 })],
  });
  const share = yes.mean().item();
  expect((await learner.evaluate({ x, y: yes })).accuracy).toBeCloseTo(share, 9);
});

test("a loss made for logits is refused after softmax, one for probabilities without", () => {
  const ending = sequential(input(3), dense(3), softmax());
  expect(() =>
    ending.compile({ loss: losses.categoricalCrossEntropy() }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: compile: the model ends with softmax, and categoricalCrossEntropy takes logits, so that it would be taken twice; leave softmax out (better), or give the loss { fromLogits: false }]`,
  );
  const plain = sequential(input(3), dense(8), relu(), dense(1));
  expect(() =>
    plain.compile({ loss: losses.binaryCrossEntropy({ fromLogits: false }) }),
  ).toThrowErrorMatchingInlineSnapshot(
    `[ValueError: compile: binaryCrossEntropy with fromLogits: false takes probabilities, and the model ends with plain numbers; leave fromLogits out (better), or end the model with softmax or sigmoid]`,
  );
});

test("probabilities stay what they are, whoever makes them, and labels are told one by one", async () => {
  const own = sequential(
    input(3),
    dense(3),
    lambda("own", (h) => h.softmax()),
  );
  const loss = losses.sparseCategoricalCrossEntropy({ fromLogits: false });
  const trained = await own.compile({ loss }).fit({ x, y: classes }, fit);
  expect(trained.predictProbabilities(x).equal(trained.predict(x)).all().item()).toBe(true);

  const labels = x.greater(0).cast("f32") as Tensor;
  const each = await sequential(input(3), dense(3, { activation: "sigmoid" }))
    .compile({ loss: "binary_crossentropy" })
    .fit({ x, y: labels }, fit);
  const told = each.predict(x).greater(0.5).cast("i32");
  expect(each.predictClasses(x).toArray()).toEqual(told.toArray());
  const loaded = await loadModel(each.toBytes());
  expect(loaded.predictClasses(x).toArray()).toEqual(told.toArray());
});
