import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { FileError, FormatError } from "../../base/errors.js";
import { loadModel, type Trained } from "../../nn/index.js";
import type { Json } from "../../nn/layer.js";
import { zeros } from "../../tensor/functions/create.js";
import { files } from "./folder.js";
import { namingFile } from "./naming-file.js";
import type { Intake } from "./pictures-in.js";
import { isFile, isFolder } from "./there.js";

/** The files of models, and what the command writes into them besides. */

/** Where a model comes from. */
export interface ModelOrigin {
  readonly model: string;
  readonly trainedOn: string;
  readonly epochs: number;
  readonly seed: number;
  readonly testAccuracy: number;
  readonly testLoss: number;
}

export interface LoadedModel {
  readonly path: string;
  readonly trained: Trained;
  readonly classes: readonly string[];
  readonly intake: Intake;
  /** Unknown for a model that was not trained by the command. */
  readonly origin: ModelOrigin | undefined;
}

export async function saveModelFile(
  path: string,
  trained: Trained,
  about: Pick<LoadedModel, "classes" | "intake"> & { readonly origin: ModelOrigin },
): Promise<void> {
  const { classes, intake, origin } = about;
  await trained.save(path, { classes, preprocessing: { intake, origin } as unknown as Json });
}

/**
 * The model of a file, of a run's folder, or the one that comes with inkgrad, which is called "digits".
 *
 * @throws FileError    if there is none
 * @throws FormatError  if it is damaged, or reads no pictures
 */
export async function loadModelFile(name: string): Promise<LoadedModel> {
  const path = await pathOf(name);
  const trained = await namingFile(
    path,
    loadModel(path, { loss: "sparseCategoricalCrossEntropy", metrics: ["accuracy"] }),
  );
  const { input } = trained;
  if (input.length !== 3)
    throw new FormatError(
      `${path} takes examples of shape [${input.join(", ")}]; the command uses models of pictures [h, w, c]`,
    );
  const about = (trained.preprocessing ?? {}) as unknown as Partial<LoadedModel>;
  const [height, width, channels] = input;
  const looksLikeDigits = height === 28 && width === 28 && channels === 1;
  const intake: Intake =
    about.intake ??
    (looksLikeDigits
      ? { kind: "characters" }
      : { kind: "pictures", size: [height, width], channels: channels === 1 ? "grey" : "rgb" });
  const classes = trained.classes ?? numbered(trained, input);
  return { path, trained, classes, intake, origin: about.origin };
}

const shipped = new URL("../../../models/digits.safetensors", import.meta.url);

/** The file that a model's name stands for. @throws FileError  if there is none */
export async function pathOf(name: string): Promise<string> {
  if (await isFile(name)) return name;
  if (await isFolder(name)) return modelIn(name);
  if (name !== "digits")
    throw new FileError(
      `there is no model ${name}; give a .safetensors file, the folder of a run, or "digits" for the ` +
        "one that comes with inkgrad",
    );
  return fileURLToPath(shipped);
}

async function modelIn(folder: string): Promise<string> {
  const path = join(folder, files.model);
  if (await isFile(path)) return path;
  const unfinished = await isFile(join(folder, files.checkpoint));
  throw new FileError(
    `there is no ${files.model} in ${folder}` +
      (unfinished ? ": its training has not ended; go on with it by train … --resume --out" : ""),
  );
}

/** Names for classes that have none. */
function numbered(trained: Trained, input: readonly number[]): string[] {
  const [, count] = trained.predict(zeros([1, ...input], { dtype: "u8" })).shape;
  return Array.from({ length: count }, (_, i) => String(i));
}
