// How a model's predictions are judged.
import { tensor } from "inkgrad";
import { dataset } from "inkgrad/data";
import { losses } from "inkgrad/nn";
import { expect, it } from "vitest";
import { judge, probabilitiesOf } from "@src/cli/run/judge.js";

const logits = tensor([
  [3, 0, 0],
  [0, 2, 0],
  [2, 0, 0],
  [0, 0, 900],
  [0, 4, 0],
  [0, 0, 1],
]);
const truths = [0, 1, 1, 0, 2, 2];
const data = dataset({ x: tensor(truths), y: Int32Array.from(truths) });

it("counts, and gives every class its precision, recall and F1", async () => {
  const judged = await judge(logits, data, ["a", "b", "c"]);
  expect(judged.confusion).toEqual([
    [1, 0, 1],
    [1, 1, 0],
    [0, 1, 1],
  ]);
  expect([judged.examples, judged.accuracy]).toEqual([6, 0.5]);
  expect(judged.classes).toEqual(
    ["a", "b", "c"].map((name) => ({ name, count: 2, precision: 0.5, recall: 0.5, f1: 0.5 })),
  );
});

it("has the loss of the logits, finite where the truth has no probability left", async () => {
  const { loss } = await judge(logits, data, ["a", "b", "c"]);
  const direct = losses.sparseCategoricalCrossEntropy()(logits, data.y).item() as number;
  expect(loss / direct).toBeCloseTo(1, 6);
});

it("says shares as they are: 7245 of 10,000 right are 0.7245", async () => {
  const n = 10_000;
  const x = tensor(
    new Float32Array(2 * n).map((_, i) => 1 - (i % 2)),
    { shape: [n, 2] },
  );
  const y = Int32Array.from({ length: n }, (_, i) => (i < 7245 ? 0 : 1));
  expect((await judge(x, dataset({ x, y }), ["a", "b"])).accuracy).toBe(0.7245);
});

it("lists the mistakes, that with the least probability for the truth first", async () => {
  const { mistakes } = await judge(logits, data, ["a", "b", "c"]);
  expect(mistakes.map(({ row, truth, said }) => [row, truth, said])).toEqual([
    [3, 0, 2],
    [4, 2, 1],
    [2, 1, 0],
  ]);
  expect([mistakes[0].confidence, mistakes[0].truthProbability]).toEqual([1, 0]);
  const e = Math.exp(4);
  expect(mistakes[1].confidence).toBeCloseTo(e / (e + 2), 6);
  expect(mistakes[1].truthProbability).toBeCloseTo(1 / (e + 2), 6);
});

it("takes probabilities of each row by itself", () => {
  const found = probabilitiesOf([0, 0, 1000, 1000, -1000, 0], 2);
  expect(Array.from(found)).toEqual([0.5, 0.5, 0.5, 0.5, 0, 1]);
});
