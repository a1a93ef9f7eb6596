import type { Dataset } from "../../data/dataset.js";
import { digits } from "../../data/digits/digits.js";
import type { DownloadProgress } from "../../data/digits/download.js";
import { handwriting } from "../../data/handwriting/handwriting.js";
import { lengthOf, subset } from "../../data/dataset.js";
import { trainTestSplit } from "../../data/split.js";
import { foldIn, key } from "../../tensor/random/key.js";
import { count } from "../output/format.js";
import type { Output } from "../output/output.js";
import { UsageError } from "../errors.js";

/** The data of a training. */
export interface TrainingData {
  /** For `--json`: "mnist". */
  readonly id: string;
  /** What it is and where it comes from, as a sentence without its full stop. */
  readonly about: string;
  readonly train: Dataset;
  readonly test: Dataset;
  readonly classes: readonly string[];
}

export interface DigitsRequest {
  /** A folder; "generated"; or nothing: wherever `digits()` finds them. */
  readonly data?: string;
  /** Take no more than so many training images. */
  readonly limit?: number;
  /** Only the test images are looked at: then no others are generated, which takes a while. */
  readonly testOnly?: boolean;
}

/** Handwritten digits: MNIST, or those of the generator. */
export async function loadDigits(
  { data, limit, testOnly = false }: DigitsRequest,
  output: Output,
): Promise<TrainingData> {
  const drawn = { train: testOnly ? 1 : (limit ?? 60_000), test: testOf(limit) };
  const found =
    data === "generated"
      ? generated(drawn)
      : await digits({
          data,
          announce: (message) => output.warn(message),
          onProgress: downloadShown(output),
          generated: drawn,
        });
  output.redraw("");
  const { train, test, source } = found;
  const kept = limit === undefined || limit >= lengthOf(train) ? train : first(train, limit);
  const what = source.kind === "mnist" ? "MNIST" : "digits of the built-in handwriting generator";
  const where = source.kind === "mnist" ? ` from ${source.where}` : "";
  return {
    id: source.kind === "mnist" ? "mnist" : "generated",
    about: `${what}${where}: ${count(lengthOf(kept))} training images, ${count(lengthOf(test))} test images`,
    train: kept,
    test,
    classes: Array.from("0123456789"),
  };
}

const testOf = (limit = Infinity): number => Math.min(limit, 10_000);

/** As `digits` draws them: from keys of their own, so that no test digit is a training digit. */
function generated({ train, test }: { train: number; test: number }): {
  train: Dataset;
  test: Dataset;
  source: { kind: string; where: string };
} {
  const draw = (part: number, count: number): Dataset =>
    handwriting({ count, key: foldIn(key(0), part) });
  return {
    train: draw(0, train),
    test: draw(1, test),
    source: { kind: "handwriting", where: "asked for" },
  };
}

const first = (data: Dataset, n: number): Dataset =>
  subset(
    data,
    Array.from({ length: n }, (_, i) => i),
  );

const downloadShown =
  (output: Output) =>
  ({ file, receivedBytes, totalBytes }: DownloadProgress): void => {
    const share = totalBytes === undefined ? "" : ` of ${(totalBytes / 1e6).toFixed(1)}`;
    output.redraw(`downloading ${file}: ${(receivedBytes / 1e6).toFixed(1)}${share} MB`);
  };

/** A part of the training images on which nothing is learned: for curves and for choices. */
export function holdOut(
  train: Dataset,
  size: number,
  seed: number,
): { readonly train: Dataset; readonly heldOut: Dataset | undefined } {
  const n = lengthOf(train);
  if (size === 0) return { train, heldOut: undefined };
  if (size >= n)
    throw new UsageError(
      `--held-out ${size} leaves nothing to learn from: there are ${count(n)} training images`,
    );
  const split = trainTestSplit(train, { size, stratified: true, key: foldIn(key(seed), 7) });
  return { train: split.train, heldOut: split.test };
}
