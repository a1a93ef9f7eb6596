import { describe, expect, it } from "vitest";
import type { DType } from "@src/base/dtype.js";
import { builder as b } from "@src/graph/builder.js";
import { constantNode } from "@src/graph/node.js";
import { print } from "@src/graph/print.js";
import { rewrite } from "@src/graph/rewrite.js";
import { type RuleName, rules } from "@src/graph/rewrites/table.js";
import type { Node } from "@src/ops/op.js";
import { stopped } from "@src/ops/recipes.js";
import { type Argument, argument, evaluateGraph } from "../../support/evaluate-graph.js";

const hard = [0, -0, 1, -1, NaN, Infinity, -Infinity, 0.5, -2.5, 1e-40, 3e38, 7];
const x = argument([3, 4], "f32", hard);
const y = argument([3, 4], "f32", [...hard].reverse());
const i = argument([3, 4], "i32", [0, 1, -1, 2 ** 31 - 1, -(2 ** 31), 7, -9]);
const j = argument([3, 4], "i32", [5, -(2 ** 31), 3, -1, 0]);
const u = argument([3, 4], "u32", [0, 1, 2 ** 32 - 1, 9]);
const c = argument([3, 4], "bool", [0, 1, 1]);
const one = argument([1, 4], "f32", hard);
const cube = argument([2, 1, 3], "f32", hard);
const args: readonly Argument[] = [x, y, i, j, u, c, one, cube];
const [X, Y, I, J, U, C, ONE, CUBE] = args.map(({ node }) => node as Node);

const full = (like: Node, value: number): Node =>
  b.full({ shape: like.shape, dtype: like.dtype, value });
const fullOf = (shape: number[], value: number, dtype: DType = "f32"): Node =>
  b.full({ shape, value, dtype });
const slice = (from: Node, start: number[], stop: number[], step = start.map(() => 1)): Node =>
  b.slice(from, { start, stop, step });
const pad = (from: Node, low: number[], high: number[], value = 0): Node =>
  b.pad(from, { low, high, interior: low.map(() => 0), value });
const small = (): Node => constantNode(Float32Array.of(1, -0, NaN, 4), [2, 2], "f32");

type Case = readonly [before: Node, after: Node];

