// A training of the command, from data in memory to a model on disk.
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import type { Tensor } from "inkgrad";
import { handwriting } from "inkgrad/data";
import { loadModel, type Trained } from "inkgrad/nn";
import { createOutput } from "@src/cli/output/output.js";
import { settingsOf } from "@src/cli/run/settings.js";
import { train } from "@src/cli/run/train.js";
import { temporaryFolder } from "../../support/temporary-folder.js";

const folder = join(temporaryFolder(), "run");
const digits = handwriting({ count: 256, seed: 1 });

const statistics = (trained: Trained): number[] => {
  const layers = Object.values(trained.state) as unknown as readonly { [name: string]: Tensor }[];
  return layers.flatMap(({ mean, variance }) =>
    [mean, variance].flatMap((of) => of.toArray() as unknown as number[]),
  );
};

describe("train", () => {
  it("leaves a model whose statistics are those of the pictures as they are, not distorted", async () => {
    const settings = settingsOf(
      { model: "best", epochs: 1, heldOut: 0 },
      { kind: "characters" },
      digits.x.shape[0],
    );
    const { trained, trainSeconds, samplesPerSecond } = await train(
      {
        command: "train digits",
        data: {
          ...{ id: "generated", about: "generated", train: digits, test: digits },
          classes: Array.from("0123456789"),
        },
        ...{ settings, threads: 1, folder, resume: false },
      },
      createOutput(
        { json: true },
        { stdout: new PassThrough(), stderr: new PassThrough(), env: {} },
      ),
    );
    expect(trainSeconds * samplesPerSecond).toBeCloseTo(256, 6);
    const saved = await loadModel(join(folder, "model.safetensors"));
    const again = statistics(await saved.withStatisticsOf(digits));
    expect(again).toHaveLength(2 * (24 + 32 + 64 + 64 + 96 + 128));
    expect(statistics(saved)).toEqual(again);
    expect(statistics(trained)).toEqual(again);
  });
});
