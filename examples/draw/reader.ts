import { tensor } from "inkgrad";
import { normalizeCharacter } from "inkgrad/data";
import { loadModel } from "inkgrad/nn";

/** The model, and reading a picture with it. */

export interface Reading {
  /** What the model sees: 28 × 28 greys, light on black. */
  readonly picture: ArrayLike<number>;
  /** How probable each digit is. */
  readonly probabilities: ArrayLike<number>;
  /** How long it took, from the picture that was drawn to the probabilities. */
  readonly milliseconds: number;
}

/** Reads a square picture of greys 0 … 255; null if there is no ink in it. */
export type Reader = (greys: Uint8Array) => Promise<Reading | null>;

/** Loads the model that ships with the library. */
export async function openReader(): Promise<Reader> {
  const url = new URL("../../packages/inkgrad/models/digits.safetensors", import.meta.url);
  const response = await fetch(url);
  if (!response.ok)
    throw new Error(`the model was not found at ${url.pathname} (${response.status})`);
  const model = await loadModel(await response.arrayBuffer());

  const read: Reader = async (greys) => {
    const start = performance.now();
    const side = Math.sqrt(greys.length);
    // The same as `inkgrad predict` does with picture files.
    const character = normalizeCharacter(tensor(greys, { shape: [side, side] }));
    const picture = await character.data();
    if (picture.every((grey) => grey === 0)) return null;
    const probabilities = await model
      .predictProbabilities(character.reshape([1, 28, 28, 1]))
      .data();
    return { picture, probabilities, milliseconds: performance.now() - start };
  };
  // The first time the network is compiled, which is better done before somebody draws.
  await read(Uint8Array.from({ length: 400 }, (_, i) => (i % 20 === 10 ? 0 : 255)));
  return read;
}
