import { text } from "inkgrad/data";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fromBytes, toBytes } from "@src/data/text/bytes.js";
import { trainPairs } from "@src/data/text/train-pairs.js";

const { bytePairTokenizer, characterTokenizer, loadTokenizer, ngramTokenizer, wordTokenizer } =
  text;
const corpus = ["the cat sat on the mat", "the dog sat on the log", "Don't pet the well-kept cat!"];
/** Any string at all: any code points, halves of surrogate pairs too. */
const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({ unit: "grapheme" }),
  fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes)),
);

describe("bytes", () => {
  it("of any text are UTF-8, and give it back", () => {
    fc.assert(
      fc.property(anyText, (s) => {
        expect(fromBytes(toBytes(s))).toBe(s);
        // Text that UTF-8 has a form for.
        if (!/\p{Cs}/u.test(s)) expect(toBytes(s)).toEqual([...new TextEncoder().encode(s)]);
      }),
      { numRuns: 300 },
    );
  });

  it("that are no text become U+FFFD, and nothing is lost after them", () => {
    expect(fromBytes([0x61, 0xc3, 0x62])).toBe("a\ufffdb");
    expect(fromBytes([0x80, 0xe2, 0x82])).toBe("\ufffd\ufffd\ufffd");
    expect(fromBytes([0xc0, 0x80])).toBe("\ufffd\ufffd");
    expect(fromBytes([0xf5, 0xbf, 0xbf, 0xbf])).toBe("\ufffd".repeat(4));
  });
});

describe("a vocabulary", () => {
  it("has padding, unknown, own special tokens, then what is most frequent", () => {
    const tokenizer = characterTokenizer(["abbccc", "c"], { specials: ["<start>"] });
    expect(Array.from({ length: tokenizer.size }, (_, id) => tokenizer.tokenOf(id))).toEqual([
      "<pad>",
      "<unk>",
      "<start>",
      "c",
      "b",
      "a",
    ]);
    expect([tokenizer.idOf("<start>"), tokenizer.idOf("b"), tokenizer.idOf("z")]).toEqual([
      2,
      4,
      undefined,
    ]);
    expect(characterTokenizer(["abbccc"], { minCount: 2 }).encode("abc")).toEqual([1, 3, 2]);
    expect(characterTokenizer(["abbccc"], { maxSize: 3 }).encode("abc")).toEqual([1, 1, 2]);
    expect(() => tokenizer.tokenOf(6)).toThrow(/no id 6, only 0 to 5/);
    expect(() => characterTokenizer([], { maxSize: 1 })).toThrow(
      /room for 2 special tokens, got 1/,
    );
    expect(() => characterTokenizer([], { minCount: 0 })).toThrow(/minCount/);
    expect(() => characterTokenizer([], { specials: ["<pad>"] })).toThrow(/names of their own/);
  });

  it("takes what looks like a special token in a text for text", () => {
    const tokenizer = ngramTokenizer(["a<pad>b"], { min: 5 });
    expect(tokenizer.encode("<pad>")).not.toContain(0);
    expect(wordTokenizer(["<unk> <pad>"]).encode("<pad>").includes(0)).toBe(false);
  });
});

describe("tokens", () => {
  it("of characters give back any text that the vocabulary covers", () => {
    fc.assert(
      fc.property(anyText, (s) => {
        const tokenizer = characterTokenizer([s]);
        expect(tokenizer.decode(tokenizer.encode(s))).toBe(s);
        expect(tokenizer.encode(s).length).toBe([...s].length);
      }),
    );
    const tokenizer = characterTokenizer(["ab"]);
    expect(tokenizer.decode(tokenizer.encode("axb"))).toBe("a\ufffdb");
    expect(tokenizer.decode([2, 0, 3, 0, 1], { specials: true })).toBe("a<pad>b<pad><unk>");
    expect(characterTokenizer(["aB"], { lowercase: true }).encode("AB")).toEqual([2, 3]);
  });

  it("of words are letters, digits and what joins them, and marks by themselves", () => {
    const tokenizer = wordTokenizer(corpus);
    const tokens = (s: string) => tokenizer.encode(s).map(tokenizer.tokenOf);
    expect(tokens("Don't pet the well-kept CAT!")).toEqual([
      "don't",
      "pet",
      "the",
      "well-kept",
      "cat",
      "!",
    ]);
    expect(tokens("the bird")).toEqual(["the", "<unk>"]);
    expect(tokenizer.decode(tokenizer.encode("The  cat sat."))).toBe("the cat sat <unk>");
    expect(wordTokenizer(["a, b"], { punctuation: false }).size).toBe(4);
    expect(wordTokenizer(["A a"], { lowercase: false }).size).toBe(4);
    expect(wordTokenizer(["été naïve 東京"]).size).toBe(5);
  });

  it("of n-grams are all runs of characters or words", () => {
    const characters = ngramTokenizer(["abcd"], { min: 2, max: 3 });
    expect(characters.encode("abc").map(characters.tokenOf)).toEqual(["ab", "abc", "bc"]);
    expect(characters.encode("a")).toEqual([]);
    const words = ngramTokenizer(corpus, { of: "words", min: 1, max: 2 });
    expect(words.encode("the cat sat").map(words.tokenOf)).toEqual([
      "the",
      "the cat",
      "cat",
      "cat sat",
      "sat",
    ]);
    expect(() => ngramTokenizer([], { min: 3, max: 2 })).toThrow(/1 ≤ min ≤ max, got 3 and 2/);
    expect(() => ngramTokenizer([], { of: "lines" as never })).toThrow(/"characters" or "words"/);
  });
});

