import { availableParallelism } from "node:os";
import { basename, join, resolve } from "node:path";
import { setThreads } from "../../backend/registry.js";
import { ValueError } from "../../base/errors.js";
import { type Dataset, lengthOf } from "../../data/index.js";
import type { Model, Summary, Trained } from "../../nn/index.js";
import { Interrupted } from "../errors.js";
import { recipes, type Task } from "../models.js";
import { count, plural, short } from "../output/format.js";
import type { Output } from "../output/output.js";
import { commandLine, quoted } from "../output/shell.js";
import { progress } from "../progress.js";
import { holdOut, type TrainingData } from "./data.js";
import {
  files,
  historyCsv,
  makeFolder,
  removeCheckpoint,
  type RunRecord,
  writeRecord,
  writeText,
} from "./folder.js";
import { type Interrupt, onInterrupt } from "./interrupt.js";
import { type Judgement, judge } from "./judge.js";
import { learnerOf, modelOf } from "./learning.js";
import { saveModelFile } from "./model-file.js";
import { namingFile } from "./naming-file.js";
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
  /** Go on from the checkpoint in the folder? */
  readonly resume: boolean;
}

/** What a training came to; the report is made of it. */
export interface Outcome {
  readonly request: TrainRequest;
  readonly summary: Summary;
  readonly trained: Trained;
  readonly judgement: Judgement;
  readonly trainSeconds: number;
  readonly samplesPerSecond: number;
  readonly threads: number;
}

/** @throws Interrupted  after Ctrl-C, when all is in order to go on later */
export async function train(request: TrainRequest, output: Output): Promise<Outcome> {
  const { data, settings, folder } = request;
  const threads = request.threads ?? availableParallelism();
  setThreads(threads);
  const task: Task = { shape: data.train.x.shape.slice(1), classes: data.classes.length };
  const { model, trained: learned } = modelOf(settings, task);
  const summary = model.summary();
  const { train, heldOut } = holdOut(data.train, settings.heldOut, settings.seed);
  const examples = lengthOf(train);
  announce(request, { summary, examples, threads }, output);

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
  const { trained: fitted, interrupt } = await fit(learned, request, { train, heldOut }, output);
  await writeText(folder, files.history, historyCsv(fitted.history));
  if (fitted.stopped !== null) {
    await writeRecord(folder, { ...record, status: "interrupted" });
    if (interrupt.aborted) throw interrupted(request, interrupt.exitCode);
    throw new ValueError(`the training was ended: ${fitted.stopped}; a smaller --lr may help`);
  }
  // Pictures to be read are not distorted, and neither should be those that statistics are of.
  const began = performance.now();
  const trained = await fitted.withStatisticsOf(train);
  const afterwards = (performance.now() - began) / 1000;
  const trainSeconds = fitted.history.reduce((sum, { seconds }) => sum + seconds, afterwards);
  const samplesPerSecond = (examples * fitted.history.length) / trainSeconds;
  const judgement = await judge(trained.predict(data.test.x), data.test, data.classes);
  const outcome = { request, summary, trained, judgement, trainSeconds, samplesPerSecond, threads };
  await saveModelFile(join(folder, files.model), trained, {
    classes: data.classes,
    intake: settings.intake,
    origin: {
      model: settings.model,
      // A name, not a path: a model is given to others, whom the folders here do not concern.
      trainedOn: `${basename(data.id)}: ${count(examples)} images`,
      epochs: trained.history.length,
      seed: settings.seed,
      testAccuracy: judgement.accuracy,
      testLoss: judgement.loss,
    },
  });
  await writeRecord(folder, { ...record, status: "done", result: resultOf(outcome) });
  await removeCheckpoint(folder);
  return outcome;
}

/** Between checkpoints within an epoch. */
const checkpointSeconds = 20;

async function fit(
  model: Model,
  { settings, folder, resume }: TrainRequest,
  { train, heldOut }: { train: Dataset; heldOut: Dataset | undefined },
  output: Output,
): Promise<{ trained: Trained; interrupt: Interrupt }> {
  const interrupt = onInterrupt(output, "Ending after this step and writing a checkpoint");
  const path = join(folder, files.checkpoint);
  try {
    const work = learnerOf(model, settings).fit(train, {
      epochs: settings.epochs,
      batchSize: settings.batch,
      seed: settings.seed,
      validationData: heldOut,
      callbacks: [progress(output)],
      checkpoint: { path, everyEpochs: 1, everySeconds: checkpointSeconds },
      resume,
      signal: interrupt,
    });
    const trained = await (resume ? namingFile(path, work) : work);
    return { trained, interrupt };
  } finally {
    interrupt.release();
  }
}

/** For `--json` and `run.json`. */
export function resultOf(outcome: Outcome): Readonly<Record<string, unknown>> {
  const { request, summary, trained, judgement, trainSeconds, samplesPerSecond } = outcome;
  const { data, settings, folder } = request;
  return {
    dataset: data.id,
    model: settings.model,
    parameters: summary.trainable,
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
  { summary, examples, threads }: { summary: Summary; examples: number; threads: number },
  output: Output,
): void {
  const { bold, dim } = output.colours;
  const { model, epochs, batch, optimizer, lr, schedule, augment, heldOut, seed } = settings;
  const steps = Math.ceil(examples / batch) * epochs;
  const held =
    heldOut === 0 ? "" : `, ${count(heldOut)} of the training images held out for curves`;
  const rows: readonly (readonly [string, string])[] = [
    ["data", `${data.about}${held}`],
    [
      "model",
      `${model}: ${recipes[model].about}; ${count(summary.trainable)} parameters, ${short(summary.multiplyAdds)} multiply-adds an image`,
    ],
    [
      "training",
      `${plural(epochs, "epoch")} of ${plural(Math.ceil(examples / batch), "step")}, ${count(steps)} in all; batches of ${batch}; ` +
        `${optimizer}, learning rate ${lr} (${schedule})${augment ? "; distorted pictures" : ""}; seed ${seed}`,
    ],
    ["machine", plural(threads, "thread")],
    ["result", quoted(`${folder}/`)],
  ];
  output.say(bold(`inkgrad ${command}`));
  for (const [name, text] of rows) output.say(`${dim(name.padEnd(9))} ${text}`);
  output.say();
}

function interrupted({ folder, command }: TrainRequest, exitCode: number): Interrupted {
  const resume = commandLine(...command.split(" "), "--resume", "--out", folder);
  return new Interrupted(`Ended before it was done. To go on: ${resume}`, exitCode, {
    resume,
    folder: resolve(folder),
    checkpointPath: resolve(folder, files.checkpoint),
  });
}
