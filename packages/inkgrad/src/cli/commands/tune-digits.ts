import { join, resolve } from "node:path";
import { readFile } from "node:fs/promises";
import { setThreads } from "../../backend/registry.js";
import { FileError } from "../../base/errors.js";
import { lengthOf } from "../../data/index.js";
import { Interrupted, UsageError } from "../errors.js";
import { type ModelName, modelNames } from "../names.js";
import { count, percent, plural } from "../output/format.js";
import type { Output } from "../output/output.js";
import { commandLine } from "../output/shell.js";
import { progress } from "../progress.js";
import { holdOut, loadDigits } from "../run/data.js";
import {
  assertUnused,
  files,
  historyCsv,
  makeFolder,
  newFolder,
  removeCheckpoint,
  writeText,
} from "../run/folder.js";
import { type Interrupt, onInterrupt } from "../run/interrupt.js";
import { learnerOf, modelOf } from "../run/learning.js";
import { assertSame } from "../run/resume.js";
import { rankedTable, tuneHtml } from "../tune/report.js";
import {
  better,
  choiceOf,
  type Examples,
  rungsOf,
  settingsOfTrial,
  type Trial,
} from "../tune/trial.js";

export interface TuneOptions {
  readonly model?: ModelName;
  readonly trials?: number;
  readonly minutes?: number;
  readonly seed?: number;
  readonly threads?: number;
  readonly data?: string;
  readonly limit?: number;
  readonly heldOut?: number;
  readonly out?: string;
  readonly resume?: boolean;
}

/** What is asked for; written to the folder, so that the search can be gone on with. */
type Search = Required<Pick<TuneOptions, "trials" | "seed" | "heldOut">> & {
  readonly model: ModelName;
  readonly data?: string;
  readonly limit?: number;
};

/**
 * `inkgrad tune digits`: random search with successive halving, on a held-out part of the training
 * images. The test images are not looked at.
 *
 * @source Jamieson & Talwalkar, AISTATS 2016 (successive halving); Bergstra & Bengio, JMLR 13 (2012)
 */
export async function tuneDigits(options: TuneOptions, output: Output): Promise<void> {
  const { minutes, threads, resume = false } = options;
  if (threads !== undefined) setThreads(threads);
  if (resume && options.out === undefined)
    throw new UsageError("--resume: name the folder of the search with --out");
  if (!resume && options.out !== undefined) await assertUnused(options.out);
  const folder = options.out ?? (await newFolder("tune-digits"));
  const search = resume ? await searchBefore(folder, options) : asked(options);
  const data = await loadDigits(search, output);
  const size = Math.min(search.heldOut, Math.floor(lengthOf(data.train) / 4));
  const { train, heldOut } = holdOut(data.train, size, search.seed);
  await makeFolder(folder);
  await writeText(folder, files.search, `${JSON.stringify(search, null, 2)}\n`);
  const rungs = rungsOf(search.trials, search.model);
  output.say(
    `${data.about}; ${count(size)} of the training images held out to judge by\n` +
      `${search.model}, ${plural(search.trials, "trial")}: ` +
      rungs
        .map(({ trials, epochs }) => `${trials} for ${plural(epochs, "epoch")}`)
        .join(", then ") +
      `${minutes === undefined ? "" : `; no trial is begun after ${minutes} minutes`}\n${folder}/\n`,
  );
  const deadline = performance.now() + (minutes ?? Infinity) * 60_000;
  const interrupt = onInterrupt(output, "Ending after this step");
  const examples = { train, heldOut: heldOut! };
  const done = new Map<number, Trial>();
  try {
    let numbers = Array.from({ length: search.trials }, (_, i) => i);
    for (const { epochs, trials } of rungs) {
      const results: Trial[] = [];
      for (const number of numbers.slice(0, trials)) {
        if (performance.now() > deadline && done.size > 0) break;
        const trial = await tryOut(number, epochs, { folder, search, examples, interrupt }, output);
        if (trial === undefined) throw stopped(folder, interrupt.exitCode);
        results.push(trial);
        done.set(number, trial);
      }
      numbers = results.sort(better).map(({ number }) => number);
    }
  } finally {
    interrupt.release();
  }
  await conclude([...done.values()].sort(better), data.about, folder, output);
}

