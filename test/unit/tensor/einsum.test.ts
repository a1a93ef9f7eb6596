import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { einsum, type Tensor, tensor } from "inkgrad";
import { derivative } from "./gradient.js";

/** Sums of products by nested loops over every named axis. */
function loops(spec: string, operands: { shape: number[]; data: number[] }[]): number[] {
  const [left, right] = spec.split("->");
  const terms = left.split(",").map((term) => [...term]);
  const sizes = new Map<string, number>();
  terms.forEach((term, i) => term.forEach((letter, j) => sizes.set(letter, operands[i].shape[j])));
  const output = [...right];
  const rest = [...sizes.keys()].filter((letter) => !output.includes(letter));
  const order = [...output, ...rest];
  const out = new Array<number>(output.reduce((n, letter) => n * sizes.get(letter)!, 1)).fill(0);
  const visit = (depth: number, at: Map<string, number>): void => {
    if (depth < order.length) {
      for (let i = 0; i < sizes.get(order[depth])!; i++) visit(depth + 1, at.set(order[depth], i));
      return;
    }
    const place = (letters: readonly string[]): number =>
      letters.reduce((offset, letter) => offset * sizes.get(letter)! + at.get(letter)!, 0);
    out[place(output)] += terms.reduce((p, term, i) => p * operands[i].data[place(term)], 1);
  };
  visit(0, new Map());
  return out;
}

const letters = ["a", "b", "c", "d"];
const problem = fc
  .record({
    sizes: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 4, maxLength: 4 }),
    terms: fc.array(fc.array(fc.constantFrom(...letters), { maxLength: 3 }), {
      minLength: 1,
      maxLength: 3,
    }),
    output: fc.shuffledSubarray(letters),
    seed: fc.integer({ min: 1, max: 1000 }),
  })
  .map(({ sizes, terms, output, seed }) => {
    const used = output.filter((letter) => terms.flat().includes(letter));
    const operands = terms.map((term, t) => {
      const shape = term.map((letter) => sizes[letters.indexOf(letter)]);
      const count = shape.reduce((n, size) => n * size, 1);
      return {
        shape,
        data: Array.from({ length: count }, (_, i) => ((i + 1) * seed * (t + 3)) % 7),
      };
    });
    return { spec: `${terms.map((term) => term.join("")).join(",")}->${used.join("")}`, operands };
  });
const tensors = (operands: { shape: number[]; data: number[] }[]): Tensor[] =>
  operands.map(({ shape, data }) => tensor(data, { shape, dtype: "f64" }));

