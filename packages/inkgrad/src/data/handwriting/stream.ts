import { threefry2x32 } from "../../base/threefry.js";

/**
 * A stream of random numbers out of one key, for code that draws a changing number of them. Only
 * sums, products and square roots stand between the words and the numbers, which IEEE 754 fixes to
 * the last bit: every engine gives the same.
 */
export interface Stream {
  /** Uniform on [0, 1), a multiple of 2⁻³². */
  uniform(): number;
  /** Uniform on [min, max). */
  between(min: number, max: number): number;
  /** About normal, mean 0 and variance 1: a sum of four uniforms, so never beyond ±3.47. */
  normal(): number;
  /** An index, with chances in proportion to the weights. */
  choose(weights: readonly number[]): number;
}

/** What the sum of four 16-bit words has as mean and standard deviation. */
const mean = 2 * 65535;
const deviation = Math.sqrt((65536 * 65536 - 1) / 3);

/** The stream number `index` of a key of two words. */
export function stream(key0: number, key1: number, index: number): Stream {
  const words = new Uint32Array(2);
  let block = 0;
  let left = 0;

  const word = (): number => {
    if (left === 0) {
      threefry2x32(key0, key1, index, block++, words);
      left = 2;
    }
    return words[2 - left--];
  };
  const uniform = () => word() * 2 ** -32;

  return {
    uniform,
    between: (min, max) => min + (max - min) * uniform(),
    normal() {
      const a = word();
      const b = word();
      const sum = (a >>> 16) + (a & 0xffff) + (b >>> 16) + (b & 0xffff);
      return (sum - mean) / deviation;
    },
    choose(weights) {
      let total = 0;
      for (const weight of weights) total += weight;
      let rest = total * uniform();
      for (let i = 0; i < weights.length; i++) {
        rest -= weights[i];
        if (rest < 0) return i;
      }
      return weights.length - 1;
    },
  };
}
