import { InternalError } from "../../base/errors.js";
import { sizeOf } from "../../base/shape.js";
import { threefry2x32 } from "../../base/threefry.js";
import { attrsOf, type Kernel, output } from "./kernel.js";

/** Their values are inputs of the program; they are never computed. */
export const constant: Kernel = (node) => {
  throw new InternalError(`${node.op} ${node.id} was not given a value`);
};
export const placeholder = constant;

export const full: Kernel = (node) => output(node).fill(attrsOf<{ value: number }>(node).value);

export const iota: Kernel = (node) => output(node).map((_, i) => i);

/** For each key the block function over the counters 0, 1, 2, …, two words each. */
export const randomBits: Kernel = (node, [keys]) => {
  const out = output(node);
  const count = sizeOf(attrsOf<{ shape: number[] }>(node).shape);
  const words = [0, 0];
  for (let stream = 0; stream * 2 < keys.length; stream++)
    for (let i = 0; i < count; i += 2) {
      const counter = i / 2;
      const high = Math.floor(counter / 2 ** 32);
      threefry2x32(keys[2 * stream] | 0, keys[2 * stream + 1] | 0, high, counter | 0, words);
      out[stream * count + i] = words[0]!;
      if (i + 1 < count) out[stream * count + i + 1] = words[1]!;
    }
  return out;
};
