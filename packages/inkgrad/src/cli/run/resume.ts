import { UsageError } from "../errors.js";
import { lastUnfinished, readRecord } from "./folder.js";
import type { Settings, TrainOptions } from "./settings.js";

/** The run to go on with: that in `--out`, or the last one that was ended early. */
export async function resumed(
  command: string,
  options: TrainOptions,
): Promise<{ readonly folder: string; readonly settings: Settings }> {
  const folder = options.out ?? (await lastUnfinished(command));
  if (folder === undefined)
    throw new UsageError(
      `--resume: there is no run of "${command}" in runs/ that was ended early; name it with --out`,
    );
  const record = await readRecord(folder);
  if (record.command !== command)
    throw new UsageError(`--resume: ${folder} is a run of "${record.command}", not "${command}"`);
  if (record.status === "done")
    throw new UsageError(
      `--resume: the run in ${folder} is done; leave out --resume to train anew`,
    );
  const { settings } = record;
  for (const name of ["model", "epochs", "batch", "lr", "optimizer", "augment", "seed"] as const)
    if (options[name] !== undefined && options[name] !== settings[name])
      throw new UsageError(
        `--resume: the run in ${folder} has ${name} ${settings[name]}, not ${options[name]}; leave the ` +
          "option out to go on as it was begun",
      );
  return { folder, settings };
}
