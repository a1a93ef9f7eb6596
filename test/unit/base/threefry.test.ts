import { readFileSync } from "node:fs";
import { threefry2x32 } from "@src/base/threefry.js";
import { random, tensor } from "inkgrad";
import { describe, expect, it } from "vitest";

interface Case {
  key: [number, number];
  counter: [number, number];
  out: [number, number];
}
const golden = new URL("../../golden/threefry.json", import.meta.url);
const { cases } = JSON.parse(readFileSync(golden, "utf8")) as { cases: Case[] };

const block = (key: number[], counter: number[]): number[] => {
  const out = [0, 0];
  threefry2x32(key[0], key[1], counter[0], counter[1], out);
  return out;
};

describe("threefry2x32", () => {
  it.each(cases)("gives the published words of key $key and counter $counter", (vector) => {
    expect(block(vector.key, vector.counter)).toEqual(vector.out);
  });

  it("takes words as signed or unsigned integers alike", () => {
    expect(block([-1, -1], [-1, -1])).toEqual(cases[1].out);
  });

  it("writes where it is told to", () => {
    const out = new Uint32Array(4);
    threefry2x32(0, 0, 0, 0, out, 1);
    expect([...out]).toEqual([0, ...cases[0].out, 0]);
  });

  it("changes about half of the bits with any one bit of key or counter", () => {
    const words = [0x13198a2e, 0x03707344, 0x243f6a88, 0x85a308d3];
    const bits = (w: number[]): number[] => {
      const [x, y] = block(w.slice(0, 2), w.slice(2));
      return Array.from({ length: 64 }, (_, i) => ((i < 32 ? x : y) >>> (i % 32)) & 1);
    };
    const before = bits(words);
    for (let flipped = 0; flipped < 128; flipped++) {
      const other = words.map((w, i) => (i === flipped >> 5 ? w ^ (1 << (flipped & 31)) : w));
      const changed = bits(other).filter((bit, i) => bit !== before[i]).length;
      expect(changed).toBeGreaterThan(14);
      expect(changed).toBeLessThan(50);
    }
  });

  it("is what the numbers of a key are made of: word n is word n mod 2 of block n / 2", () => {
    const key = tensor([0x13198a2e, 0x03707344], { dtype: "u32" });
    const words = [0, 1, 2].flatMap((counter) => block([0x13198a2e, 0x03707344], [0, counter]));
    expect(random.integers(key, [3], { max: 2 ** 32, dtype: "u32" }).toArray()).toEqual(
      words.filter((_, i) => i % 2 === 0),
    );
    expect(random.uniform(key, [5]).toArray()).toEqual(
      words.slice(0, 5).map((word) => Math.floor(word / 256) / 2 ** 24),
    );
    expect(random.splitKeys(key, 3).toArray().flat()).toEqual(words);
  });
});
