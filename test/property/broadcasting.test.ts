import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ShapeError, tensor } from "inkgrad";
import { broadcastShapes, sizeOf } from "@src/base/shape.js";

/** A pair of shapes, most of which broadcast: cut from one shape, with some axes set to 1. */
const pair = fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 4 }).chain((whole) =>
  fc.tuple(
    ...([0, 1] as const).map(() =>
      fc
        .tuple(
          fc.nat({ max: whole.length }),
          fc.array(fc.constantFrom(0, 0, 0, 1, 1, 2), { minLength: 4, maxLength: 4 }),
        )
        .map(([cut, kinds]) =>
          // 0 keeps the size, 1 makes it 1, and 2 another, which seldom fits.
          whole.slice(cut).map((n, i) => (kinds[i] === 0 ? n : kinds[i] === 1 ? 1 : n + 1)),
        ),
    ),
  ),
);

/** NumPy's rules, read off its documentation, with padding and no clever loop. */
function oracle(a: readonly number[], b: readonly number[]): number[] | null {
  const rank = Math.max(a.length, b.length);
  const pad = (shape: readonly number[]): number[] => [
    ...new Array<number>(rank - shape.length).fill(1),
    ...shape,
  ];
  const [p, q] = [pad(a), pad(b)];
  if (p.some((n, i) => n !== q[i] && n !== 1 && q[i] !== 1)) return null;
  return p.map((n, i) => (n === 1 ? q[i] : n));
}

/** Element `index` of a tensor that stretches: axes are matched from the last. */
function at(values: readonly number[], shape: readonly number[], index: readonly number[]): number {
  let offset = 0;
  shape.forEach((n, axis) => {
    const i = index[index.length - shape.length + axis];
    offset = offset * n + (n === 1 ? 0 : i);
  });
  return values[offset];
}

/** All positions of a shape, in row-major order. */
const positions = (shape: readonly number[]): number[][] =>
  shape.reduce<number[][]>(
    (found, n) => found.flatMap((p) => Array.from({ length: n }, (_, i) => [...p, i])),
    [[]],
  );

const count = (shape: readonly number[], from: number): number[] =>
  Array.from({ length: sizeOf(shape) }, (_, i) => from + i);

describe("broadcasting", () => {
  it("gives the shape that NumPy gives, and refuses what it refuses", () => {
    let refused = 0;
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const expected = oracle(a, b);
        if (expected !== null) {
          expect(broadcastShapes(a, b)).toEqual(expected);
          return;
        }
        refused++;
        expect(() => broadcastShapes(a, b)).toThrow(ShapeError);
        expect(() => broadcastShapes(b, a)).toThrow(ShapeError);
      }),
      { numRuns: 500 },
    );
    expect(refused).toBeGreaterThan(10);
  });

  it("pairs the elements that NumPy pairs", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const shape = oracle(a, b);
        fc.pre(shape !== null);
        const [x, y] = [count(a, 1), count(b, 100)];
        const sum = tensor(x, { shape: a })
          .mul(1000)
          .add(tensor(y, { shape: b }));
        const expected = positions(shape).map((p) => 1000 * at(x, a, p) + at(y, b, p));
        expect(sum.shape).toEqual(shape);
        expect(sum.reshape([expected.length]).toArray()).toEqual(expected);
      }),
      { numRuns: 100 },
    );
  });
});
