import { join } from "node:path";
import { type Dataset, lengthOf } from "../../data/index.js";
import { setThreads } from "../../backend/registry.js";
import { UsageError } from "../errors.js";
import { count } from "../output/format.js";
import type { Output } from "../output/output.js";
import { loadDigits } from "../run/data.js";
import { judge } from "../run/judge.js";
import { type LoadedModel, loadModelFile } from "../run/model-file.js";
import { readFolder } from "../run/pictures-in.js";
import { sayJudgement } from "../run/report.js";
import { isFolder } from "../run/there.js";

export interface EvaluateOptions {
  readonly data?: string;
  readonly threads?: number;
}

/** `inkgrad evaluate MODEL`. */
export async function evaluate(
  name: string,
  { data, threads }: EvaluateOptions,
  output: Output,
): Promise<void> {
  if (threads !== undefined) setThreads(threads);
  const model = await loadModelFile(name);
  const { id, test } = await testData(model, data, output);
  output.say(`${model.path} on ${test.name}: ${count(lengthOf(test))} images\n`);
  const judgement = await judge(model.trained.predict(test.x), test, model.classes);
  sayJudgement(judgement, model.classes, output);
  const { accuracy, loss, examples, confusion, classes } = judgement;
  output.result({
    model: model.path,
    dataset: id,
    examples,
    testAccuracy: accuracy,
    testLoss: loss,
    classes,
    confusion,
  });
}

/** A folder of classes, if one was given; else digits, for a model that reads them. */
async function testData(
  model: LoadedModel,
  data: string | undefined,
  output: Output,
): Promise<{ readonly id: string; readonly test: Dataset }> {
  const { classes, intake } = model;
  if (data !== undefined && (await isFolder(join(data, classes[0])))) {
    const folder = await readFolder(data, intake);
    if (folder.classes.join("\n") !== classes.join("\n"))
      throw new UsageError(
        `the model knows the classes ${classes.join(", ")}, but ${data} has ${folder.classes.join(", ")}`,
      );
    return { id: data, test: folder.data };
  }
  if (intake.kind !== "characters" || classes.join("") !== "0123456789")
    throw new UsageError(
      `the model knows the classes ${classes.join(", ")}; give a folder with a folder of pictures for each by --data`,
    );
  const { id, test } = await loadDigits({ data, testOnly: true }, output);
  return { id, test };
}
