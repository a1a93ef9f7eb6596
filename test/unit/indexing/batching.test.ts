import fc from "fast-check";
import { builder as b } from "@src/graph/builder.js";
import { wrap } from "@src/tensor/operand.js";
import { IndexError, range, type Tensor, tensor, TraceError, vmap } from "inkgrad";
import { describe, expect, test } from "vitest";
import { product } from "../../support/index-oracle.js";

const flat = (x: Tensor): number[] => [x.toArray()].flat(Infinity as 1) as number[];

/** f over batches, whose axis stands in front of those arguments that `batched` names. */
const batch = (
  f: (...x: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  batched: readonly boolean[],
): Tensor => {
  const inAxes = batched.map((is) => (is ? 0 : null));
  return (vmap as (f: unknown, o: unknown) => (...x: readonly Tensor[]) => Tensor)(f, { inAxes })(
    ...inputs,
  );
};

/** One example of a batch, or what all share. */
const example = (x: Tensor, i: number, batched: boolean): Tensor => (batched ? x.at(i).get() : x);

/** A batch computed at once holds what a loop over its examples gives. */
function sameAsLoop(
  f: (...x: Tensor[]) => Tensor,
  inputs: readonly Tensor[],
  batched: readonly boolean[],
): void {
  const whole = batch(f, inputs, batched);
  const size = inputs[batched.indexOf(true)].shape[0];
  expect(whole.shape[0]).toBe(size);
  for (let i = 0; i < size; i++) {
    const one = f(...inputs.map((x, j) => example(x, i, batched[j])));
    expect(whole.shape.slice(1)).toEqual([...one.shape]);
    expect(flat(whole.at(i).get())).toEqual(flat(one));
  }
}

const combinations = (count: number): boolean[][] =>
  Array.from({ length: 2 ** count - 1 }, (_, bits) =>
    Array.from({ length: count }, (_, i) => (((bits + 1) >> i) & 1) === 1),
  );

const filled = (shape: number[], seed: number): Tensor =>
  tensor(
    Array.from({ length: product(shape) }, (_, i) => ((i * 37 + seed * 11) % 101) - 50),
    { shape, dtype: "f64" },
  );
const positionsIn = (shape: number[], size: number, seed: number): Tensor =>
  tensor(
    Array.from({ length: product(shape) }, (_, i) => (i * i + 3 * i + seed) % Math.max(size, 1)),
    { shape, dtype: "i32" },
  );

/** A tensor, an axis, and positions along it, for a batch of so many. */
const lookup = fc.record({
  size: fc.integer({ min: 1, max: 3 }),
  shape: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
  axis: fc.nat(2),
  index: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 2 }),
  seed: fc.nat(50),
});

for (const batched of combinations(2))
  test(`gather in batches, batched: ${batched.join()}`, () => {
    fc.assert(
      fc.property(lookup, ({ size, shape, axis: wanted, index, seed }) => {
        const axis = wanted % shape.length;
        const f = (x: Tensor, i: Tensor): Tensor => wrap(b.gather(x.node, i.node, { axis }));
        const lead = (i: number, s: number[]): number[] => (batched[i] ? [size, ...s] : s);
        const inputs = [
          filled(lead(0, shape), seed),
          positionsIn(lead(1, index), shape[axis], seed),
        ];
        sameAsLoop(f, inputs, batched);
      }),
      { numRuns: 60 },
    );
  });

for (const mode of ["set", "add"] as const)
  for (const batched of combinations(3))
    test(`scatter ${mode} in batches, batched: ${batched.join()}`, () => {
      fc.assert(
        fc.property(lookup, ({ size, shape, axis: wanted, index, seed }) => {
          const axis = wanted % shape.length;
          const f = (x: Tensor, i: Tensor, u: Tensor): Tensor =>
            wrap(b.scatter(x.node, i.node, u.node, { axis, mode }));
          const lead = (i: number, s: number[]): number[] => (batched[i] ? [size, ...s] : s);
          const updates = [...shape.slice(0, axis), ...index, ...shape.slice(axis + 1)];
          const inputs = [
            filled(lead(0, shape), seed),
            positionsIn(lead(1, index), shape[axis], seed),
            filled(lead(2, updates), seed + 1),
          ];
          sameAsLoop(f, inputs, batched);
        }),
        { numRuns: 40 },
      );
    });

test("sort and argsort in batches, along every axis", () => {
  const x = filled([2, 3, 4], 5);
  for (const axis of [0, 1])
    for (const descending of [false, true]) {
      sameAsLoop((t) => t.sort(axis, { descending }), [x], [true]);
      sameAsLoop((t) => t.argsort(axis, { descending }), [x], [true]);
    }
});

describe("positions outside an example do not find the next example", () => {
  const x = filled([2, 3], 1);
  const f = (t: Tensor, i: Tensor): Tensor => t.at(i).get();
  for (const outside of [3, -4])
    test(`index ${outside}`, () => {
      const index = tensor([[0], [0]], { dtype: "i32" })
        .at(outside > 0 ? 0 : 1)
        .set(outside);
      const run = (): unknown => batch(f, [x, index], [true, true]).toArray();
      expect(run).toThrow(IndexError);
      expect(run).toThrow(`index ${outside} is out of range for axis 0 of shape [3]`);
      const put = (t: Tensor, i: Tensor): Tensor => t.at(i).set(0);
      expect(() => batch(put, [x, index], [true, true]).toArray()).toThrow(IndexError);
    });
});

describe("at in batches", () => {
  const x = filled([2, 3, 4], 2);
  const index = tensor(
    [
      [0, -1],
      [2, 2],
    ],
    { dtype: "i32" },
  );
  const mask = x.greater(0);
  for (const batched of combinations(2)) {
    const inputs = [batched[0] ? x : x.at(0).get(), batched[1] ? index : index.at(0).get()];
    test(`positions, batched: ${batched.join()}`, () => {
      sameAsLoop((t, i) => t.at(range(1, undefined), i).get(), inputs, batched);
      sameAsLoop((t, i) => t.at(i, i).get(), inputs, batched);
      sameAsLoop((t, i) => t.at(i, 0).set(9), inputs, batched);
      sameAsLoop((t, i) => t.at(i, range(3, 0, -1)).add(9), inputs, batched);
    });
  }
  test("setting by a mask", () => {
    sameAsLoop((t, m) => t.at(m).set(7), [x, mask], [true, true]);
    sameAsLoop((t, m) => t.at(m).add(7), [x.at(0).get(), mask], [false, true]);
    sameAsLoop((t, m) => t.at(m.at(range(), 0).get()).set(t.at(0).get()), [x, mask], [true, true]);
  });
  test("getting by a mask says what to do instead", () => {
    const run = (): unknown => batch((t) => t.at(t.greater(0)).get(), [x], [true]);
    expect(run).toThrow(TraceError);
    expect(run).toThrow("how many elements a mask of 12 picks is known only when its values are");
  });
});
