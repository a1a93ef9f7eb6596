import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sizeOf, stridesOf } from "@src/base/shape.js";
import { builder as b } from "@src/graph/builder.js";
import { constantNode } from "@src/graph/node.js";
import type { Layout, Lowering } from "@src/ops/lowering.js";
import type { Node } from "@src/ops/op.js";
import { ops } from "@src/ops/table.js";
import { evaluateGraph } from "../support/evaluate-graph.js";
import { Picker } from "../support/picker.js";

type Index = readonly number[];

/** A tensor as its shape and a function of the index: what movement means, without strides. */
interface Meaning {
  readonly shape: readonly number[];
  readonly at: (index: Index) => number;
}

/** One movement: of the node, and of what it means. */
interface Move {
  readonly name: string;
  readonly node: (x: Node) => Node;
  readonly meaning: (x: Meaning) => Meaning;
}

const flatIndex = (index: Index, shape: readonly number[]): number =>
  index.reduce((flat, i, axis) => flat * shape[axis] + i, 0);

function indexOf(flat: number, shape: readonly number[]): number[] {
  const index = shape.map(() => 0);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = flat % shape[axis];
    flat = Math.floor(flat / shape[axis]);
  }
  return index;
}

const elements = ({ shape, at }: Meaning): number[] =>
  Array.from({ length: sizeOf(shape) }, (_, i) => at(indexOf(i, shape)));

/** Ways to write a number of elements as a shape. */
function someShape(size: number, pick: Picker): number[] {
  if (size === 0) return pick.one([[0], [0, 2], [3, 0], [1, 0, 2]]);
  const shape: number[] = [];
  for (let rest = size; rest > 1;) {
    const divisor = pick.one([2, 3, 4, 6, rest].filter((n) => rest % n === 0));
    shape.push(divisor);
    rest /= divisor;
  }
  return pick.shuffled([...shape, ...pick.some([1, 1])]);
}

const moves: { readonly [name: string]: (shape: readonly number[], pick: Picker) => Move } = {
  reshape(shape, pick) {
    const to = someShape(sizeOf(shape), pick);
    return {
      name: "reshape",
      node: (x) => b.reshape(x, { shape: to }),
      meaning: ({ at }) => ({ shape: to, at: (index) => at(indexOf(flatIndex(index, to), shape)) }),
    };
  },
  permute(shape, pick) {
    const axes = pick.shuffled([...shape.keys()]);
    return {
      name: "permute",
      node: (x) => b.permute(x, { axes }),
      meaning: ({ at }) => ({
        shape: axes.map((axis) => shape[axis]),
        at: (index) => at(shape.map((_, axis) => index[axes.indexOf(axis)])),
      }),
    };
  },
  expand(shape, pick) {
    const front = pick.some([2, 1]);
    const to = [...front, ...shape.map((n) => (n === 1 ? pick.one([0, 1, 2, 3]) : n))];
    return {
      name: "expand",
      node: (x) => b.expand(x, { shape: to }),
      meaning: ({ at }) => ({
        shape: to,
        at: (index) => at(shape.map((n, axis) => (n === 1 ? 0 : index[front.length + axis]))),
      }),
    };
  },
  slice(shape, pick) {
    const start = shape.map((n) => pick.below(n + 1));
    const stop = shape.map((n, axis) => start[axis] + pick.below(n - start[axis] + 1));
    const step = shape.map(() => 1 + pick.below(3));
    return {
      name: "slice",
      node: (x) => b.slice(x, { start, stop, step }),
      meaning: ({ at }) => ({
        shape: start.map((from, axis) => {
          let count = 0;
          for (let i = from; i < stop[axis]; i += step[axis]) count++;
          return count;
        }),
        at: (index) => at(index.map((i, axis) => start[axis] + i * step[axis])),
      }),
    };
  },
  flip(shape, pick) {
    const axes = pick.some([...shape.keys()]);
    return {
      name: "flip",
      node: (x) => b.flip(x, { axes }),
      meaning: ({ at }) => ({
        shape,
        at: (index) => at(index.map((i, axis) => (axes.includes(axis) ? shape[axis] - 1 - i : i))),
      }),
    };
  },
  pad(shape, pick) {
    const counts = (): number[] => shape.map(() => pick.below(3));
    const [low, high, interior] = [counts(), counts(), counts()];
    return {
      name: "pad",
      node: (x) => b.pad(x, { low, high, interior, value: -1 }),
      meaning: ({ at }) => ({
        shape: shape.map((n, i) => low[i] + high[i] + n + Math.max(n - 1, 0) * interior[i]),
        at(index) {
          const from = index.map((i, axis) => (i - low[axis]) / (interior[axis] + 1));
          return from.every((i, axis) => Number.isInteger(i) && i >= 0 && i < shape[axis])
            ? at(from)
            : -1;
        },
      }),
    };
  },
  windows(shape, pick) {
    const axes = pick.some([...shape.keys()].filter((axis) => shape[axis] > 0));
    const size = axes.map((axis) => 1 + pick.below(Math.min(shape[axis], 3)));
    const dilation = axes.map((axis, i) =>
      (size[i] - 1) * 2 < shape[axis] ? 1 + pick.below(2) : 1,
    );
    const strides = axes.map(() => 1 + pick.below(3));
    const counts = shape.map((n, axis) => {
      const i = axes.indexOf(axis);
      if (i < 0) return n;
      let count = 0;
      while (count * strides[i] + dilation[i] * (size[i] - 1) < n) count++;
      return count;
    });
    return {
      name: "windows",
      node: (x) => b.windows(x, { axes, size, strides, dilation }),
      meaning: ({ at }) => ({
        shape: [...counts, ...size],
        at: (index) =>
          at(
            shape.map((_, axis) => {
              const i = axes.indexOf(axis);
              const inside = index[shape.length + i];
              return i < 0 ? index[axis] : index[axis] * strides[i] + inside * dilation[i];
            }),
          ),
      }),
    };
  },
};

