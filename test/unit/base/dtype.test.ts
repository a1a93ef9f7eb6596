import { describe, expect, it } from "vitest";
import { DTypeError, tensor } from "inkgrad";
import {
  allocate,
  arithmeticType,
  assertDType,
  bytesPer,
  computeType,
  type DType,
  dtypes,
  floatType,
  holds,
  isFloat,
  isInteger,
  isStorageOnly,
  promote,
  rangeOf,
  sumType,
} from "@src/base/dtype.js";
import { decode, encode } from "../../support/elements.js";
import { tableOf } from "../../support/markdown-table.js";

/** A tensor whose type the compiler does not know. */
interface Loose {
  readonly dtype: DType;
  add(y: unknown): Loose;
  maximum(y: unknown): Loose;
  sin(): Loose;
  sum(): Loose;
}
const one = (dtype: DType): Loose => tensor([1], { dtype });

describe("the promotion table of docs/dtypes.md", () => {
  const [[, ...columns], ...rows] = tableOf("dtypes.md", "promote");

  it("has a row and a column for every type", () => {
    expect(columns).toEqual(dtypes);
    expect(rows.map(([name]) => name)).toEqual(dtypes);
  });

  for (const [a, ...cells] of rows as [DType, ...DType[]][])
    it(`says what ${a} gives with every type`, () => {
      cells.forEach((expected, i) => {
        const c = columns[i] as DType;
        expect(promote(a, c), `${a} and ${c}`).toBe(expected);
        expect(one(a).maximum(one(c)).dtype, `maximum of ${a} and ${c}`).toBe(expected);
        const sum = expected === "bool" ? "i32" : isStorageOnly(expected) ? "f32" : expected;
        expect(arithmeticType(a, c)).toBe(sum);
        expect(one(a).add(one(c)).dtype, `sum of ${a} and ${c}`).toBe(sum);
      });
    });

  it("is symmetric, and an integer result holds every value of both", () => {
    for (const a of dtypes)
      for (const c of dtypes) {
        const both = promote(a, c);
        expect(promote(c, a)).toBe(both);
        if (isFloat(both)) continue;
        for (const limit of [...rangeOf(a), ...rangeOf(c)])
          expect(holds(both, limit), `${limit} in ${both}`).toBe(true);
      }
  });

  it("does not depend on the order in which three types meet, but where i32 and u32 do", () => {
    for (const a of dtypes)
      for (const c of dtypes)
        for (const d of dtypes) {
          const types = [a, c, d];
          // These two meet in f64, unless one of them has met f32 before.
          if (types.includes("i32") && types.includes("u32")) continue;
          expect(promote(promote(a, c), d)).toBe(promote(a, promote(c, d)));
        }
  });
});

describe("the table of results of docs/dtypes.md", () => {
  const [, ...rows] = tableOf("dtypes.md", "results") as [DType, DType, DType, DType][];

  it("has a row for every type", () => {
    expect(rows.map(([dtype]) => dtype)).toEqual(dtypes);
  });

  it.each(rows)("says what comes of %s", (dtype, float, sum, arithmetic) => {
    const expected = [float, sum, arithmetic];
    expect([floatType(dtype), sumType(dtype), arithmeticType(dtype, dtype)]).toEqual(expected);
    const results = [one(dtype).sin(), one(dtype).sum(), one(dtype).add(one(dtype))];
    expect(results.map((x) => x.dtype)).toEqual(expected);
  });
});

describe("every type", () => {
  it.each(dtypes)("%s has an array of its size", (dtype) => {
    expect(allocate(dtype, 3).byteLength).toBe(3 * bytesPer(dtype));
  });

  it.each(dtypes)("%s is of one kind, and computed in a type that computes", (dtype) => {
    expect([isFloat(dtype), isInteger(dtype), dtype === "bool"].filter(Boolean)).toHaveLength(1);
    expect(isStorageOnly(computeType(dtype))).toBe(false);
    if (isStorageOnly(dtype)) expect(isFloat(dtype)).toBe(true);
  });

  it.each(dtypes)("%s holds what comes back unchanged; a float holds all", (dtype) => {
    const [min, max] = rangeOf(dtype);
    for (const x of [0, 1, 2, -1, 0.5, 256, NaN, Infinity, min, max, min - 1, max + 1]) {
      const [back] = decode(encode([x], dtype), dtype);
      const same = dtype === "bool" ? x === 0 || x === 1 : back === x;
      expect(holds(dtype, x), String(x)).toBe(isFloat(dtype) || same);
    }
  });
});

describe("a type from outside", () => {
  it("is one of ours, or refused with the list of them", () => {
    for (const dtype of dtypes) expect(() => assertDType(dtype, "zeros")).not.toThrow();
    for (const wrong of ["float32", "", "toString", "__proto__", null, undefined, 32, {}, []])
      expect(() => assertDType(wrong, "zeros"), JSON.stringify(wrong)).toThrow(DTypeError);
    expect(() => assertDType("float32", "zeros")).toThrow(
      "zeros: dtype float32 is not known; choose one of f32, f64, i32, u32, u8, bool, f16, bf16",
    );
  });
});
