import { random } from "inkgrad";
import { dense, input, relu, sequential } from "inkgrad/nn";
import { expect, test } from "vitest";

const x = random.uniform(random.key(0), [200, 2], { min: -1, max: 1 });
/** Is the point within a circle? */
const y = x.square().sum(1).less(0.5).cast("i32");
const learner = sequential(input(2), dense(32), relu(), dense(2)).compile({
  loss: "sparseCategoricalCrossEntropy",
  metrics: ["accuracy"],
});

test("fit learns what no straight line separates, and tells of each epoch", async () => {
  const trained = await learner.fit({ x, y }, { epochs: 100, batchSize: 20 });
  expect(trained.history).toHaveLength(100);
  const { loss, accuracy } = await trained.evaluate({ x, y });
  expect(accuracy).toBeGreaterThan(0.93);
  expect(loss).toBeLessThan(trained.history[0].train.loss / 2);
  const classes = trained.predict(x).argmax(-1);
  expect(classes.equal(y).cast("f32").mean().item()).toBeCloseTo(accuracy, 6);
});

test("the same seed gives the same parameters, another one others", async () => {
  const fit = async (seed: number): Promise<string> =>
    JSON.stringify((await learner.fit({ x, y }, { seed, batchSize: 50 })).params);
  expect(await fit(1)).toBe(await fit(1));
  expect(await fit(1)).not.toBe(await fit(2));
});
