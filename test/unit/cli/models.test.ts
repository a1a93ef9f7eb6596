// The networks of the command: that each can be made, trained, varied and saved.
import { random, tensor } from "inkgrad";
import { handwriting } from "inkgrad/data";
import { loadModel } from "inkgrad/nn";
import { describe, expect, it } from "vitest";
import { recipes } from "@src/cli/models.js";
import { modelNames } from "@src/cli/names.js";
import { learnerOf, modelOf } from "@src/cli/run/learning.js";
import { settingsOf, type TrainOptions } from "@src/cli/run/settings.js";
import { inference } from "@src/nn/layer.js";

const task = { shape: [28, 28, 1], classes: 10 };
const settings = (options: TrainOptions) => settingsOf(options, { kind: "characters" }, 60_000);
const { x, y } = handwriting({ count: 16, seed: 1 });

describe.each(modelNames)("%s", (model) => {
  it("learns from bytes, and is saved as it is: the distortion stays behind", async () => {
    const own = settings({ model, epochs: 1, batch: 16 });
    const learner = learnerOf(modelOf(own, task).trained, own);
    const trained = await learner.fit({ x, y }, { epochs: 2, batchSize: 16 });
    expect(trained.stopped).toBeNull();
    expect(trained.history.column("loss").every(Number.isFinite)).toBe(true);
    const loaded = await loadModel(trained.toBytes());
    expect(loaded.predict(x).shape).toEqual([16, 10]);
    expect(loaded.predict(x).toArray()).toEqual(trained.predict(x).toArray());
  });

  it("distorts what it learns from if that is chosen, and nothing that it reads", () => {
    for (const augment of [true, false]) {
      const { model: plain, trained } = modelOf(settings({ model, augment }), task);
      const params = plain.init(random.key(0));
      const state = plain.initState();
      // The same key for what else is random; to be read with, it is there and not used.
      const read = { ...inference, state, key: random.key(2), keep: () => undefined };
      const learn = { ...read, training: true };
      const same = (how: typeof read): boolean =>
        plain
          .apply(params, x, how)
          .sub(trained.apply(params, x, how))
          .abs()
          .max()
          .item() === 0;
      expect([same(read), same(learn)]).toEqual([true, !augment]);
    }
  });

  it("averages its weights if its recipe says so, and takes the optimizer that is asked for", () => {
    const { optimizer } = learnerOf(
      modelOf(settings({ model }), task).model,
      settings({ model, optimizer: "nadam", lr: 0.25 }),
    ).learning;
    const averaged = recipes[model].averaging > 0;
    expect(optimizer.kind).toBe(averaged ? "averaged" : "nadam");
    const told = JSON.stringify(optimizer.options);
    expect(told).toContain("0.25");
    if (averaged) expect(told).toContain(`"kind":"nadam"`);
  });

  it("varies in width and dropout as a search asks for", () => {
    const parameters = (width: number): number =>
      recipes[model].build(task, { width }).summary().trainable;
    const rates = (dropout?: number): unknown[] =>
      JSON.stringify(recipes[model].build(task, dropout === undefined ? {} : { dropout }).options)
        .match(/"dropout","options":[\d.]+/g)
        ?.map((found) => Number(found.split(":")[1])) ?? [];
    if (model === "softmax") {
      // There is nothing to be wider: it stays what it is.
      expect([parameters(2), rates()]).toEqual([7850, []]);
      return;
    }
    expect(parameters(1)).toBe(recipes[model].build(task, {}).summary().trainable);
    expect(parameters(0.5)).toBeLessThan(parameters(1));
    expect(parameters(2)).toBeGreaterThan(parameters(1));
    expect(new Set(rates(0.45))).toEqual(new Set([0.45]));
    expect(new Set(rates())).toEqual(new Set([recipes[model].dropout]));
  });
});

it("small pictures of other sizes and colours are taken too", () => {
  for (const model of modelNames)
    for (const shape of [
      [8, 8, 1],
      [20, 21, 1],
      [24, 23, 1],
      [24, 24, 1],
      [32, 32, 3],
    ]) {
      const net = recipes[model].build({ shape, classes: 3 }, {});
      const zeros = tensor(new Uint8Array(shape.reduce((a, b) => a * b)), { shape: [1, ...shape] });
      expect(
        net.apply(net.init(random.key(0)), zeros, { ...inference, state: net.initState() }).shape,
      ).toEqual([1, 3]);
    }
});
