import { tensor } from "../../tensor/functions/create.js";
import { foldIn, key } from "../../tensor/random/key.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Dataset } from "../dataset.js";
import { handwriting } from "../handwriting/handwriting.js";
import { cacheFolder, environment, folderStore, hasFiles } from "../system-cache.js";
import { download, type DownloadProgress, Unreachable } from "./download.js";
import { type MnistFile, mnistFiles, mnistMirrors } from "./files.js";
import { readFolder } from "./folder.js";
import { memoryStore, type Store } from "./store.js";
import { canVerify, unpack } from "./unpack.js";

export interface DigitsOptions {
  /** The folder of MNIST's IDX files, packed or plain, or its parent. */
  readonly data?: string;
  /** Where downloads are kept (default: `inkgrad/mnist` in the user's cache). */
  readonly cache?: string;
  /** False asks no mirror: what is not here is then generated (default true). */
  readonly download?: boolean;
  /** Addresses to download from, each ending in a slash (default: two public ones). */
  readonly mirrors?: readonly string[];
  /** How long a mirror may take to answer, or to send the next piece (default 4,000 ms). */
  readonly timeoutMs?: number;
  /** Is told what a person should know: that MNIST is downloaded, that digits are generated. */
  readonly announce?: (message: string) => void;
  readonly onProgress?: (progress: DownloadProgress) => void;
  /** How many digits are generated if MNIST cannot be had (default 60,000 and 10,000, seed 0). */
  readonly generated?: { readonly train?: number; readonly test?: number; readonly seed?: number };
}

export type Digits = Dataset<Tensor<[number, 28, 28, 1], "u8">, Tensor<[number], "u8">>;

export interface DigitsResult {
  readonly train: Digits;
  readonly test: Digits;
  /** Real digits, and the folder or "memory"; or generated ones, and why. */
  readonly source: { readonly kind: "mnist" | "handwriting"; readonly where: string };
}

/**
 * Handwritten digits to train on and to test with, x u8 [n, 28, 28, 1] and y u8 [n]: MNIST from
 * `options.data`, or from `$INKGRAD_DATA`, or from the user's cache, or downloaded into it. Where it
 * cannot be had, digits that the handwriting generator draws, which is announced. Every file is
 * checked by its SHA-256.
 *
 * @throws FileError    if a folder that was asked for lacks files, or cannot be read
 * @throws FormatError  if a file is damaged or another one; it is never used
 */
export async function digits(options: DigitsOptions = {}): Promise<DigitsResult> {
  const variable = "$INKGRAD_DATA";
  const named = environment("INKGRAD_DATA");
  const folder = options.data ?? named;
  if (folder !== undefined) {
    const asked = options.data === undefined ? variable : "the option data";
    const { elements, where } = await readFolder(folder, asked);
    return mnist(elements, where);
  }
  const announce = options.announce ?? ((message: string) => console.warn(message));
  const store = await openStore(options, announce);
  try {
    return mnist(await fromStore(store, options, announce), store.where);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return generated(error.message, options, announce);
  }
}

/** The cache; or memory, where nothing can be kept. */
async function openStore(
  options: DigitsOptions,
  announce: (message: string) => void,
): Promise<Store> {
  if (!hasFiles()) return memoryStore();
  const folder = options.cache ?? (await cacheFolder("mnist"));
  try {
    return await folderStore(folder, { write: options.download !== false });
  } catch (cause) {
    announce(`MNIST cannot be kept in ${folder}: ${(cause as Error).message}`);
    return memoryStore();
  }
}

async function fromStore(
  store: Store,
  options: DigitsOptions,
  announce: (message: string) => void,
): Promise<Uint8Array[]> {
  const { mirrors = mnistMirrors, timeoutMs = 4000, onProgress } = options;
  if (!canVerify()) throw new Unreachable("a page needs HTTPS to check what it downloads");
  const elements: Uint8Array[] = [];
  let announced = false;
  for (const file of mnistFiles) {
    const kept = await readKept(store, file);
    if (kept === undefined && options.download === false)
      throw new Unreachable(`it is not in ${store.where}, and downloading is turned off`);
    if (kept === undefined && !announced) {
      announce(`Downloading MNIST (11 MB) to ${store.where}`);
      announced = true;
    }
    elements.push(kept ?? (await download(file, store, { mirrors, timeoutMs, onProgress })));
  }
  return elements;
}

async function readKept(store: Store, file: MnistFile): Promise<Uint8Array | undefined> {
  for (const name of [`${file.name}.gz`, file.name]) {
    const bytes = await store.read(name);
    if (bytes !== undefined)
      return unpack(file, bytes, store.path(name), "delete it, and it will be downloaded again");
  }
  return undefined;
}

function mnist(elements: readonly Uint8Array[], where: string): DigitsResult {
  const part = (name: string, images: Uint8Array, labels: Uint8Array): Digits => ({
    name,
    x: tensor(images, { shape: [labels.length, 28, 28, 1] }),
    y: tensor(labels),
    classes: Array.from("0123456789"),
  });
  const [trainX, trainY, testX, testY] = elements;
  return {
    train: part("MNIST", trainX, trainY),
    test: part("MNIST's test set", testX, testY),
    source: { kind: "mnist", where },
  };
}

function generated(
  reason: string,
  { generated: { train = 60_000, test = 10_000, seed = 0 } = {} }: DigitsOptions,
  announce: (message: string) => void,
): DigitsResult {
  announce(
    `MNIST cannot be had (${reason}). The digits are drawn by the built-in handwriting generator ` +
      "instead: results say little about MNIST. Give the folder of its files by the option data or " +
      "$INKGRAD_DATA to use them.",
  );
  // Keys of their own, so that no test digit is a training digit.
  const draw = (part: number, count: number) =>
    handwriting({ count, key: foldIn(key(seed), part) });
  return {
    train: draw(0, train),
    test: draw(1, test),
    source: { kind: "handwriting", where: reason },
  };
}
