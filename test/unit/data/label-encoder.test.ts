import { transforms as t } from "inkgrad/data";
import fc from "fast-check";
import { describe, expect, it } from "vitest";

describe("labels", () => {
  it("become numbers and labels again", () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.integer(), fc.boolean()), { minLength: 1 }),
        (labels) => {
          const encoder = t.labelEncoder<string | number | boolean>(labels);
          const numbers = encoder.transform(labels);
          expect(encoder.inverse(numbers)).toEqual(labels);
          expect(encoder.classes.length).toBe(new Set(labels).size);
          const again = t.labelEncoderOf(JSON.parse(JSON.stringify(encoder)));
          expect(again.inverse(numbers)).toEqual(labels);
        },
      ),
      { numRuns: 60 },
    );
    const encoder = t.labelEncoder(["b", "a", "b", "c"]);
    expect(encoder.classes).toEqual(["a", "b", "c"]);
    expect(encoder.transform(["c", "a"]).toArray()).toEqual([2, 0]);
    expect(t.labelEncoder([10, 9, -1]).classes).toEqual([-1, 9, 10]);
    expect(t.oneHot(encoder.transform(["c", "a"]), 3).toArray()).toEqual([
      [0, 0, 1],
      [1, 0, 0],
    ]);
  });

  it("that are not known are an error", () => {
    const encoder = t.labelEncoder(["a", "b"]);
    expect(() => encoder.transform(["z"])).toThrow(/"z" is none of the 2 known labels/);
    expect(() => encoder.inverse([2])).toThrow(/no class 2, only 0 to 1/);
    expect(() => encoder.inverse([0.5])).toThrow(/no class 0.5/);
    expect(() => t.labelEncoder([])).toThrow(/no labels/);
    expect(() => t.labelEncoder([NaN])).toThrow(/NaN/);
    expect(() => t.labelEncoderOf(["a", "a"])).toThrow(/twice/);
  });
});
