import { threefry2x32 } from "../../base/threefry.js";
import { key as keyOf, keyNode } from "../../tensor/random/key.js";
import type { Key } from "../../tensor/random/types.js";
import { formsOf } from "./forms.js";
import { stream } from "./stream.js";
import { type Style, standardStyle } from "./style.js";
import { type Written, write } from "./write.js";

export interface PenOptions {
  /** What the writing follows from: the same key, the same writing (default `random.key(seed)`). */
  readonly key?: Key;
  /** A number to make the key of (default 0). */
  readonly seed?: number;
  /** What of the standard style is to be otherwise. */
  readonly style?: Partial<Style>;
}

/**
 * What writes a character again and again: the i-th time always alike, into `out`. It returns how
 * many pixels the edges of the strokes fade over.
 */
export function pen(
  character: string,
  options: PenOptions,
): (index: number, out: Written) => number {
  const forms = formsOf(character);
  const weights = forms.map(({ weight }) => weight);
  const style = { ...standardStyle, ...options.style };
  const [key0, key1] = keyWords(options);
  // A key for each character, so that what is written of one says nothing about another.
  const [own0, own1] = ownKey(key0, key1, character.charCodeAt(0));
  return (index, out) => {
    const random = stream(own0, own1, index);
    write(forms[random.choose(weights)], style, random, out);
    return random.between(style.softness[0], style.softness[1]);
  };
}

function keyWords({ key, seed = 0 }: PenOptions): readonly number[] {
  const given = key ?? keyOf(seed);
  keyNode(given, "handwriting");
  return given.toArray();
}

/** Keeps these keys apart from those of `split` and `foldIn`. */
const penTag = 0x70656e73;

function ownKey(key0: number, key1: number, character: number): Uint32Array {
  const own = new Uint32Array(2);
  threefry2x32(key0, key1, penTag, character, own);
  return own;
}