/** For every rule graphs that it changes, and what it makes of them, by itself. */
const cases: { readonly [K in RuleName]: readonly Case[] } = {
  foldElementwise: [
    [b.div(fullOf([2], 1), fullOf([2], 3)), fullOf([2], Math.fround(1 / 3))],
    [b.add(fullOf([2], 2 ** 31 - 1, "i32"), fullOf([2], 1, "i32")), fullOf([2], -(2 ** 31), "i32")],
    [b.cast(fullOf([2], NaN), { dtype: "u8" }), fullOf([2], 0, "u8")],
    [b.mul(fullOf([], 0.1), fullOf([], 1)), fullOf([], Math.fround(0.1))],
  ],
  foldView: [
    [
      b.permute(b.full({ shape: [2, 3], value: 5, dtype: "i32" }), { axes: [1, 0] }),
      fullOf([3, 2], 5, "i32"),
    ],
    [b.expand(constantNode(Float32Array.of(7), [1], "f32"), { shape: [90] }), fullOf([90], 7)],
  ],
  foldPad: [
    [pad(fullOf([2], 0), [1], [0]), fullOf([3], 0)],
    [pad(fullOf([0], 3), [1], [1], 2), fullOf([2], 2)],
  ],
  foldConcat: [[b.concat([fullOf([2], 4), fullOf([3], 4)], { axis: 0 }), fullOf([5], 4)]],
  foldIota: [[b.iota({ size: 1, dtype: "i32" }), fullOf([1], 0, "i32")]],
  foldSmall: [
    [b.mul(small(), full(small(), 2)), constantNode(Float32Array.of(2, -0, NaN, 8), [2, 2], "f32")],
  ],
  foldSmallView: [
    [b.flip(small(), { axes: [1] }), constantNode(Float32Array.of(-0, 1, 4, NaN), [2, 2], "f32")],
  ],
  identityIsInput: [[b.identity(X), X]],
  customIsValue: [[stopped(b, X), X]],
  emptyIsFull: [
    [slice(X, [0, 0], [0, 4]), fullOf([0, 4], 0)],
    [b.add(slice(X, [3, 0], [3, 4]), fullOf([0, 4], 1)), fullOf([0, 4], 0)],
  ],
  computeBeforeExpand: [
    [b.exp(b.expand(ONE, { shape: [3, 4] })), b.expand(b.exp(ONE), { shape: [3, 4] })],
    [b.sub(2, b.expand(ONE, { shape: [3, 4] })), b.expand(b.sub(2, ONE), { shape: [3, 4] })],
  ],
  addNothing: [
    [b.add(X, -0), X],
    [b.add(full(X, -0), X), X],
    [b.add(I, 0), I],
  ],
  subtractNothing: [[b.sub(X, 0), X]],
  subtractFromNothing: [
    [b.sub(-0, X), b.neg(X)],
    [b.sub(0, I), b.neg(I)],
  ],
  subtractItself: [[b.sub(I, I), full(I, 0)]],
  multiplyByUnit: [
    [b.mul(X, 1), X],
    [b.mul(-1, X), b.neg(X)],
    [b.mul(I, 0), full(I, 0)],
  ],
  divideByUnit: [
    [b.div(X, 1), X],
    [b.div(X, -1), b.neg(X)],
    [b.div(I, -1), b.neg(I)],
  ],
  divideByPowerOfTwo: [
    [b.div(X, 8), b.mul(X, 0.125)],
    [b.div(X, -0.5), b.mul(X, -2)],
  ],
  negateTwice: [
    [b.neg(b.neg(X)), X],
    [b.neg(b.neg(I)), I],
  ],
  addNegative: [
    [b.add(X, b.neg(Y)), b.sub(X, Y)],
    [b.add(b.neg(Y), X), b.sub(X, Y)],
  ],
  subtractNegative: [[b.sub(X, b.neg(Y)), b.add(X, Y)]],
  negativesCancel: [
    [b.mul(b.neg(X), b.neg(Y)), b.mul(X, Y)],
    [b.div(b.neg(X), b.neg(Y)), b.div(X, Y)],
    [b.mul(b.neg(I), b.neg(J)), b.mul(I, J)],
  ],
  absolute: [
    [b.abs(b.abs(X)), b.abs(X)],
    [b.abs(b.neg(X)), b.abs(X)],
    [b.abs(b.neg(I)), b.abs(I)],
    [b.abs(U), U],
  ],
  roundWhole: [
    [b.floor(b.ceil(X)), b.ceil(X)],
    [b.round(b.sign(X)), b.sign(X)],
    [b.floor(I), I],
  ],
  signOfSign: [[b.sign(b.sign(X)), b.sign(X)]],
  trivialPower: [
    [b.pow(X, 0), full(X, 1)],
    [b.pow(X, 1), X],
    [b.pow(I, 1), I],
  ],
  square: [[b.pow(X, 2), b.mul(X, X)]],
  extremeOfSame: [[b.maximum(X, X), X]],
  extremeOfBound: [
    [b.maximum(X, -Infinity), X],
    [b.minimum(Infinity, X), X],
    [b.minimum(U, 2 ** 32 - 1), U],
    [b.maximum(I, -(2 ** 31)), I],
    [b.maximum(C, 0), C],
  ],
  notTwice: [
    [b.logicalNot(b.logicalNot(C)), C],
    [b.bitwiseNot(b.bitwiseNot(I)), I],
  ],
  notEqualTo: [
    [b.logicalNot(b.equal(X, Y)), b.notEqual(X, Y)],
    [b.logicalNot(b.notEqual(X, Y)), b.equal(X, Y)],
  ],
  sameTwice: [
    [b.logicalAnd(C, C), C],
    [b.bitwiseOr(U, U), U],
  ],
  exclusiveSame: [
    [b.logicalXor(C, C), full(C, 0)],
    [b.bitwiseXor(I, I), full(I, 0)],
  ],
  knownTruth: [
    [b.logicalAnd(C, 1), C],
    [b.logicalAnd(0, C), full(C, 0)],
    [b.logicalOr(C, 0), C],
    [b.logicalOr(C, 1), full(C, 1)],
    [b.logicalXor(C, 0), C],
    [b.logicalXor(C, 1), b.logicalNot(C)],
  ],
  shiftByNothing: [
    [b.leftShift(I, 0), I],
    [b.rightShift(U, 0), U],
  ],
  compareWithItself: [
    [b.less(X, X), full(C, 0)],
    [b.equal(I, I), full(C, 1)],
    [b.notEqual(I, I), full(C, 0)],
    [b.greaterEqual(U, U), full(C, 1)],
  ],
  alwaysFinite: [
    [b.isNaN(I), full(C, 0)],
    [b.isFinite(C), full(C, 1)],
  ],
  chooseKnown: [
    [b.where(full(C, 1), X, Y), X],
    [b.where(full(C, 0), X, Y), Y],
    [b.where(C, X, X), X],
  ],
  chooseByNot: [[b.where(b.logicalNot(C), X, Y), b.where(C, Y, X)]],
  chooseTruth: [
    [b.where(C, full(C, 1), full(C, 0)), C],
    [b.where(C, full(C, 0), full(C, 1)), b.logicalNot(C)],
  ],
  chooseOnce: [
    [b.where(C, b.where(C, X, Y), full(X, 2)), b.where(C, X, full(X, 2))],
    [b.where(C, X, b.where(C, Y, full(X, 2))), b.where(C, X, full(X, 2))],
  ],
  castToSame: [[b.cast(X, { dtype: "f32" }), X]],
  castThrough: [
    [b.cast(b.cast(X, { dtype: "f64" }), { dtype: "i32" }), b.cast(X, { dtype: "i32" })],
    [b.cast(b.cast(I, { dtype: "f64" }), { dtype: "f32" }), b.cast(I, { dtype: "f32" })],
    [b.cast(b.cast(C, { dtype: "u8" }), { dtype: "f32" }), b.cast(C, { dtype: "f32" })],
    [b.cast(b.cast(C, { dtype: "f32" }), { dtype: "i32" }), b.cast(C, { dtype: "i32" })],
  ],
  reshapeToSame: [
    [b.reshape(X, { shape: [3, 4] }), X],
    [b.expand(X, { shape: [3, 4] }), X],
  ],
  reshapeTwice: [
    [b.reshape(b.reshape(X, { shape: [12] }), { shape: [2, 6] }), b.reshape(X, { shape: [2, 6] })],
  ],
  expandTwice: [
    [
      b.expand(b.expand(ONE, { shape: [3, 4] }), { shape: [2, 3, 4] }),
      b.expand(ONE, { shape: [2, 3, 4] }),
    ],
  ],
  permuteNothing: [[b.permute(X, { axes: [0, 1] }), X]],
  permuteOnes: [[b.permute(CUBE, { axes: [1, 0, 2] }), b.reshape(CUBE, { shape: [1, 2, 3] })]],
  permuteTwice: [
    [
      b.permute(b.permute(CUBE, { axes: [2, 0, 1] }), { axes: [0, 2, 1] }),
      b.permute(CUBE, { axes: [2, 1, 0] }),
    ],
  ],
  flipNothing: [
    [b.flip(CUBE, { axes: [1] }), CUBE],
    [b.flip(CUBE, { axes: [0, 1] }), b.flip(CUBE, { axes: [0] })],
  ],
  flipTwice: [[b.flip(b.flip(X, { axes: [0, 1] }), { axes: [1] }), b.flip(X, { axes: [0] })]],
  sliceEverything: [[slice(X, [0, 0], [3, 4]), X]],
  sliceTwice: [
    [
      slice(slice(X, [1, 0], [3, 4], [1, 2]), [1, 0], [2, 2], [1, 2]),
      slice(X, [2, 0], [3, 1], [1, 4]),
    ],
    [slice(slice(X, [1, 0], [3, 4], [1, 2]), [0, 1], [2, 2]), slice(X, [1, 2], [3, 3], [1, 2])],
  ],
  sliceOfPad: [[slice(pad(X, [1, 2], [1, 0]), [1, 3], [3, 6]), slice(X, [0, 1], [2, 4])]],
  sliceOfConcat: [[slice(b.concat([X, Y], { axis: 0 }), [3, 1], [5, 4]), slice(Y, [0, 1], [2, 4])]],
  padNothing: [[pad(X, [0, 0], [0, 0]), X]],
  padTwice: [[pad(pad(X, [1, 0], [0, 2], 7), [0, 1], [1, 1], 7), pad(X, [1, 1], [1, 3], 7)]],
  concatNothing: [
    [b.concat([X], { axis: 1 }), X],
    [b.concat([X, slice(X, [0, 0], [0, 4]), Y], { axis: 0 }), b.concat([X, Y], { axis: 0 })],
  ],
  concatTwice: [
    [b.concat([X, b.concat([Y, X], { axis: 0 })], { axis: 0 }), b.concat([X, Y, X], { axis: 0 })],
  ],
  windowsOfNothing: [[b.windows(X, { axes: [], size: [], strides: [], dilation: [] }), X]],
  reduceSingle: [
    [b.max(CUBE, { axes: [1] }), b.reshape(CUBE, { shape: [2, 3] })],
    [b.any(C, { axes: [] }), b.reshape(C, { shape: [3, 4] })],
  ],
  sumOfSingleIntegers: [[b.sum(I, { axes: [] }), b.reshape(I, { shape: [3, 4] })]],
  sumOfSingle: [[b.sum(CUBE, { axes: [1] }), b.reshape(CUBE, { shape: [2, 3] })]],
  reduceTwice: [
    [b.max(b.max(X, { axes: [0] }), { axes: [0] }), b.max(X, { axes: [0, 1] })],
    [b.all(b.all(C, { axes: [1] }), { axes: [0] }), b.all(C, { axes: [0, 1] })],
  ],
  reduceIntegersTwice: [
    [b.prod(b.prod(I, { axes: [1] }), { axes: [0] }), b.prod(I, { axes: [0, 1] })],
  ],
  sumTwice: [[b.sum(b.sum(CUBE, { axes: [1] }), { axes: [0] }), b.sum(CUBE, { axes: [0, 1] })]],
  sumOfFull: [
    [b.sum(fullOf([2, 3], 1), { axes: [1] }), fullOf([2], 3)],
    [b.sum(fullOf([2, 3], -0), { axes: [0] }), fullOf([3], 0)],
    [b.sum(fullOf([2], 2 ** 31 - 1, "i32"), { axes: [0] }), fullOf([], -2, "i32")],
  ],
  extremeOfFull: [
    [b.max(fullOf([2, 3], NaN), { axes: [1] }), fullOf([2], NaN)],
    [b.all(fullOf([2, 3], 1, "bool"), { axes: [0, 1] }), fullOf([], 1, "bool")],
  ],
  productOfOnes: [
    [b.prod(fullOf([2, 3], 1), { axes: [1] }), fullOf([2], 1)],
    [b.prod(slice(X, [0, 0], [0, 4]), { axes: [0] }), fullOf([4], 1)],
  ],
  reduceNothing: [
    [b.sum(slice(X, [0, 0], [0, 4]), { axes: [0] }), fullOf([4], 0)],
    [b.all(slice(C, [0, 0], [0, 4]), { axes: [0] }), fullOf([4], 1, "bool")],
  ],
  sortEqual: [
    [b.sort(CUBE, { axis: 1, descending: false }), CUBE],
    [b.sort(fullOf([3], 2), { axis: 0, descending: true }), fullOf([3], 2)],
  ],
};