describe("byte pairs", () => {
  const tokenizer = bytePairTokenizer(corpus, { size: 290, specials: ["<end>"] });

  it("give back any text, also with bytes that were never seen", () => {
    fc.assert(
      fc.property(anyText, (s) => {
        expect(tokenizer.decode(tokenizer.encode(s))).toBe(s);
      }),
      { numRuns: 300 },
    );
    expect(tokenizer.unknownId).toBeNull();
  });

  it("are learnt in order of frequency, as a plain recount says", () => {
    const chunks = ["aab", "aaab", "abab", "bbaa"].map((s, i) => [toBytes(s), i + 1] as const);
    // The definition, counted anew for each pair.
    const naive: number[][] = [];
    let words = chunks.map(([tokens, count]) => ({ tokens: [...tokens], count }));
    for (let k = 0; k < 6; k++) {
      const counts = new Map<string, number>();
      for (const { tokens, count } of words)
        for (let i = 1; i < tokens.length; i++) {
          const pair = `${tokens[i - 1]} ${tokens[i]}`;
          counts.set(pair, (counts.get(pair) ?? 0) + count);
        }
      const ranked = [...counts].map(([pair, count]) => ({
        pair: pair.split(" ").map(Number),
        count,
      }));
      ranked.sort((p, q) => q.count - p.count || p.pair[0] - q.pair[0] || p.pair[1] - q.pair[1]);
      if (ranked.length === 0 || ranked[0].count < 2) break;
      const [a, b] = ranked[0].pair;
      naive.push([a, b]);
      words = words.map(({ tokens, count }) => {
        const out: number[] = [];
        for (let i = 0; i < tokens.length; i++)
          if (tokens[i] === a && tokens[i + 1] === b) {
            out.push(256 + k);
            i++;
          } else out.push(tokens[i]);
        return { tokens: out, count };
      });
    }
    expect(naive.length).toBeGreaterThan(3);
    expect(trainPairs(chunks, 6, 2)).toEqual(naive);
  });

  it("learn the same from random texts as a recount, pair by pair", () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.tuple(
            fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1 }),
            fc.integer({ min: 1, max: 3 }),
          ),
        ),
        (list) => {
          const chunks = list.map(([s, n]) => [toBytes(s), n] as const);
          const pairs = trainPairs(chunks, 8, 1);
          let words = chunks.map(([tokens, n]) => ({ tokens: [...tokens], n }));
          pairs.forEach(([a, b], k) => {
            const counts = new Map<string, number>();
            for (const { tokens, n } of words)
              for (let i = 1; i < tokens.length; i++)
                counts.set(
                  `${tokens[i - 1]} ${tokens[i]}`,
                  (counts.get(`${tokens[i - 1]} ${tokens[i]}`) ?? 0) + n,
                );
            expect(counts.get(`${a} ${b}`)).toBe(Math.max(...counts.values()));
            words = words.map(({ tokens, n }) => {
              const out: number[] = [];
              for (const token of tokens)
                if (token === b && out.at(-1) === a) out.splice(-1, 1, 256 + k);
                else out.push(token);
              return { tokens: out, n };
            });
          });
        },
      ),
    );
  });

  it("make frequent words one token, and texts shorter", () => {
    expect(tokenizer.encode(" the").length).toBe(1);
    expect(tokenizer.tokenOf(tokenizer.encode(" the")[0])).toBe(" the");
    expect(tokenizer.idOf(" the")).toBe(tokenizer.encode(" the")[0]);
    expect(tokenizer.encode(corpus[0]).length).toBeLessThan(corpus[0].length / 2);
    expect([tokenizer.idOf("<end>"), tokenizer.idOf("<nothing>")]).toEqual([1, undefined]);
    expect(tokenizer.decode([1, ...tokenizer.encode("é"), 0])).toBe("é");
    expect(tokenizer.decode([1, ...tokenizer.encode("é")], { specials: true })).toBe("<end>é");
    expect(bytePairTokenizer(["zzzz"], { size: 257 }).size).toBe(257);
  });

  it("take long texts without spaces in time", () => {
    const long = "x".repeat(200_000);
    const one = bytePairTokenizer([long], { size: 300 });
    expect(one.decode(one.encode(long))).toBe(long);
  });

  it("say what is wrong", () => {
    expect(() => bytePairTokenizer([], { size: 256 })).toThrow(/from 257 .* got 256/);
    expect(() => tokenizer.decode([290])).toThrow(/no id 290, only 0 to 268/);
    expect(() => tokenizer.decode([-1])).toThrow(/no id -1/);
  });
});

