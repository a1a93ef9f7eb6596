import { describe, it } from "vitest";
import { builder as b } from "@src/graph/builder.js";
import { argument } from "../../support/evaluate-graph.js";
import { expectReference } from "../../support/on-threads.js";

const words = [7, 4294967295, 0, 12, 1, 99, 2 ** 31, 3];

describe("random bits are the reference's", () => {
  for (const count of [1, 2, 3, 8, 23, 24, 25, 47, 1000, 50_001])
    it(`for a stream of ${count} words`, async () => {
      const key = argument([2], "u32", words);
      await expectReference([b.randomBits(key.node, { shape: [count] })], [key]);
    });
  for (const [streams, count] of [
    [3, 1],
    [1001, 3],
    [40, 500],
    [3, 9001],
  ])
    it(`for ${streams} streams of ${count} words`, async () => {
      const key = argument([streams, 2], "u32", words);
      await expectReference([b.randomBits(key.node, { shape: [count] })], [key]);
    });
});
