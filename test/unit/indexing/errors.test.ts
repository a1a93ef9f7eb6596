import {
  DTypeError,
  ellipsis,
  type Index,
  IndexError,
  InkgradError,
  range,
  ShapeError,
  type Tensor,
  tensor,
  zeros,
} from "inkgrad";
import { describe, expect, test } from "vitest";

const x: Tensor = tensor([
  [1, 2, 3],
  [4, 5, 6],
]);
const i32 = (values: number[]): Tensor => tensor(values, { dtype: "i32" });
const u32 = (values: number[]): Tensor => tensor(values, { dtype: "u32" });

type Wrong = readonly [what: string, call: () => unknown, error: unknown, sentence: string];
const at =
  (...index: unknown[]) =>
  (): unknown =>
    x.at(...(index as Index[]));

const atOnce: Wrong[] = [
  [
    "an integer beyond its axis",
    at(0, 3),
    IndexError,
    "at: index 3 is out of range for axis 1 of shape [2, 3]; use -3 to 2",
  ],
  ["one before it", at(-3), IndexError, "at: index -3 is out of range for axis 0 of shape [2, 3]"],
  ["an empty axis", () => zeros([0]).at(0 as never), IndexError, "of shape [0]; it is empty"],
  ["a fraction", at(0.5), IndexError, "at: index 0.5 is not a whole number; round it first"],
  ["NaN", at(NaN), IndexError, "at: index NaN is not a whole number"],
  [
    "positions in an array",
    at(range(), [0, 5]),
    IndexError,
    "at: index 5 is out of range for axis 1 of shape [2, 3]; use -3 to 2",
  ],
  ["fractions in an array", at([0.5]), IndexError, "at: index 0.5 is not a whole number"],
  ["positions in a known tensor", at(i32([0, -3])), IndexError, "at: index -3 is out of range"],
  [
    "a range beyond its axis",
    at(range(0, 3)),
    IndexError,
    "at: [0, 3] is not within axis 0 of shape [2, 3]; a range is [start?, stop?, step?]",
  ],
  [
    "one bound",
    () => (range as (n: number) => unknown)(3),
    ShapeError,
    "range: one bound can be read two ways; write range(0, 3) for what comes before it",
  ],
  ["too many entries", at(0, 0, 0), ShapeError, "at: the index is for 3 axes, shape [2, 3] has 2"],
  ["two ellipses", at(ellipsis, ellipsis), ShapeError, "at: one ellipsis is allowed"],
  [
    "a mask that does not fit",
    at(tensor([true, false, true])),
    ShapeError,
    "at: a mask of shape [3] does not fit axes of sizes [2], shape [2, 3]",
  ],
  [
    "floats as positions",
    at(tensor([0, 1])),
    DTypeError,
    'at: an index tensor must be i32, u32, u8 or bool, got f32; use .cast("i32") first',
  ],
  ["a string", at("0:2"), DTypeError, "at: an index is made of integers, range(start, stop)"],
  ["null", at(null), DTypeError, "got null"],
  ["an object", at({ kind: "range" }), DTypeError, "got an object of class Object"],
  ["big integers", at(new BigInt64Array(1)), DTypeError, "an object of class BigInt64Array"],
  ["ragged positions", at([[0], [0, 1]]), ShapeError, "rows differ in length"],
  [
    "a tensor of nothing",
    () => (x.at as () => unknown).call(3),
    InkgradError,
    "at: expected a tensor",
  ],
];

