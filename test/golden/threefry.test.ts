import { describe, expect, it } from "vitest";
import { threefry2x32 } from "@src/base/threefry.js";
import { builder as b } from "@src/graph/builder.js";
import { constant } from "../support/elements.js";
import { runReference } from "../support/run.js";
import { readGolden } from "./cases.js";

interface KnownAnswer {
  readonly key: readonly [number, number];
  readonly counter: readonly [number, number];
  readonly out: readonly [number, number];
}
const cases = readGolden("threefry.json").cases as KnownAnswer[];

describe("Threefry-2x32 with 20 rounds gives Random123's known answers", () => {
  for (const { key, counter, out } of cases)
    it(`for key ${key.join(", ")}`, () => {
      const words = [0, 0];
      threefry2x32(key[0], key[1], counter[0], counter[1], words);
      expect(words).toEqual(out);
      // As callers have them that keep words in an Int32Array.
      threefry2x32(key[0] | 0, key[1] | 0, counter[0] | 0, counter[1] | 0, words);
      expect(words).toEqual(out);
    });
});

describe("randomBits", () => {
  const bits = (key: readonly number[], shape: number[], keyShape = [2]): number[] =>
    runReference([b.randomBits(constant(key, keyShape, "u32"), { shape })])[0];
  const block = (key: readonly number[], counter: number): number[] => {
    const words = [0, 0];
    threefry2x32(key[0], key[1], 0, counter, words);
    return words;
  };

  it("begins with the known answer of the zero key at counter 0", () => {
    const [{ key, counter, out }] = cases;
    expect(counter).toEqual([0, 0]);
    expect(bits(key, [2])).toEqual(out);
  });

  it("gives the two words of counters 0, 1, 2, … in order, and half a block at the end", () => {
    const key = cases[1].key;
    const expected = [...block(key, 0), ...block(key, 1), ...block(key, 2)];
    expect(bits(key, [2, 3])).toEqual(expected);
    expect(bits(key, [5])).toEqual(expected.slice(0, 5));
  });

  it("gives each key its own stream", () => {
    const keys = [...cases[1].key, ...cases[2].key];
    expect(bits(keys, [3], [2, 2])).toEqual([
      ...bits(cases[1].key, [3]),
      ...bits(cases[2].key, [3]),
    ]);
  });

  it("looks random: all words of a long stream differ, and half of their bits are set", () => {
    const words = bits([1, 2], [4096]);
    expect(new Set(words).size).toBe(4096);
    const set = words.reduce((sum, word) => sum + word.toString(2).replaceAll("0", "").length, 0);
    // 2¹⁷ fair bits: the standard deviation is 181.
    expect(Math.abs(set - 4096 * 16)).toBeLessThan(5 * 181);
  });
});