const asked = (options: TuneOptions): Search => ({
  model: options.model ?? "cnn",
  trials: options.trials ?? 12,
  seed: options.seed ?? 0,
  heldOut: options.heldOut ?? 5000,
  data: placed(options.data),
  limit: options.limit,
});

/** The search to go on with. */
async function searchBefore(folder: string, options: TuneOptions): Promise<Search> {
  const search = await readJson<Search>(folder, files.search);
  if (search === undefined || !modelNames.includes(search.model))
    throw new FileError(
      `--resume: there is no search in ${folder}: ${files.search} cannot be read`,
    );
  for (const name of ["model", "trials", "seed", "heldOut", "limit"] as const)
    assertSame(folder, name, search[name], options[name]);
  assertSame(folder, "data", search.data, placed(options.data));
  return search;
}

/** A folder of data is found again from wherever the search is gone on with. */
const placed = (data: string | undefined): string | undefined =>
  data === undefined || data === "generated" ? data : resolve(data);

interface Setting {
  readonly folder: string;
  readonly search: Search;
  readonly examples: Examples;
  readonly interrupt: Interrupt;
}

/** Trains one trial for so many epochs; undefined if it was interrupted. What is done is not done again. */
async function tryOut(
  number: number,
  epochs: number,
  { folder, search, examples, interrupt }: Setting,
  output: Output,
): Promise<Trial | undefined> {
  const own = join(folder, `trial-${String(number + 1).padStart(2, "0")}-epochs-${epochs}`);
  const before = await readJson<Trial>(own, "trial.json");
  if (before !== undefined) return before;
  await makeFolder(own);
  const choice = choiceOf(search.seed, number);
  const { heldOut, train } = examples;
  const sizes = { epochs, seed: search.seed, heldOut: lengthOf(heldOut) };
  const settings = settingsOfTrial(search.model, choice, sizes);
  const task = { shape: train.x.shape.slice(1), classes: 10 };
  output.say(output.colours.bold(`trial ${number + 1}`) + `  ${JSON.stringify(choice)}`);
  const started = performance.now();
  const learner = learnerOf(modelOf(settings, task).trained, settings);
  const trained = await learner.fit(train, {
    ...{ epochs, batchSize: choice.batch, seed: search.seed, validationData: heldOut },
    callbacks: [progress(output)],
    checkpoint: { path: join(own, files.checkpoint), everyEpochs: 1, everySeconds: 20 },
    resume: true,
    signal: interrupt,
  });
  if (interrupt.aborted) return undefined;
  // A loss that is no number ends a trial: it has lost.
  const last = trained.stopped === null ? trained.history.at(-1)?.validation : undefined;
  const trial: Trial = {
    ...{ number, choice, epochs, folder: own },
    accuracy: last?.accuracy ?? 0,
    loss: last?.loss ?? Number.MAX_VALUE,
    seconds: (performance.now() - started) / 1000,
  };
  await writeText(own, files.history, historyCsv(trained.history));
  await removeCheckpoint(own);
  await writeText(own, "trial.json", `${JSON.stringify({ ...trial, settings }, null, 2)}\n`);
  return trial;
}

const stopped = (folder: string, exitCode: number): Interrupted => {
  const resume = commandLine("tune", "digits", "--resume", "--out", folder);
  return new Interrupted(`Ended before it was done. To go on: ${resume}`, exitCode, {
    resume,
    folder,
  });
};

async function conclude(
  ranked: readonly Trial[],
  about: string,
  folder: string,
  output: Output,
): Promise<void> {
  const [best] = ranked;
  await writeText(folder, files.report, tuneHtml(ranked, `${about}.`));
  output.say(`\n${rankedTable(ranked)}\n`);
  const { lr, batch, optimizer, width, dropout } = best.choice;
  output.say(
    `The best, trial ${best.number + 1}, reads ${percent(best.accuracy)} of the held-out images: ` +
      `--lr ${lr} --batch ${batch} --optimizer ${optimizer}, width ${width}, dropout ${dropout}`,
  );
  output.say(`report  ${join(folder, files.report)}`);
  output.result({ folder, reportPath: join(folder, files.report), best, trials: ranked });
}

const readJson = async <T>(folder: string, name: string): Promise<T | undefined> =>
  readFile(join(folder, name), "utf8").then(
    (text) => JSON.parse(text) as T,
    () => undefined,
  );
