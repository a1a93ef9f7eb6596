import { random, type Tensor, tensor, vmap } from "inkgrad";
import { describe, expect, it } from "vitest";
import { correlation } from "../../support/statistics.js";
import { draws } from "./cases.js";

const words = (key: Tensor): unknown => key.toArray();

describe("key", () => {
  it("is the seed's 64 bits", () => {
    expect(words(random.key(0))).toEqual([0, 0]);
    expect(words(random.key(7))).toEqual([0, 7]);
    expect(words(random.key(2 ** 32 + 5))).toEqual([1, 5]);
    expect(words(random.key(-1))).toEqual([2 ** 32 - 1, 2 ** 32 - 1]);
    expect(words(random.key(Number.MAX_SAFE_INTEGER))).toEqual([2 ** 21 - 1, 2 ** 32 - 1]);
  });

  it.each([0.5, NaN, Infinity, 2 ** 53, "1", undefined, 3n])("refuses the seed %s", (seed) => {
    expect(() => random.key(seed as number)).toThrow("key: the seed must be a whole number");
  });
});

describe("split", () => {
  it("gives keys to take apart, the rows of splitKeys", () => {
    const [a, b] = random.split(random.key(1));
    expect([words(a), words(b)]).toEqual(random.splitKeys(random.key(1)).toArray());
    const shape: [2] = a.shape;
    expect(shape).toEqual([2]);
    expect(random.split(random.key(1), 5).slice(0, 2).map(words)).toEqual([words(a), words(b)]);
  });

  it("never gives a key twice, through generations and folds", async () => {
    const seen = new Set<string>();
    let count = 0;
    const see = async (keys: Tensor): Promise<void> => {
      const flat = await keys.data();
      for (let i = 0; i < flat.length; i += 2) seen.add(`${flat[i]},${flat[i + 1]}`);
      count += flat.length / 2;
    };
    for (let seed = 0; seed < 20; seed++) {
      const keys = random.splitKeys(random.key(seed), 500);
      await see(keys);
      await see(vmap((key: random.Key) => random.splitKeys(key, 10))(keys));
      for (let i = 0; i < 20; i++) await see(random.foldIn(random.key(seed), i));
    }
    expect(count).toBe(20 * (500 + 5000 + 20));
    expect(seen.size).toBe(count);
  });

  it("gives streams that do not go together", async () => {
    const n = 20_000;
    const [a, b] = random.split(random.key(2));
    const streams = [a, b, random.key(2), random.key(3), random.foldIn(random.key(2), 0)];
    const samples = await Promise.all(streams.map((key) => random.normal(key, [n]).data()));
    samples.forEach((x, i) =>
      samples.slice(0, i).forEach((y) => expect(Math.abs(correlation(x, y))).toBeLessThan(4)),
    );
    // Neighbours within a stream, one and two words apart.
    for (const lag of [1, 2])
      expect(
        Math.abs(correlation(samples[0].subarray(lag), samples[0].subarray(0, n - lag))),
      ).toBeLessThan(4);
    // First numbers of neighbouring keys.
    const firsts = await vmap((key: random.Key) => random.normal(key, []))(
      random.splitKeys(a, n),
    ).data();
    expect(Math.abs(correlation(firsts.subarray(1), firsts.subarray(0, n - 1)))).toBeLessThan(4);
  });

  it.each([0, -1, 1.5, NaN])("refuses to make %s keys", (n) => {
    expect(() => random.split(random.key(0), n)).toThrow("split: the number of keys must be");
    expect(() => random.splitKeys(random.key(0), n)).toThrow("splitKeys: the number of keys");
  });
});

describe("foldIn", () => {
  const key = random.key(4);

  it("takes numbers and tensors alike", () => {
    for (const [data, dtype] of [
      [0, "i32"],
      [12, "u8"],
      [-3, "i32"],
      [2 ** 32 - 1, "u32"],
    ] as const)
      expect(words(random.foldIn(key, tensor(data, { dtype })))).toEqual(
        words(random.foldIn(key, data)),
      );
  });

  it("tells all numbers apart, and differs from what split gives", () => {
    const data = [0, 1, -1, 2 ** 32, 2 ** 32 + 1, -(2 ** 40)];
    const folded = data.map((n) => String(words(random.foldIn(key, n))));
    const split = random.split(key, 4).flatMap((child) => [child, ...random.split(child, 4)]);
    expect(new Set([...folded, ...split.map((child) => String(words(child)))]).size).toBe(26);
  });

  it("refuses fractions, floats and vectors", () => {
    expect(() => random.foldIn(key, 0.5)).toThrow("foldIn: the data must be a whole number");
    expect(() => random.foldIn(key, tensor(1))).toThrow("foldIn: the data must be i32, u32 or u8");
    expect(() => random.foldIn(key, tensor([1, 2], { dtype: "i32" }))).toThrow("must be a scalar");
  });
});

describe("every function that draws", () => {
  const aboutKeys = ["foldIn", "key", "split", "splitKeys"];

  it("is in the table", () => {
    expect(Object.keys(draws).concat(aboutKeys).sort()).toEqual(Object.keys(random).sort());
  });

  describe.each(Object.entries(draws))("%s", (_name, draw) => {
    it("gives the same for the same key, and something else for another", () => {
      expect(draw(random.key(5)).toArray()).toEqual(draw(random.key(5)).toArray());
      const others = [6, 7, 8, 9].map((seed) => String(draw(random.key(seed)).toArray()));
      expect(new Set(others).size).toBe(4);
    });

    it("gives for a batch of keys what a loop over them gives, bit for bit", () => {
      const keys = random.split(random.key(6), 3);
      const batch = vmap(draw)(random.splitKeys(random.key(6), 3));
      expect(batch.toArray()).toEqual(keys.map((key) => draw(key).toArray()));
    });

    it("refuses what is no key, and says how to make one", () => {
      for (const [value, message] of [
        [5, "the first argument must be a key, got the number 5; make one with random.key(0)"],
        [tensor([1, 2]), "a key is a u32 tensor of shape [2], got f32"],
        [random.splitKeys(random.key(0), 3), "for a batch of keys use vmap"],
      ] as const)
        expect(() => draw(value as never)).toThrow(message);
    });
  });
});
