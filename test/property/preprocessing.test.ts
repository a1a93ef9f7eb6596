import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { preprocessing as of } from "inkgrad/learn";
import { isTensor } from "@src/tensor/tensor.js";
import type { Matrix } from "@src/learn/types.js";

/** What must hold for preprocessing of any rows. */

const value = fc.double({ min: -1e3, max: 1e3, noNaN: true }).map((x) => Math.fround(x));
const matrix = (least = 2) =>
  fc.integer({ min: 1, max: 5 }).chain((columns) =>
    fc.array(fc.array(value, { minLength: columns, maxLength: columns }), {
      minLength: least,
      maxLength: 12,
    }),
  );

const rowsOf = (x: unknown): number[][] => {
  if (!isTensor(x)) throw new Error("a tensor was expected");
  return x.toArray() as number[][];
};

/** Within `share` of the largest number that took part. */
function expectNear(got: number[][], wanted: number[][], share: number): void {
  const largest = Math.max(1, ...wanted.flat().map(Math.abs));
  got.forEach((row, i) =>
    row.forEach((x, k) => expect(Math.abs(x - wanted[i][k])).toBeLessThanOrEqual(share * largest)),
  );
}

interface Invertible {
  transform(x: Matrix): unknown;
  inverseTransform(x: Matrix): unknown;
}
const invertible: Record<string, () => { fit(x: Matrix): Promise<Invertible> }> = {
  standardScaler: () => of.standardScaler(),
  minMaxScaler: () => of.minMaxScaler({ range: [-3, 2] }),
  maxAbsScaler: () => of.maxAbsScaler(),
  robustScaler: () => of.robustScaler(),
  pca: () => of.pca(),
};

describe.each(Object.keys(invertible))("%s", (kind) => {
  it("gives back what went in", async () => {
    await fc.assert(
      fc.asyncProperty(matrix(), async (x) => {
        const fitted = await invertible[kind]().fit(x);
        const back = rowsOf(fitted.inverseTransform(fitted.transform(x) as Matrix));
        // Of fewer rows than columns all of the variance is in as many components as rows.
        expectNear(back, x, 1e-9);
      }),
      { numRuns: 60 },
    );
  });
});

const scalers = Object.keys(invertible).filter((kind) => kind !== "pca");
it.each(scalers)("%s does not depend on the order of rows", async (kind) => {
  await fc.assert(
    fc.asyncProperty(matrix(), async (x) => {
      const there = rowsOf((await invertible[kind]().fit(x)).transform(x));
      const turned = (await invertible[kind]().fit([...x].reverse())).transform(x);
      expectNear(rowsOf(turned), there, 1e-6);
    }),
    { numRuns: 30 },
  );
});

const whole = fc.integer({ min: -50, max: 50 });
const wholeRows = fc.array(fc.tuple(whole, whole, whole), { minLength: 3, maxLength: 15 });

it.each([
  ["standardScaler", () => of.standardScaler()],
  ["minMaxScaler", () => of.minMaxScaler()],
  ["robustScaler", () => of.robustScaler()],
] as const)("%s gives the same in other units", async (_kind, make) => {
  await fc.assert(
    fc.asyncProperty(wholeRows, async (x) => {
      // Powers of two and whole numbers: nothing is lost by the other unit itself.
      const other = x.map((row) => row.map((value) => value * 0.25 + 16));
      const estimator = make() as { fit(x: Matrix): Promise<Invertible> };
      const here = rowsOf((await estimator.fit(x)).transform(x));
      expectNear(rowsOf((await estimator.fit(other)).transform(other)), here, 1e-9);
    }),
    { numRuns: 60 },
  );
});

it("categories come back from one-hot and ordinal columns", async () => {
  const cell = fc.oneof(fc.constantFrom("a", "b", "ü", ""), fc.integer({ min: 0, max: 3 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 12 }),
      fc.constantFrom(undefined, "first" as const, "ifBinary" as const),
      fc.boolean(),
      async (x, drop, sparse) => {
        const oneHot = await of.oneHotEncoder({ drop, sparse }).fit(x);
        expect(oneHot.inverseTransform(oneHot.transform(x))).toEqual(x);
        const ordinal = await of.ordinalEncoder().fit(x);
        expect(ordinal.inverseTransform(ordinal.transform(x))).toEqual(x);
      },
    ),
    { numRuns: 60 },
  );
});

it("a normalised row has norm 1, or is all zeros", async () => {
  await fc.assert(
    fc.asyncProperty(matrix(1), async (x) => {
      for (const row of rowsOf((await of.normalizer().fit(x)).transform(x))) {
        const norm = Math.hypot(...row);
        expect(norm === 0 || Math.abs(norm - 1) < 1e-12).toBe(true);
      }
    }),
    { numRuns: 60 },
  );
});

it("bins hold what they say, and their middles stay in them", async () => {
  await fc.assert(
    fc.asyncProperty(
      wholeRows,
      fc.constantFrom("uniform" as const, "quantile" as const, "kMeans" as const),
      async (x, strategy) => {
        const fitted = await of.discretizer({ bins: 4, strategy }).fit(x);
        const bins = rowsOf(fitted.transform(x));
        bins.forEach((row, i) =>
          row.forEach((bin, k) => {
            const edges = fitted.edges[k];
            if (bin > 0) expect(edges[bin]).toBeLessThanOrEqual(x[i][k]);
            if (bin + 2 < edges.length) expect(edges[bin + 1]).toBeGreaterThan(x[i][k]);
          }),
        );
        const varied = fitted.edges.every((edges) => edges.length > 2);
        if (varied) {
          const middles = fitted.inverseTransform(fitted.transform(x));
          expect(rowsOf(fitted.transform(middles))).toEqual(bins);
        }
      },
    ),
    { numRuns: 80 },
  );
});