/** The same computation where it should not change: a rule must know its limits. */
const untouched: readonly (readonly [string, Node])[] = [
  ["x + 0 is 0 at −0", b.add(X, 0)],
  ["x · 0 is NaN at NaN", b.mul(X, 0)],
  ["x − x is NaN at ∞", b.sub(X, X)],
  ["0 − x is 0 at 0, −x is −0", b.sub(0, X)],
  ["x − (−0) is 0 at −0", b.sub(X, -0)],
  ["a third is no f32", b.div(X, 3)],
  ["integers drop the fraction", b.div(I, 2)],
  ["−(−2³¹) overflows", b.div(b.neg(I), b.neg(J))],
  ["x = x is false at NaN", b.equal(X, X)],
  [
    "an integer too wide for u8 wraps, a float is held at 255",
    b.cast(b.cast(I, { dtype: "f64" }), { dtype: "u8" }),
  ],
  ["f32 has no room for every i32", b.cast(b.cast(I, { dtype: "f32" }), { dtype: "i32" })],
  ["a sum of tenths is rounded", b.sum(fullOf([3], 0.1), { axes: [0] })],
  ["a sum from 0 makes −0 a 0", b.fold(X, { axes: [], spatial: [], strides: [], dilation: [] })],
  ["padding of two kinds", pad(pad(X, [1, 1], [1, 1], 1), [1, 1], [1, 1], 0)],
  ["a slice that reaches into the padding", slice(pad(X, [1, 1], [1, 1]), [0, 0], [2, 2])],
  ["a slice of two parts", slice(b.concat([X, Y], { axis: 0 }), [2, 0], [4, 4])],
];

