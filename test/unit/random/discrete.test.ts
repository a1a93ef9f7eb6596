import { random, type Tensor, tensor, vmap } from "inkgrad";
import { describe, expect, it } from "vitest";
import { chiSquared, countsOf, equally } from "../../support/statistics.js";

const n = 20_000;
const key = random.key;

/** How often each row occurs. */
function tally(rows: Tensor): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows.toArray() as number[][])
    counts.set(String(row), (counts.get(String(row)) ?? 0) + 1);
  return counts;
}

describe("integers", () => {
  it.each([2, 3, 7, 10, 52, 100])("below %s are equally likely", async (max) => {
    const counts = countsOf(await random.integers(key(1), [n], { max }).data(), max);
    expect(chiSquared(counts, equally(max))).toBeLessThan(1);
  });

  it("are ⌊n·W / 2⁶⁴⌋ for the 64 random bits W, exactly, whatever n is", async () => {
    const bits = await random.splitKeys(key(2), 50).data();
    for (const range of [1, 2, 3, 10, 65535, 65536, 65537, 3 * 2 ** 30, 2 ** 32 - 1, 2 ** 32]) {
      const drawn = await random.integers(key(2), [50], { max: range, dtype: "u32" }).data();
      drawn.forEach((x, i) => {
        const word = (BigInt(bits[2 * i]) << 32n) | BigInt(bits[2 * i + 1]);
        expect(BigInt(x)).toBe((word * BigInt(range)) >> 64n);
      });
    }
  });

  it("of an awkward range show no trace of a remainder", async () => {
    // Words modulo 3·2³⁰ would fall into the first third twice as often.
    const max = 3 * 2 ** 30;
    const drawn = await random.integers(key(3), [n], { max, dtype: "u32" }).data();
    const thirds = drawn.map((x) => Math.floor(x / 2 ** 30));
    expect(chiSquared(countsOf(thirds, 3), equally(3))).toBeLessThan(1);
  });

  it("take negative bounds and whole types", async () => {
    const small = await random.integers(key(4), [n], { min: -3, max: 4 }).data();
    expect(small).toBeInstanceOf(Int32Array);
    expect(
      chiSquared(
        countsOf(
          small.map((x) => x + 3),
          7,
        ),
        equally(7),
      ),
    ).toBeLessThan(1);

    const options = { min: -(2 ** 31), max: 2 ** 31 };
    const all = await random.integers(key(5), [n], options).data();
    const top = Array.from(all, (x) => (x + 2 ** 31) >>> 28);
    expect(chiSquared(countsOf(top, 16), equally(16))).toBeLessThan(1);
    const low = Array.from(all, (x) => x & 15);
    expect(chiSquared(countsOf(low, 16), equally(16))).toBeLessThan(1);

    const bytes = await random.integers(key(6), [n], { max: 256, dtype: "u8" }).data();
    expect(bytes).toBeInstanceOf(Uint8Array);
    expect(chiSquared(countsOf(bytes, 256), equally(256))).toBeLessThan(1);
  });
});

describe("bernoulli", () => {
  it.each([0.5, 0.1, 0.999, 1e-3])("is true with probability %s", async (p) => {
    const spread = 3.9 * Math.sqrt(n * p * (1 - p));
    for (const chance of [p, tensor(p)]) {
      const hits = await random.bernoulli(key(7), [n], { p: chance }).data();
      expect(Math.abs(hits.reduce((sum, x) => sum + x, 0) - n * p)).toBeLessThan(spread);
    }
  });

  it("is never true for 0 and always for 1", () => {
    const p = tensor([0, 1]);
    const rows = random.bernoulli(key(8), [500, 2], { p }).toArray();
    expect(rows.every(([never, always]) => !never && always)).toBe(true);
    expect(random.bernoulli(key(8), [3], { p: 0 }).toArray()).toEqual([false, false, false]);
    expect(random.bernoulli(key(8), [3], { p: 1 }).toArray()).toEqual([true, true, true]);
  });
});

describe("categorical", () => {
  const p = [0.1, 0.2, 0.3, 0.4];

  it("chooses as softmax of the logits says, whatever is added to them", async () => {
    const logits = tensor(p.map((x) => Math.log(x) + 7));
    const drawn = await random.categorical(key(9), logits, { shape: [n] }).data();
    expect(chiSquared(countsOf(drawn, 4), p)).toBeLessThan(1);
  });

  it("goes along any axis, and broadcasts the others to the shape asked for", () => {
    const logits = tensor([
      [0, -Infinity],
      [-Infinity, 0],
      [-Infinity, -Infinity],
    ]);
    expect(random.categorical(key(10), logits, { axis: 0 }).toArray()).toEqual([0, 1]);
    expect(random.categorical(key(10), logits, { axis: 0, shape: [2, 2] }).toArray()).toEqual([
      [0, 1],
      [0, 1],
    ]);
  });

  it("gives −1 where there is nothing to choose", () => {
    const rows = tensor([
      [-Infinity, -Infinity],
      [0, NaN],
      [Infinity, 0],
      [-Infinity, 3],
    ]);
    expect(random.categorical(key(11), rows).toArray()).toEqual([-1, -1, -1, 1]);
  });
});

