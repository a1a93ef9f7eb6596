import { ShapeError, ValueError } from "../../base/errors.js";
import { tensor } from "../../tensor/functions/create.js";
import { key as keyOf, keyNode } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Dataset } from "../dataset.js";
import { formsOf } from "./forms.js";
import { newCanvas, render } from "./render.js";
import { stream } from "./stream.js";
import { type Style, standardStyle } from "./style.js";
import { newWritten, write } from "./write.js";

export interface HandwritingOptions<N extends number = number> {
  /** Which characters, each a class (default the digits): any of 0–9, A–Z, a–z. */
  readonly characters?: string;
  /** How many pictures of each class (default 1,000); or else `count`. */
  readonly perClass?: number;
  /** How many pictures in all; the classes take turns. */
  readonly count?: number;
  /** What the pictures follow from: the same key, the same pictures (default `random.key(seed)`). */
  readonly key?: Key;
  /** A number to make the key of (default 0). */
  readonly seed?: number;
  /** Pixels of a side (default 28, at least 8). */
  readonly size?: N;
  /** What of the standard style is to be otherwise. */
  readonly style?: Partial<Style>;
}

/**
 * Pictures of handwritten characters, drawn from the library's own stroke skeletons: no data is
 * needed. They are made as MNIST's were: ink light on dark, in a box of 20 × 20 pixels of 28 × 28,
 * centred by mass. The classes take turns: picture i is of character i mod the number of classes,
 * and depends on the key, the character and i alone, so that a longer set begins with a shorter one.
 *
 * @returns x u8 [n, size, size, 1], y u8 [n], the characters as classes
 * @throws ValueError  for a character there is no skeleton of, or one that comes twice
 * @throws ShapeError  unless the sizes are whole and large enough
 */
export function handwriting<N extends number = 28>(
  options: HandwritingOptions<N> = {},
): Dataset<Tensor<[number, N, N, 1], "u8">, Tensor<[number], "u8">> {
  const { characters = "0123456789", size = 28 as N } = options;
  const classes = Array.from(characters);
  checkCharacters(classes);
  const count = checkedCount(options, classes.length);
  if (!Number.isInteger(size) || size < 8)
    throw new ShapeError(`handwriting: size must be a whole number of at least 8, got ${size}`);
  const x = new Uint8Array(count * size * size);
  const y = new Uint8Array(count);
  const style = { ...standardStyle, ...options.style };
  const [key0, key1] = keyWords(options);
  const canvas = newCanvas(size);
  const written = newWritten();
  const forms = classes.map((character) => formsOf(character));
  const weights = forms.map((all) => all.map(({ weight }) => weight));
  for (let i = 0; i < count; i++) {
    const c = i % classes.length;
    const random = stream(key0, (key1 ^ classes[c].charCodeAt(0)) >>> 0, i);
    write(forms[c][random.choose(weights[c])], style, random, written);
    render(written, style, random, canvas, x, i * size * size);
    y[i] = c;
  }
  return {
    name: "handwriting",
    x: tensor(x, { shape: [count, size, size, 1] }),
    y: tensor(y),
    classes,
  };
}

function checkCharacters(classes: readonly string[]): void {
  if (classes.length === 0)
    throw new ValueError('handwriting: characters must name at least one, as "0123456789"');
  classes.forEach((character, i) => {
    if (classes.indexOf(character) !== i)
      throw new ValueError(
        `handwriting: each character is a class of its own, but "${character}" comes twice`,
      );
  });
}

function checkedCount({ count, perClass }: HandwritingOptions, classes: number): number {
  if (count !== undefined && perClass !== undefined)
    throw new ValueError("handwriting: give either count or perClass, got both");
  const n = count ?? (perClass ?? 1000) * classes;
  if (!Number.isSafeInteger(n) || n < 1)
    throw new ShapeError(
      `handwriting: ${count === undefined ? "perClass" : "count"} must be a whole number of at ` +
        `least 1, got ${count ?? perClass}`,
    );
  return n;
}

function keyWords({ key, seed = 0 }: HandwritingOptions): readonly number[] {
  const given = key ?? keyOf(seed);
  keyNode(given, "handwriting");
  return given.toArray();
}
