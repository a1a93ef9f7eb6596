import { InkgradError } from "../../base/errors.js";
import type { Tensor } from "../../tensor/tensor.js";
import { UsageError } from "../errors.js";
import { percent } from "../output/format.js";
import type { Output } from "../output/output.js";
import { pictureLines } from "../output/pictures.js";
import { textTable } from "../output/table.js";
import { loadModelFile, pathOf } from "../run/model-file.js";
import { batchOf, readPicture } from "../run/pictures-in.js";

export interface PredictOptions {
  readonly show?: boolean;
  readonly top?: number;
  /** Of a table: the file that predictions go to. */
  readonly out?: string;
}

interface Read {
  readonly file: string;
  readonly picture?: Tensor;
  readonly error?: string;
}

/**
 * `inkgrad predict [MODEL] FILE…`: without a model, the one that comes along. A file that cannot be
 * read does not keep the others from being read.
 */
export async function predict(
  names: readonly string[],
  { show = false, top = 3, out }: PredictOptions,
  output: Output,
): Promise<void> {
  if (names.some(isTable)) return table(names, out, output);
  const [name, paths] = isPicture(names[0]) ? ["digits", names] : [names[0], names.slice(1)];
  if (paths.length === 0)
    throw new UsageError(`predict: no pictures are given; put them after the model ${name}`);
  const { path, trained, classes, intake } = await loadModelFile(name);
  const read: Read[] = [];
  for (const file of paths)
    try {
      read.push({ file, picture: await readPicture(file, intake) });
    } catch (error) {
      if (!(error instanceof InkgradError)) throw error;
      read.push({ file, error: error.message });
    }
  const pictures = read.flatMap(({ picture }) => (picture === undefined ? [] : [picture]));
  const probabilities =
    pictures.length === 0
      ? []
      : ((await trained
          .predictProbabilities(await batchOf(pictures))
          .data()) as unknown as Float32Array);
  let row = 0;
  const lines: string[][] = [];
  const results: Record<string, unknown>[] = [];
  for (const { file, picture, error } of read) {
    if (picture === undefined) {
      output.warn(`inkgrad: ${error}`);
      results.push({ file, error });
      continue;
    }
    const own = Array.from(probabilities.slice(row * classes.length, ++row * classes.length));
    const order = own.map((p, c) => ({ name: classes[c], p })).sort((a, b) => b.p - a.p);
    if (order[0].p < 0.5)
      output.warn(
        `${file}: it is not sure; is there one of ${listed(classes)} in it, and nothing else?`,
      );
    lines.push([
      file,
      order[0].name,
      ...order.slice(0, top).map(({ name, p }) => `${name}: ${percent(p, 1)}`),
    ]);
    results.push({
      file,
      class: order[0].name,
      probability: order[0].p,
      probabilities: Object.fromEntries(own.map((p, c) => [classes[c], p])),
    });
    if (show) await drawn(file, picture, output);
  }
  if (lines.length > 0) output.say(textTable(lines, { gap: 3 }));
  output.result({ model: path, predictions: results });
  const failed = read.length - pictures.length;
  if (failed > 0) throw new InkgradError(`${failed} of ${read.length} files could not be read`);
}

/** `predict MODEL FILE.csv`. */
async function table(
  names: readonly string[],
  out: string | undefined,
  output: Output,
): Promise<void> {
  const [model, file, ...more] = names;
  if (file === undefined || more.length > 0 || isTable(model))
    throw new UsageError(
      "predict: of tables, give a model of inkgrad fit and one file: MODEL FILE.csv",
    );
  const { predictTable } = await import("./predict-table.js");
  await predictTable(await pathOf(model), file, { out }, output);
}

const isTable = (name: string): boolean => /\.(csv|tsv|data|txt)$/i.test(name);

const listed = (classes: readonly string[]): string =>
  classes.length > 12 ? `the ${classes.length} classes` : classes.join(", ");

/** By its name: a mistake in a picture's name is to be told of the picture. */
const isPicture = (name: string): boolean => /\.(png|jpe?g)$/i.test(name);

/** The picture as the model sees it. */
async function drawn(file: string, picture: Tensor, output: Output): Promise<void> {
  const [height, width, channels] = picture.shape;
  const values = (await picture.data()) as unknown as Uint8Array;
  const pixels = values.filter((_, i) => i % channels === 0);
  output.say(`${file}, as the model sees it:`);
  output.say(pictureLines({ pixels, height, width }, output.colours).join("\n"));
}