describe("permutation", () => {
  it("of 4 is each of the 24 orders equally often", async () => {
    const keys = random.splitKeys(key(12), 24_000);
    const counts = tally(vmap((one: random.Key) => random.permutation(one, 4))(keys));
    expect(counts.size).toBe(24);
    expect(chiSquared([...counts.values()], equally(24))).toBeLessThan(1);
  });

  it.each([0, 1, 2, 90, 91, 5000])("of %s has every number once", (size) => {
    const order = random.permutation(key(13), size).toArray();
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
  });

  it("leaves about one number of a long one in its place", () => {
    const fixed = random.split(key(14), 40).map((one) => {
      return random
        .permutation(one, 300)
        .toArray()
        .filter((x, i) => x === i).length;
    });
    expect(Math.abs(fixed.reduce((sum, x) => sum + x, 0) - 40)).toBeLessThan(4 * Math.sqrt(40));
  });

  it("of a tensor moves whole slices along the axis", () => {
    const x = tensor([
      [1, 2, 3, 4, 5],
      [6, 7, 8, 9, 10],
    ]);
    const [first, second] = random.permutation(key(15), x, { axis: 1 }).toArray();
    expect(second).toEqual(first.map((v) => v + 5));
    expect(first).not.toEqual([1, 2, 3, 4, 5]);
    expect(random.permutation(key(15), x, { axis: -1 }).toArray()).toEqual([first, second]);
    expect(new Set(random.permutation(key(16), x).toArray().map(String)).size).toBe(2);
    expect(random.permutation(key(17), tensor([true, false])).dtype).toBe("bool");
  });
});

describe("choice", () => {
  const p = [0.5, 0, 0.2, 0.3];

  it("with replacement is uniform, or as p says", async () => {
    const even = await random.choice(key(18), 6, [n]).data();
    expect(chiSquared(countsOf(even, 6), equally(6))).toBeLessThan(1);
    for (const weights of [p, tensor(p), tensor(p).mul(8)]) {
      const drawn = await random.choice(key(19), 4, [n], { p: weights }).data();
      const counts = countsOf(drawn, 4);
      expect(counts[1]).toBe(0);
      const possible = [0, 2, 3];
      expect(
        chiSquared(
          possible.map((i) => counts[i]),
          possible.map((i) => p[i]),
        ),
      ).toBeLessThan(1);
    }
  });

  it("without replacement gives every set, in every order, equally often", async () => {
    const keys = random.splitKeys(key(20), 6000);
    const counts = tally(
      vmap((one: random.Key) => random.choice(one, 4, [2], { replace: false }))(keys),
    );
    for (const pair of counts.keys()) expect(pair[0]).not.toBe(pair.at(-1));
    expect(counts.size).toBe(12);
    expect(chiSquared([...counts.values()], equally(12))).toBeLessThan(1);
  });

  it("without replacement and with p goes on among what is left, in proportion", async () => {
    const keys = random.splitKeys(key(21), 6000);
    const options = { replace: false, p };
    const counts = tally(vmap((one: random.Key) => random.choice(one, 4, [2], options))(keys));
    const pairs = [0, 2, 3].flatMap((i) => [0, 2, 3].filter((j) => j !== i).map((j) => [i, j]));
    const expected = pairs.map(([i, j]) => (p[i] * p[j]) / (1 - p[i]));
    expect(
      chiSquared(
        pairs.map((pair) => counts.get(String(pair)) ?? 0),
        expected,
      ),
    ).toBeLessThan(1);
  });

  it("takes slices of a tensor along its first axis", () => {
    const rows = tensor([
      [1, 2],
      [3, 4],
      [5, 6],
    ]);
    const drawn = random.choice(key(22), rows, [2, 4]);
    expect(drawn.shape).toEqual([2, 4, 2]);
    for (const [left, right] of drawn.toArray().flat()) expect(right).toBe(left + 1);
    expect(random.choice(key(22), rows).shape).toEqual([2]);
    const all = random.choice(key(23), rows, [3], { replace: false }).toArray();
    expect(all.map(([x]) => x).sort()).toEqual([1, 3, 5]);
  });

  it("gives −1, or an IndexError for a tensor, where weights in a tensor are too few", () => {
    const weights = tensor([0, 1, 0]);
    const options = { replace: false, p: weights } as const;
    expect(random.choice(key(24), 3, [2], options).toArray()).toEqual([1, -1]);
    expect(() => random.choice(key(24), tensor([7, 8, 9]), [2], options).toArray()).toThrow(
      "index -1 is out of range",
    );
  });
});
