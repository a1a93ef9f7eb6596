import { UsageError } from "../errors.js";
import { lastUnfinished, readRecord } from "./folder.js";
import { optimizerName } from "./learning.js";
import type { Intake } from "./pictures-in.js";
import type { Settings, TrainOptions } from "./settings.js";

/** The run to go on with: that in `--out`, or the last one that was ended early. */
export async function resumed(
  command: string,
  options: TrainOptions,
  intake?: Intake,
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
  const { optimizer } = options;
  const asked =
    optimizer === undefined ? options : { ...options, optimizer: optimizerName(optimizer) };
  for (const name of fixed) assertSame(folder, name, settings[name], asked[name]);
  if (intake !== undefined)
    assertSame(folder, "pictures", JSON.stringify(settings.intake), JSON.stringify(intake));
  return { folder, settings };
}

/** What a run is begun with stays as it is. */
const fixed = [
  ...(["model", "epochs", "batch", "lr", "optimizer", "augment", "seed"] as const),
  ...(["data", "limit", "heldOut"] as const),
];

type Setting = string | number | boolean | undefined;

/** @throws UsageError  if something else is asked for than what the run was begun with */
export function assertSame(folder: string, name: string, was: Setting, asked: Setting): void {
  if (asked === undefined || asked === was) return;
  throw new UsageError(
    `--resume: the run in ${folder} has ${name} ${was ?? "(not given)"}, not ${asked}; leave the ` +
      "option out to go on as it was begun",
  );
}
