// The model that comes along, on MNIST's test images as they are and drawn again.
import { fileURLToPath } from "node:url";
import { stack, tensor } from "inkgrad";
import { digits, normalizeCharacter } from "inkgrad/data";
import { loadModel } from "inkgrad/nn";
import { describe, expect, it } from "vitest";
import { randomDrawing, randomFrom, redraw } from "../../bench/redraw.mjs";
import { sharedData, whyWithout } from "../support/shared-data.js";

const path = new URL("../../packages/inkgrad/models/digits.safetensors", import.meta.url);

describe.skipIf(sharedData === undefined)(`on real digits (else: ${whyWithout})`, () => {
  it("reads 99.3 % of the test images", async () => {
    const model = await loadModel(fileURLToPath(path), {
      loss: "sparseCategoricalCrossEntropy",
      metrics: ["accuracy"],
    });
    const { test } = await digits({ data: `${sharedData}mnist` });
    const { accuracy } = await model.evaluate({ x: test.x, y: test.y.cast("i32") });
    expect(accuracy).toBeGreaterThanOrEqual(0.993);
  }, 120_000);

  it("loses at most 0.3 points when they are drawn again, of any size, polarity, place and grey", async () => {
    const model = await loadModel(fileURLToPath(path));
    const { test } = await digits({ data: `${sharedData}mnist` });
    // Not all 10,000, which bench/characters.mjs takes: every fifth.
    const rows = Array.from({ length: 2000 }, (_, i) => 5 * i);
    const [pixels, labels] = [await test.x.data(), await test.y.data()];
    const random = randomFrom(1);
    const originals = rows.map((row) => pixels.slice(784 * row, 784 * (row + 1)));
    const again = originals.map((digit) => {
      const drawing = randomDrawing(random);
      const { size } = drawing;
      return normalizeCharacter(tensor(redraw(digit, drawing, random), { shape: [size, size] }));
    });
    const plain = originals.map((digit) => tensor(digit, { shape: [28, 28, 1] }));
    const accuracy = (pictures: typeof again): number => {
      const found = model.predictClasses(stack(pictures as never)).toArray() as number[];
      return found.filter((digit, i) => digit === labels[rows[i]]).length / rows.length;
    };
    expect(accuracy(plain as never) - accuracy(again)).toBeLessThanOrEqual(0.003);
  }, 120_000);
});