const shapes = fc.array(fc.constantFrom(0, 1, 1, 2, 2, 3, 4, 6), { maxLength: 4 });
const seed = fc.noBias(fc.integer());

const counted = (shape: readonly number[]): { node: Node; meaning: Meaning } => {
  const values = Float32Array.from({ length: sizeOf(shape) }, (_, i) => i);
  return {
    node: constantNode(values, shape, "f32"),
    meaning: { shape, at: (index) => flatIndex(index, shape) },
  };
};

describe.each(Object.keys(moves))("%s", (name) => {
  it("has the shape and the elements that it means", () => {
    fc.assert(
      fc.property(shapes, seed, (shape, number) => {
        const { node, meaning } = counted(shape);
        const move = moves[name](shape, new Picker(number));
        const [moved, expected] = [move.node(node), move.meaning(meaning)];
        expect(moved.shape).toEqual(expected.shape);
        expect(Array.from(evaluateGraph([moved])[0])).toEqual(elements(expected));
      }),
      { numRuns: 100 },
    );
  });
});

describe("layouts", () => {
  /** The strides of a chain of views, as a backend follows them; null where a copy is needed. */
  function layoutOf(node: Node, source: Layout): Layout | null {
    const lower = ops[node.op].lower as Lowering<object>;
    return lower.kind === "view" ? lower.layout(source, node.attrs, node.shape) : null;
  }

  const read = ({ shape, strides, offset }: Layout): number[] =>
    Array.from({ length: sizeOf(shape) }, (_, i) =>
      indexOf(i, shape).reduce((at, index, axis) => at + index * strides[axis], offset),
    );

  it("of views of views and a reshape read the elements that copying gives", () => {
    let [views, copies] = [0, 0];
    const names = ["permute", "slice", "flip", "expand", "windows"];
    fc.assert(
      fc.property(shapes, fc.array(seed, { maxLength: 4 }), seed, (shape, seeds, last) => {
        let { node, meaning } = counted(shape);
        let layout: Layout = { shape, strides: stridesOf(shape), offset: 0 };
        for (const number of seeds) {
          const pick = new Picker(number);
          const move = moves[pick.one(names)](node.shape, pick);
          if (sizeOf(move.meaning(meaning).shape) > 500) continue;
          [node, meaning] = [move.node(node), move.meaning(meaning)];
          layout = layoutOf(node, layout)!;
          expect(read(layout)).toEqual(elements(meaning));
        }
        const move = moves.reshape(node.shape, new Picker(last));
        const reshaped = layoutOf(move.node(node), layout);
        if (reshaped === null) return void copies++;
        views++;
        expect(reshaped.shape).toEqual(move.node(node).shape);
        expect(read(reshaped)).toEqual(elements(move.meaning(meaning)));
      }),
      { numRuns: 800 },
    );
    expect(views).toBeGreaterThan(100);
    expect(copies).toBeGreaterThan(20);
  });

  it("of a reshape are found wherever there are any", () => {
    // Every way to give strides to the new shape, tried by brute force.
    const small = fc.array(fc.constantFrom(1, 2, 3), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(
        small,
        fc.array(seed, { minLength: 1, maxLength: 2 }),
        seed,
        (shape, seeds, last) => {
          let { node } = counted(shape);
          let layout: Layout = { shape, strides: stridesOf(shape), offset: 0 };
          for (const number of seeds) {
            const pick = new Picker(number);
            node = moves[pick.one(["permute", "slice", "flip", "expand"])](node.shape, pick).node(
              node,
            );
            layout = layoutOf(node, layout)!;
          }
          const target = moves.reshape(node.shape, new Picker(last)).node(node);
          const wanted = read(layout);
          // The strides can only be the distance of the second element along each axis.
          const steps = stridesOf(target.shape);
          const strides = target.shape.map((n, axis) =>
            n > 1 ? wanted[steps[axis]] - wanted[0] : 0,
          );
          const guess = read({ shape: target.shape, strides, offset: wanted[0] ?? 0 });
          const possible = guess.every((at, i) => at === wanted[i]);
          expect(layoutOf(target, layout) !== null).toBe(possible);
        },
      ),
      { numRuns: 500 },
    );
  });
});
