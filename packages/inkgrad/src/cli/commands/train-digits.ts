import { resolve } from "node:path";
import { lengthOf } from "../../data/index.js";
import type { Output } from "../output/output.js";
import { loadDigits } from "../run/data.js";
import { assertUnused, newFolder } from "../run/folder.js";
import { report } from "../run/report.js";
import { resumed } from "../run/resume.js";
import { settingsOf, type TrainOptions } from "../run/settings.js";
import { train } from "../run/train.js";

const command = "train digits";
const intake = { kind: "characters" } as const;

/** `inkgrad train digits`. */
export async function trainDigits(options: TrainOptions, output: Output): Promise<void> {
  const { threads, resume = false } = options;
  const before = resume ? await resumed(command, placed(options)) : undefined;
  if (before === undefined && options.out !== undefined) await assertUnused(options.out);
  const data = await loadDigits(before?.settings ?? options, output);
  const settings = before?.settings ?? settingsOf(placed(options), intake, lengthOf(data.train));
  const folder = before?.folder ?? options.out ?? (await newFolder(`digits-${settings.model}`));
  const request = { command, data, settings, threads, folder, resume };
  await report(await train(request, output), output);
}

/** A folder of data is found again from wherever the run is gone on with. */
const placed = (options: TrainOptions): TrainOptions =>
  options.data === undefined || options.data === "generated"
    ? options
    : { ...options, data: resolve(options.data) };
