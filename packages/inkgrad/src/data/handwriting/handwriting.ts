import { ShapeError, ValueError } from "../../base/errors.js";
import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Dataset } from "../dataset.js";
import { pen, type PenOptions } from "./pen.js";
import { newCanvas, render } from "./render.js";
import { newWritten } from "./write.js";

export interface HandwritingOptions<N extends number = number> extends PenOptions {
  /** Which characters, each a class (default the digits): any of 0–9, A–Z, a–z. */
  readonly characters?: string;
  /** How many pictures of each class (default 1,000); or else `count`. */
  readonly perClass?: number;
  /** How many pictures in all; the classes take turns. */
  readonly count?: number;
  /** Pixels of a side (default 28, at least 8). */
  readonly size?: N;
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
  const pens = classes.map((character) => pen(character, options));
  const canvas = newCanvas(size);
  const written = newWritten();
  for (let i = 0; i < count; i++) {
    const c = i % classes.length;
    const softness = pens[c](i, written);
    render(written, softness, canvas, x, i * size * size);
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
  const given = count ?? perClass ?? 1000;
  if (!Number.isSafeInteger(given) || given < 1)
    throw new ShapeError(
      `handwriting: ${count === undefined ? "perClass" : "count"} must be a whole number of at ` +
        `least 1, got ${given}`,
    );
  return count ?? given * classes;
}