describe("a batch", () => {
  const tokenizer = characterTokenizer(["abc"]);
  const rows = ["abc", "a", ""];

  it("is as long as the longest text, and says where there is text", () => {
    const { ids, mask } = tokenizer.batch(rows);
    expect([ids.dtype, mask.dtype]).toEqual(["i32", "bool"]);
    expect(ids.toArray()).toEqual([
      [2, 3, 4],
      [2, 0, 0],
      [0, 0, 0],
    ]);
    expect(mask.toArray()).toEqual([
      [true, true, true],
      [true, false, false],
      [false, false, false],
    ]);
  });

  it("is cut and filled on the side that is asked for", () => {
    expect(tokenizer.batch(rows, { length: 2 }).ids.toArray()).toEqual([
      [2, 3],
      [2, 0],
      [0, 0],
    ]);
    const other = tokenizer.batch(rows, { length: 2, truncate: "start", pad: "start" });
    expect(other.ids.toArray()).toEqual([
      [3, 4],
      [0, 2],
      [0, 0],
    ]);
    expect(other.mask.toArray()).toEqual([
      [true, true],
      [false, true],
      [false, false],
    ]);
    expect(tokenizer.batch([], { length: 4 }).ids.shape).toEqual([0, 4]);
    expect(() => tokenizer.batch(rows, { length: 2, truncate: "error" })).toThrow(
      /text 0 has 3 ids/,
    );
    expect(() => tokenizer.batch(rows, { length: 0 })).toThrow(/≥ 1, got 0/);
    expect(() => tokenizer.batch(rows, { pad: "left" as never })).toThrow(/pad must be/);
    expect(() => tokenizer.batch(rows, { truncate: "left" as never })).toThrow(/truncate must be/);
  });
});

describe("a saved tokenizer", () => {
  it("is the same when loaded, whatever its kind", () => {
    for (const tokenizer of [
      characterTokenizer(corpus, { lowercase: true }),
      wordTokenizer(corpus, { punctuation: false, specials: ["<start>"] }),
      ngramTokenizer(corpus, { of: "words", max: 2 }),
      bytePairTokenizer(corpus, { size: 300 }),
    ]) {
      const saved = JSON.stringify(tokenizer);
      const again = loadTokenizer(saved);
      expect(JSON.stringify(again)).toBe(saved);
      expect([again.kind, again.size]).toEqual([tokenizer.kind, tokenizer.size]);
      for (const s of [...corpus, "Something ELSE, été"])
        expect(again.encode(s)).toEqual(tokenizer.encode(s));
    }
  });

  it("that is none is refused", () => {
    const good = JSON.parse(JSON.stringify(bytePairTokenizer(corpus)));
    const bad = [
      "{",
      "3",
      "null",
      {},
      { ...good, version: 2 },
      { ...good, kind: "other" },
      { ...good, specials: [] },
      { ...good, merges: [[1]] },
      { ...good, merges: [[97, 256]] },
      { ...good, specials: ["a", "a"] },
      { version: 1, kind: "words", specials: ["a", "b"], tokens: [1], options: {} },
      { version: 1, kind: "words", specials: ["a", "b"], tokens: ["c", "c"], options: {} },
      { version: 1, kind: "words", specials: ["a", "b"], tokens: ["c"] },
    ];
    for (const state of bad)
      expect(() => loadTokenizer(state as never)).toThrow(/loadTokenizer|bytePairs/);
  });
});
