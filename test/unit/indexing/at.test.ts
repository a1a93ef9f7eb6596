import fc from "fast-check";
import { tensor } from "inkgrad";
import { expect, test } from "vitest";
import { indexCase } from "../../support/index-cases.js";
import { product, select, stretch } from "../../support/index-oracle.js";

const numbered = (shape: number[]): number[] =>
  Array.from({ length: product(shape) }, (_, i) => i + 1);
const flat = (x: { toArray: () => unknown }): number[] =>
  [x.toArray()].flat(Infinity as 1) as number[];
const runs = { numRuns: 300 };

/** Values of a shape that stretches to `shape`. */
const valuesFor = (shape: number[], seed: number): { shape: number[]; values: number[] } => {
  const from = seed % (shape.length + 1);
  const own = shape.slice(from).map((n, i) => (((seed >> (i + 3)) & 3) === 0 ? 1 : n));
  return { shape: own, values: Array.from({ length: product(own) }, (_, i) => 100 + i) };
};

test("get takes the elements that NumPy's rules say", () => {
  fc.assert(
    fc.property(indexCase(), ({ shape, entries, index }) => {
      const got = tensor(numbered(shape), { shape, dtype: "f64" })
        .at(...index)
        .get();
      const expected = select(shape, entries);
      expect(got.shape).toEqual(expected.shape);
      expect(flat(got)).toEqual(expected.sources.map((i) => i + 1));
    }),
    runs,
  );
});

test("set puts values there, of several the last, and leaves the rest", () => {
  fc.assert(
    fc.property(indexCase(), fc.nat(), ({ shape, entries, index }, seed) => {
      const expected = numbered(shape);
      const part = select(shape, entries);
      const given = valuesFor(part.shape, seed);
      const values = stretch(given.shape, given.values, part.shape);
      part.sources.forEach((at, i) => (expected[at] = values[i]));
      const x = tensor(numbered(shape), { shape, dtype: "f64" });
      const got = x.at(...index).set(tensor(given.values, { shape: given.shape, dtype: "i32" }));
      expect(got.shape).toEqual(shape);
      expect(got.dtype).toBe("f64");
      expect(flat(got)).toEqual(expected);
      expect(flat(x)).toEqual(numbered(shape));
    }),
    runs,
  );
});

test("add adds all that comes to a place", () => {
  fc.assert(
    fc.property(indexCase(), fc.nat(), ({ shape, entries, index }, seed) => {
      const expected = numbered(shape);
      const part = select(shape, entries);
      const given = valuesFor(part.shape, seed);
      const values = stretch(given.shape, given.values, part.shape);
      part.sources.forEach((at, i) => (expected[at] += values[i]));
      const x = tensor(numbered(shape), { shape, dtype: "i32" });
      const got = x.at(...index).add(tensor(given.values, { shape: given.shape, dtype: "i32" }));
      expect(got.shape).toEqual(shape);
      expect(flat(got)).toEqual(expected);
    }),
    runs,
  );
});

test("setting what was got changes nothing; getting what was set gives it back", () => {
  fc.assert(
    fc.property(indexCase(), ({ shape, entries, index }) => {
      const x = tensor(numbered(shape), { shape, dtype: "f64" });
      const part = x.at(...index);
      expect(flat(part.set(part.get()))).toEqual(numbered(shape));
      const { sources } = select(shape, entries);
      if (new Set(sources).size < sources.length) return;
      const values = part.get().mul(-1);
      expect(
        flat(
          part
            .set(values)
            .at(...index)
            .get(),
        ),
      ).toEqual(flat(values));
    }),
    { numRuns: 200 },
  );
});

test("a number or one value goes everywhere", () => {
  fc.assert(
    fc.property(indexCase(), ({ shape, entries, index }) => {
      const x = tensor(numbered(shape), { shape, dtype: "i32" });
      const expected = numbered(shape);
      for (const at of select(shape, entries).sources) expected[at] = 7;
      expect(flat(x.at(...index).set(7))).toEqual(expected);
    }),
    { numRuns: 200 },
  );
});
