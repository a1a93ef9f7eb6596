import type { Output } from "../output/output.js";
import { loadDigits } from "../run/data.js";
import { newFolder } from "../run/folder.js";
import { settingsOf, type TrainOptions } from "../run/settings.js";
import { lengthOf } from "../../data/dataset.js";
import { train } from "../run/train.js";
import { report } from "../run/report.js";

/** `inkgrad train digits`. */
export async function trainDigits(options: TrainOptions, output: Output): Promise<void> {
  const data = await loadDigits(options, output);
  const settings = settingsOf(options, lengthOf(data.train));
  const folder = options.out ?? newFolder(`digits-${settings.model}`);
  const { threads } = options;
  const request = { command: "train digits", data, settings, threads, folder, characters: true };
  await report(await train(request, output), output);
}
