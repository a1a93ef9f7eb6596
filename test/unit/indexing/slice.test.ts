import { ellipsis, IndexError, newAxis, range, ShapeError, type Tensor, tensor } from "inkgrad";
import { topological } from "@src/graph/schedule.js";
import { ops } from "@src/ops/table.js";
import { describe, expect, test } from "vitest";
import { product } from "../../support/index-oracle.js";

const counting = (shape: number[]): Tensor =>
  tensor(
    Array.from({ length: product(shape) }, (_, i) => i),
    { shape },
  );

/** Where a range goes, step by step; null where it goes beyond the axis or in no direction. */
function walk(size: number, start?: number, stop?: number, step = 1): number[] | null {
  const place = (bound: number): number => (bound < 0 ? bound + size : bound);
  const from = start === undefined ? (step > 0 ? 0 : size - 1) : place(start);
  const to = stop === undefined ? (step > 0 ? size : -1) : place(stop);
  if (stop !== undefined && (to < 0 || to > size)) return null;
  if (start !== undefined && (from < 0 || from > (step > 0 ? size : size - 1))) return null;
  if (step === 0 || (step > 0 ? to < from : to > from)) return null;
  const found: number[] = [];
  for (let i = from; step > 0 ? i < to : i > to; i += step) found.push(i);
  return found;
}

test("slice takes what loops take, for every start, stop and step of short axes", () => {
  for (let size = 0; size <= 4; size++) {
    const bounds = [undefined, ...Array.from({ length: 2 * size + 5 }, (_, i) => i - size - 2)];
    for (const start of bounds)
      for (const stop of bounds)
        for (const step of [undefined, 1, 2, 3, -1, -2, 0]) {
          const expected = walk(size, start, stop, step);
          const taken = (): unknown =>
            counting([size])
              .slice([[start, stop, step]])
              .toArray();
          const what = `[${size}] ${start}:${stop}:${step}`;
          if (expected === null) expect(taken, what).toThrow(IndexError);
          else expect(taken(), what).toEqual(expected);
        }
  }
});

test("slice leaves axes without a range whole", () => {
  expect(
    counting([2, 3, 2])
      .slice([[1], [0, -1, 2]])
      .toArray(),
  ).toEqual([[[6, 7]]]);
  expect(counting([2, 2]).slice([]).toArray()).toEqual([
    [0, 1],
    [2, 3],
  ]);
});

describe("slice says what is wrong", () => {
  const x: Tensor = counting([5, 2]);
  const cases: [ranges: unknown, error: typeof IndexError | typeof ShapeError, sentence: string][] =
    [
      [
        [[0, 9]],
        IndexError,
        "slice: [0, 9] is not within axis 0 of shape [5, 2]; a range is [start?",
      ],
      [[[], [1, 0]], IndexError, "slice: [1, 0] is not within axis 1 of shape [5, 2]"],
      [[[0, 2, 0]], IndexError, "slice: [0, 2, 0] is not within axis 0"],
      [[[0.5]], IndexError, "slice: [0.5] is not within axis 0"],
      [[[0, NaN]], IndexError, "slice: [0, NaN] is not within axis 0"],
      [[[], [], []], ShapeError, "slice: more ranges than axes, shape [5, 2]; give 2 or fewer"],
      [
        [1, 2],
        ShapeError,
        "slice: expected a list of ranges, as x.slice([[1, 3], []]), got [1, 2]",
      ],
      [
        undefined,
        ShapeError,
        "slice: expected a list of ranges, as x.slice([[1, 3], []]), got undefined",
      ],
    ];
  for (const [ranges, error, sentence] of cases)
    test(sentence, () => {
      const call = (): unknown => x.slice(ranges as []);
      expect(call).toThrow(error);
      expect(call).toThrow(sentence);
    });
});

test("a chain of slices, orders, flips, new axes and stretches copies nothing", () => {
  const chain = counting([4, 3, 2])
    .slice([[3, 0, -2], [1]])
    .permute([2, 0, 1])
    .at(range(), -1, newAxis, ellipsis)
    .get()
    .flip(0)
    .broadcastTo([2, 5, 2]);
  const nodes = topological([chain.node]).filter((node) => node.op !== "constant");
  expect(nodes.length).toBeGreaterThan(5);
  for (const node of nodes) expect(ops[node.op].lower.kind, node.op).toBe("view");
});

test("integers alone cost two views", () => {
  const row = counting([4, 3]).at(-2).get();
  const nodes = topological([row.node]).filter((node) => node.op !== "constant");
  expect(nodes.map((node) => node.op)).toEqual(["slice", "reshape"]);
});
