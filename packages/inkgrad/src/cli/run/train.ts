import { join, resolve } from "node:path";
import { availableParallelism } from "node:os";
import { setThreads } from "../../backend/registry.js";
import { lengthOf } from "../../data/dataset.js";
import type { Trained } from "../../nn/training/trained.js";
import { key } from "../../tensor/random/key.js";
import { Interrupted } from "../errors.js";
import { recipes, type Task } from "../models.js";
import { count } from "../output/format.js";
import type { Output } from "../output/output.js";
import { progress } from "../progress.js";
import { holdOut, type TrainingData } from "./data.js";
import { files, historyCsv, makeFolder, type RunRecord, writeRecord, writeText } from "./folder.js";
import { onInterrupt } from "./interrupt.js";
import { type Judgement, judge } from "./judge.js";
import { countOf, learnerOf, modelOf, summaryOf } from "./learning.js";
import { saveModelFile } from "./model-file.js";
import type { Settings } from "./settings.js";
import { versions } from "./versions.js";

/** A training from data to a report, as `train digits` and `train images` do it. */

export interface TrainRequest {
  /** "train digits". */
  readonly command: string;
  readonly data: TrainingData;
  readonly settings: Settings;
  readonly threads: number | undefined;
  readonly folder: string;
  readonly characters: boolean;
}

/** What a training came to; the report is made of it. */
export interface Outcome {
  readonly request: TrainRequest;
  readonly task: Task;
  readonly parameters: number;
  /** Layers, shapes and sizes, as a text. */
  readonly summary: string;
  readonly trained: Trained;
  readonly judgement: Judgement;
  readonly trainSeconds: number;
  readonly samplesPerSecond: number;
  readonly threads: number;
}

export async function train(request: TrainRequest, output: Output): Promise<Outcome> {
  const { data, settings, folder } = request;
  const threads = request.threads ?? availableParallelism();
  setThreads(threads);
  const task: Task = { shape: data.train.x.shape.slice(1), classes: data.classes.length };
  const { model, trained: learned } = modelOf(settings, task);
  const { train, heldOut } = holdOut(data.train, settings.heldOut, settings.seed);
  const parameters = countOf(model.init(key(0), [...task.shape]));
  announce(request, { parameters, learned: lengthOf(train), threads }, output);

  await makeFolder(folder);
  const record: RunRecord = {
    kind: "inkgrad run",
    command: request.command,
    started: new Date().toISOString(),
    status: "running",
    settings,
    threads,
    versions: versions(),
  };
  await writeRecord(folder, record);

  const shown = progress(output);
  const interrupt = onInterrupt(output, "Ending after this step and writing a checkpoint");
  const trained = await learnerOf(learned, settings)
    .fit(train, {
      epochs: settings.epochs,
      batchSize: settings.batch,
      seed: settings.seed,
      validationData: heldOut,
      callbacks: [shown],
      signal: interrupt,
    })
    .finally(() => interrupt.release());
  await writeText(folder, files.history, historyCsv(trained.history));
  if (interrupt.aborted) {
    await writeRecord(folder, { ...record, status: "interrupted" });
    throw interrupted(request, interrupt.exitCode);
  }
  const { seconds, examples } = shown.speed();
  const judgement = await judge(trained.predict(data.test.x), data.test, data.classes);
  const outcome: Outcome = {
    request,
    task,
    parameters,
    summary: summaryOf(model),
    trained,
    judgement,
    trainSeconds: seconds,
    samplesPerSecond: examples / seconds,
    threads,
  };
  await saveModelFile(join(folder, files.model), {
    params: trained.params,
    state: trained.state,
    info: {
      model: settings.model,
      variation: settings.variation,
      task,
      classes: data.classes,
      characters: request.characters,
      trainedOn: data.about,
      epochs: trained.history.length,
      seed: settings.seed,
      testAccuracy: judgement.accuracy,
      testLoss: judgement.loss,
    },
  });
  await writeRecord(folder, { ...record, status: "done", result: resultOf(outcome) });
  return outcome;
}

/** For `--json` and `run.json`. */
export function resultOf(outcome: Outcome): Readonly<Record<string, unknown>> {
  const { request, parameters, trained, judgement, trainSeconds, samplesPerSecond } = outcome;
  const { data, settings, folder } = request;
  return {
    dataset: data.id,
    model: settings.model,
    parameters,
    epochs: trained.history.length,
    trainSeconds,
    samplesPerSecond,
    testAccuracy: judgement.accuracy,
    testLoss: judgement.loss,
    seed: settings.seed,
    threads: outcome.threads,
    modelPath: resolve(folder, files.model),
    reportPath: resolve(folder, files.report),
  };
}

function announce(
  { data, settings, folder, command }: TrainRequest,
  { parameters, learned, threads }: { parameters: number; learned: number; threads: number },
  output: Output,
): void {
  const { bold, dim } = output.colours;
  const { model, epochs, batch, optimizer, lr, schedule, augment, heldOut, seed } = settings;
  const steps = Math.ceil(learned / batch) * epochs;
  const held =
    heldOut === 0 ? "" : `, ${count(heldOut)} of the training images held out for curves`;
  const rows: readonly (readonly [string, string])[] = [
    ["data", `${data.about}${held}`],
    ["model", `${model}: ${recipes[model].about}; ${count(parameters)} parameters`],
    [
      "training",
      `${epochs} epochs of ${count(Math.ceil(learned / batch))} steps, ${count(steps)} in all; batches of ${batch}; ` +
        `${optimizer}, learning rate ${lr} (${schedule})${augment ? "; distorted pictures" : ""}; seed ${seed}`,
    ],
    ["machine", `${threads} ${threads === 1 ? "thread" : "threads"}`],
    ["result", `${folder}/`],
  ];
  output.say(bold(`inkgrad ${command}`));
  for (const [name, text] of rows) output.say(`${dim(name.padEnd(9))} ${text}`);
  output.say();
}

function interrupted({ folder, command }: TrainRequest, exitCode: number): Interrupted {
  const resume = `inkgrad ${command} --resume --out ${folder}`;
  return new Interrupted(`Ended before it was done. To go on: ${resume}`, exitCode, {
    resume,
    folder: resolve(folder),
    checkpointPath: resolve(folder, files.checkpoint),
  });
}