const whenRun: Wrong[] = [
  [
    "positions that become known",
    () =>
      x
        .at(i32([0, 2]).add(0))
        .get()
        .toArray(),
    IndexError,
    "gather: index 2 is out of range for axis 0 of shape [2, 3], which has positions 0 to 1",
  ],
  [
    "positions on several axes, each held to its own",
    () =>
      x
        .at(i32([0]).add(0), i32([3]).add(0))
        .get()
        .toArray(),
    IndexError,
    "index 3 is out of range for axis 0 of shape [3]",
  ],
  [
    "what i32 cannot hold",
    () =>
      x
        .at(u32([4294967295]).bitwiseAnd(u32([4294967295])))
        .get()
        .toArray(),
    IndexError,
    "index 2147483647 is out of range",
  ],
  [
    "set",
    () =>
      x
        .at(i32([-4]).add(0), [0])
        .set(0)
        .toArray(),
    IndexError,
    "index -4 is out of range",
  ],
  [
    "index tensors that do not broadcast",
    () => x.at([0, 1], [0, 1, 2]).get(),
    ShapeError,
    "at: shapes [2] and [3] do not broadcast",
  ],
  [
    "values that do not fit",
    () => x.at(0).set(tensor([1, 2])),
    ShapeError,
    "at(…).set: values of shape [2] cannot be stretched to the selection's shape [3]; aligned at",
  ],
  [
    "values with too many axes",
    () => x.at([0, 1]).add(zeros([1, 1, 3])),
    ShapeError,
    "at(…).add: values of shape [1, 1, 3] cannot be stretched to the selection's shape [2, 3]",
  ],
  [
    "values that do not fit beside a mask",
    () => x.at(x.sum(1).greater(0)).set(tensor([1, 2])),
    ShapeError,
    "cannot be stretched to the selection's shape [?, 3]",
  ],
  [
    "as many values as a mask does not pick",
    () => x.at(x.greater(4)).set(tensor([1, 2, 3])),
    ShapeError,
    "values of shape [3] cannot be stretched to the selection's shape [2]",
  ],
  [
    "floats into integers",
    () => i32([1, 2]).at(0).set(tensor(1)),
    DTypeError,
    "at(…).set: values of type f32 do not fit into a tensor of type i32; cast them first, as",
  ],
  [
    "a fraction into integers",
    () => i32([1, 2]).at(0).add(0.5),
    DTypeError,
    "at(…).add: 0.5 is not a value of type i32",
  ],
  [
    "adding bools",
    () => tensor([true]).at(0).add(1),
    DTypeError,
    'at(…).add: bools do not add; cast the tensor first, as x.cast("i32")',
  ],
  [
    "no values",
    () => x.at(0).set(undefined as never),
    InkgradError,
    "expected a tensor, got undef",
  ],
];

describe("at says at once what is wrong:", () => {
  test.each(atOnce)("%s", (_what, call, error, sentence) => {
    expect(call).toThrow(error);
    expect(call).toThrow(sentence);
  });
});

describe("reading and writing say what is wrong:", () => {
  test.each(whenRun)("%s", (_what, call, error, sentence) => {
    expect(call).toThrow(error);
    expect(call).toThrow(sentence);
  });
});

test("values take the tensor's type where it holds them", () => {
  expect(x.at(0, 0).set(i32([7]).at(0).get()).dtype).toBe("f32");
  expect(
    x
      .at(0, 0)
      .set(tensor(0.1, { dtype: "f64" }))
      .at(0, 0)
      .get()
      .item(),
  ).toBe(Math.fround(0.1));
  expect(i32([1, 2]).at(1).set(tensor(true)).toArray()).toEqual([1, 1]);
  expect(tensor([true, false]).at(1).set(true).toArray()).toEqual([true, true]);
  expect(tensor([1, 2], { dtype: "bf16" }).at([0]).set(3).toArray()).toEqual([3, 2]);
});

test("what is not selected keeps its bits: −0, NaN and infinities", () => {
  const hard = tensor([-0, NaN, Infinity, 1, -0], { dtype: "f64" });
  for (const changed of [
    hard.at(3).add(1),
    hard.at([3]).add(1),
    hard.at(hard.equal(1)).add(1),
    hard.at(range(3, 4)).set(2),
  ])
    expect(changed.toArray()).toEqual([-0, NaN, Infinity, 2, -0]);
});
