import { compile, setBackend, tensor, type Tensor } from "inkgrad";
import { afterEach, describe, expect, test } from "vitest";

/** Shifts by one number for all elements are vector instructions, whose counts go modulo 32. */

const values: Record<string, number[]> = {
  i32: [0, 1, -1, 5, -77, 2 ** 31 - 1, -(2 ** 31)],
  u32: [0, 1, 5, 77, 2 ** 31, 2 ** 32 - 1, 3],
  u8: [0, 1, 5, 77, 128, 255, 3],
};
const counts = [0, 1, 7, 8, 31, 32, 33, 100];

afterEach(() => {
  setBackend("wasm");
});

describe.each(Object.keys(values))("%s", (dtype) => {
  test.each(counts)("by %i: as the reference has it, eager and compiled", (count) => {
    const x = tensor(values[dtype], { dtype: dtype as "i32" });
    const both = (x: Tensor): Tensor[] => [
      x.leftShift(count as never),
      x.rightShift(count as never),
    ];
    const found = both(x).map((y) => y.toArray());
    const ahead = compile(both)(x).map((y) => y.toArray());
    setBackend("reference");
    const expected = both(x).map((y) => y.toArray());
    expect(found).toEqual(expected);
    expect(ahead).toEqual(expected);
  });
});