const evaluate = (node: Node): string[] => {
  const inputs = args.map((arg) => arg.node);
  const [value] = evaluateGraph(
    [node],
    inputs,
    args.map((arg) => arg.value),
  );
  return Array.from(value, (v) => (Object.is(v, -0) ? "-0" : String(v)));
};

/** The graph as text, the elements of its constants with it. */
const form = (node: Node): string => {
  const { value } = node as { value?: ArrayLike<number> | null };
  return (
    print([node]) +
    (value ? ` ${Array.from(value, (v) => (Object.is(v, -0) ? "-0" : v)).join()}` : "")
  );
};

describe.each(Object.entries(cases) as [RuleName, readonly Case[]][])("%s", (name, examples) => {
  it.each(examples.map(([before, after]) => [print([before]), before, after] as const))(
    "changes\n%s",
    (_text, before, after) => {
      const fired: string[] = [];
      const [result] = rewrite([before], { rules: [name], onRule: (rule) => fired.push(rule) });
      expect(fired).toContain(name);
      expect(form(result)).toBe(form(after));
      if (rules[name].inexact === undefined) expect(evaluate(result)).toEqual(evaluate(before));
    },
  );
});

describe("no exact rule changes", () => {
  it.each(untouched)("%s", (_why, node) => {
    expect(rewrite([node], { rules: Object.keys(cases) as RuleName[] })[0]).toBe(node);
  });
});