describe("einsum", () => {
  test("is what nested loops give, whatever the spec", () => {
    let specs = new Set<string>();
    fc.assert(
      fc.property(problem, ({ spec, operands }) => {
        specs = specs.add(spec);
        const result = einsum(spec, ...tensors(operands));
        expect([result.toArray()].flat(4)).toEqual(loops(spec, operands));
      }),
      { numRuns: 300 },
    );
    expect(specs.size).toBeGreaterThan(100);
  });

  test("broadcasts the axes of an ellipsis, aligned at the last", () => {
    const x = tensor([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], { shape: [2, 1, 2, 3] });
    const y = tensor([1, 0, 2, 1, 1, 1, 0, 3, 1, 2, 2, 2], { shape: [2, 3, 2] });
    const expected = x.matmul(y);
    expect(einsum("...ij,...jk->...ik", x, y).toArray()).toEqual(expected.toArray());
    expect(einsum("...ij,...jk", x, y).toArray()).toEqual(expected.toArray());
    expect(einsum("...,...->...", x, tensor(2)).toArray()).toEqual(x.mul(2).toArray());
    expect(einsum("i...->...", x).toArray()).toEqual(x.sum(0).toArray());
    expect(einsum("...i->i...", x).shape).toEqual([3, 2, 1, 2]);
  });

  test("without an arrow gives the letters that occur once, in alphabetical order", () => {
    const x = tensor([1, 2, 3, 4, 5, 6], { shape: [2, 3] });
    expect(einsum("ba", x).toArray()).toEqual(x.transpose().toArray());
    expect(einsum("ij,kj", x, x).shape).toEqual([2, 2]);
    expect(
      einsum(
        "ii",
        tensor([
          [1, 2],
          [3, 4],
        ]),
      ).item(),
    ).toBe(5);
    expect(einsum(" i j , j k -> i k ", x, x.transpose()).shape).toEqual([2, 2]);
  });

  test("has a gradient, through a diagonal too", () => {
    const x = tensor([
      [1, 2],
      [3, 4],
    ]);
    expect(derivative((m) => einsum("ii->i", m))(x).toArray()).toEqual([
      [1, 0],
      [0, 1],
    ]);
    expect(derivative((m) => einsum("ij,ij->", m, m))(x).toArray()).toEqual([
      [2, 4],
      [6, 8],
    ]);
  });

  test("meets types as multiplication does", () => {
    const i = tensor([1, 2], { dtype: "i32" });
    expect(einsum("i,i->", i, i).dtype).toBe("i32");
    expect(einsum("i,i->", i, tensor([0.5, 1])).item()).toBe(2.5);
    expect(einsum("i->", tensor([true, true])).item()).toBe(2);
    expect(einsum("i->i", tensor([1, 2], { dtype: "f16" })).dtype).toBe("f32");
  });

  test("names the spec in every message", () => {
    const x = tensor([
      [1, 2, 3],
      [4, 5, 6],
    ]);
    expect(() => einsum("ij,jk->ik", x)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: einsum "ij,jk->ik": has 2 terms, but the number of tensors is 1]`,
    );
    expect(() => einsum("ij,jk->ik", x, x)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: einsum "ij,jk->ik": axis j has size 3 in one place and 2 in operand 1 of shape [2, 3]]`,
    );
    expect(() => einsum("ijk->i", x)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: einsum "ijk->i": "ijk" names 3 axes, operand 0 has shape [2, 3]]`,
    );
    expect(() => einsum("ijk...->i...", x)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: einsum "ijk...->i...": "ijk..." names 3 axes or more, operand 0 has shape [2, 3]]`,
    );
    expect(() => einsum("ij->k", x)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: einsum: the spec "ij->k" has k in the result, but in no operand]`,
    );
    expect(() => einsum("ij->ii", x)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: einsum: the spec "ij->ii" has i more than once in the result]`,
    );
    expect(() => einsum("i.j->i", x)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: einsum: the spec "i.j->i": "i.j" is more than letters and one "..."]`,
    );
    expect(() => einsum("ij->i->j", x)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: einsum: the spec "ij->i->j" has "->" more than once]`,
    );
    expect(() => einsum("i...->i", x)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: einsum: the spec "i...->i" must have "..." in the result, as the operands do]`,
    );
    expect(() => einsum("ii->i", x)).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: einsum "ii->i": axis i has size 2 in one place and 3 in operand 0 of shape [2, 3]]`,
    );
    expect(() =>
      einsum("i...,i...->i...", x, x.sum(1, { keepDims: true }).tile([1, 2])),
    ).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: einsum "i...,i...->i...": an axis of the ellipsis has size 3 in one place and 2 in operand 1 of shape [2, 2]]`,
    );
    expect(() => einsum(3 as never, x)).toThrowErrorMatchingInlineSnapshot(
      `[ValueError: einsum: expected a spec such as "ij,jk->ik", got 3]`,
    );
    expect(() => einsum("i", 3 as never)).toThrowErrorMatchingInlineSnapshot(
      `[InkgradError: einsum: expected a tensor, got the number 3; make one with tensor(…)]`,
    );
    expect(() => einsum("")).toThrowErrorMatchingInlineSnapshot(
      `[ShapeError: einsum "": has 1 terms, but the number of tensors is 0]`,
    );
  });
});
