import { resolve } from "node:path";
import { lengthOf, trainTestSplit } from "../../data/index.js";
import { foldIn, key } from "../../tensor/random/key.js";
import { UsageError } from "../errors.js";
import { count } from "../output/format.js";
import type { Output } from "../output/output.js";
import type { TrainingData } from "../run/data.js";
import { assertUnused, newFolder } from "../run/folder.js";
import { type Intake, type PictureFolder, readFolder } from "../run/pictures-in.js";
import { report } from "../run/report.js";
import { resumed } from "../run/resume.js";
import { settingsOf, type TrainOptions } from "../run/settings.js";
import { isFolder } from "../run/there.js";
import { train } from "../run/train.js";

export interface ImagesOptions extends TrainOptions {
  readonly size?: number;
  readonly grey?: boolean;
  readonly characters?: boolean;
}

const command = "train images";

/** `inkgrad train images DIR`. */
export async function trainImages(
  folder: string | undefined,
  options: ImagesOptions,
  output: Output,
): Promise<void> {
  const { threads, resume = false, seed = 0 } = options;
  const asked = { ...options, data: folder === undefined ? undefined : resolve(folder) };
  const given = options.size ?? options.grey ?? options.characters;
  const before = resume
    ? await resumed(command, asked, given === undefined ? undefined : intakeOf(options))
    : undefined;
  if (before === undefined && options.out !== undefined) await assertUnused(options.out);
  const source = before?.settings.data ?? asked.data;
  if (source === undefined)
    throw new UsageError("train images: name the folder with a folder of pictures for each class");
  const intake = before?.settings.intake ?? intakeOf(options);
  const data = await load(source, intake, before?.settings.seed ?? seed, output);
  const settings = before?.settings ?? settingsOf(asked, intake, lengthOf(data.train));
  const out = before?.folder ?? options.out ?? (await newFolder(`images-${settings.model}`));
  const request = { command, data, settings, threads, folder: out, resume };
  await report(await train(request, output), output);
}

function intakeOf({ characters = false, size = 32, grey = false }: ImagesOptions): Intake {
  if (characters) return { kind: "characters" };
  if (size < 8) throw new UsageError(`--size must be at least 8, got ${size}`);
  return { kind: "pictures", size: [size, size], channels: grey ? "grey" : "rgb" };
}

/** The folders `train` and `test` in it, or else a fifth of each class kept for testing. */
async function load(
  folder: string,
  intake: Intake,
  seed: number,
  output: Output,
): Promise<TrainingData> {
  const [train, test] = [resolve(folder, "train"), resolve(folder, "test")];
  const divided = (await isFolder(train)) && (await isFolder(test));
  const whole = await readFolder(divided ? train : folder, intake);
  const other = divided ? await readFolder(test, intake) : undefined;
  if (other !== undefined && other.classes.join("\n") !== whole.classes.join("\n"))
    throw new UsageError(
      `the classes of ${train} (${whole.classes.join(", ")}) and of ${test} ` +
        `(${other.classes.join(", ")}) differ; give both a folder for each class`,
    );
  if (whole.classes.length < 2)
    throw new UsageError(
      `${folder}: there is one class only, "${whole.classes[0]}"; there must be a folder for each of ` +
        "two classes or more",
    );
  await assertEnough(whole, divided ? 1 : 2);
  const parts =
    other === undefined
      ? trainTestSplit(whole.data, { stratified: true, key: foldIn(key(seed), 11) })
      : { train: whole.data, test: other.data };
  for (const reason of [...whole.leftOut, ...(other?.leftOut ?? [])])
    output.warn(`left out: ${reason}`);
  const [n, m] = [lengthOf(parts.train), lengthOf(parts.test)];
  const how = divided ? "" : " (a fifth, kept aside)";
  return {
    id: folder,
    about: `${folder}: ${whole.classes.length} classes, ${count(n)} training images, ${count(m)} test images${how}`,
    ...parts,
    classes: whole.classes,
  };
}

/** Each class has to be learned, and to be tested. */
async function assertEnough({ data, classes }: PictureFolder, least: number): Promise<void> {
  const counts = classes.map(() => 0);
  for (const label of (await data.y.data()) as unknown as Int32Array) counts[label]++;
  const few = classes.filter((_, c) => counts[c] < least);
  if (few.length > 0)
    throw new UsageError(
      `${data.name}: each class needs ${least === 1 ? "a picture" : "two pictures or more, one of them to test with"}; ` +
        `there are too few of ${few.join(", ")}`,
    );
}
