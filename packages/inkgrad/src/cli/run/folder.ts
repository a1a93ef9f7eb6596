import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { FileError, FormatError } from "../../base/errors.js";
import { writeFileSafely } from "../../data/system-write.js";
import type { EpochFigures } from "../../nn/training/history.js";
import { UsageError } from "../errors.js";
import { type ModelName, modelNames } from "../names.js";
import type { Settings } from "./settings.js";
import { isThere } from "./there.js";

/** The folder of a run: its files and their names. */

export const files = {
  run: "run.json",
  model: "model.safetensors",
  checkpoint: "checkpoint.safetensors",
  history: "history.csv",
  report: "report.html",
  /** What `tune` was asked for. */
  search: "search.json",
} as const;

/** `run.json`. */
export interface RunRecord {
  readonly kind: "inkgrad run";
  readonly command: string;
  readonly started: string;
  readonly status: "running" | "interrupted" | "done";
  readonly settings: Settings;
  readonly threads: number;
  readonly versions: { readonly inkgrad: string; readonly node: string };
  readonly result?: Readonly<Record<string, unknown>>;
}

/** A folder that is not there yet, with a name that sorts by time: runs/digits-cnn-2026-11-21-171654. */
export async function newFolder(
  prefix: string,
  { within = "runs", now = new Date() } = {},
): Promise<string> {
  const text = now.toISOString();
  const time = `${text.slice(0, 10)}-${text.slice(11, 19).replaceAll(":", "")}`;
  const folder = join(within, `${prefix}-${time}`);
  for (let n = 1; ; n++) {
    const path = n === 1 ? folder : `${folder}-${n}`;
    if (!(await isThere(path))) return path;
  }
}

/** Results that took long to compute are not written over. */
export async function assertUnused(folder: string): Promise<void> {
  for (const name of [files.run, files.search, files.model])
    if (await isThere(join(folder, name)))
      throw new UsageError(
        `--out ${folder}: there are results in it already (${name}); choose another folder, remove ` +
          "this one, or go on with an unfinished run by --resume",
      );
}

export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (cause) {
    throw new FileError(
      `the folder ${folder} cannot be made (${(cause as Error).message}); choose another with --out`,
      { cause },
    );
  }
}

const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

export const writeText = (folder: string, name: string, text: string): Promise<void> =>
  writeFileSafely(join(folder, name), encode(text));

export const writeRecord = (folder: string, record: RunRecord): Promise<void> =>
  writeText(folder, files.run, `${JSON.stringify(record, null, 2)}\n`);

/** The record of a run that is there. */
export async function readRecord(folder: string): Promise<RunRecord> {
  const path = join(folder, files.run);
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (cause) {
    throw new FileError(`there is no run in ${folder}: ${files.run} cannot be read`, { cause });
  }
  try {
    const record = JSON.parse(text) as RunRecord;
    if (isRecord(record)) return record;
  } catch {
    // As below.
  }
  throw new FormatError(`${path} is not the record of a run; start anew without --resume`);
}

const isRecord = ({ kind, command, settings }: Partial<RunRecord>): boolean =>
  kind === "inkgrad run" &&
  typeof command === "string" &&
  modelNames.includes(settings?.model as ModelName) &&
  ["characters", "pictures"].includes(settings?.intake?.kind ?? "");

/** The run of this command that was begun last in `runs/` and has not ended. */
export async function lastUnfinished(command: string): Promise<string | undefined> {
  const names = await readdir("runs").catch(() => []);
  const found: { folder: string; time: number }[] = [];
  for (const name of names) {
    const folder = join("runs", name);
    const record = await readRecord(folder).catch(() => undefined);
    if (record === undefined || record.command !== command || record.status === "done") continue;
    if (await isThere(join(folder, files.checkpoint)))
      found.push({ folder, time: Date.parse(record.started) });
  }
  return found.sort((a, b) => b.time - a.time)[0]?.folder;
}

/** `history.csv`: a line an epoch. */
export function historyCsv(history: readonly EpochFigures[]): string {
  const columns = ["epoch", "loss", "accuracy", "held_out_loss", "held_out_accuracy"];
  const lines = history.map(({ epoch, train, validation, learningRate, seconds }) =>
    [
      epoch + 1,
      ...[train.loss, train.accuracy, validation?.loss ?? "", validation?.accuracy ?? ""],
      learningRate,
      seconds.toFixed(3),
    ].join(","),
  );
  return `${[[...columns, "learning_rate", "seconds"].join(","), ...lines].join("\n")}\n`;
}

/** What was needed to go on is needed no more. */
export async function removeCheckpoint(folder: string): Promise<void> {
  const names = await readdir(folder);
  for (const name of names)
    if (name.startsWith(files.checkpoint)) await rm(join(folder, name), { force: true });
}
