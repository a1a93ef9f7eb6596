import { describe, expect, it } from "vitest";
import { fuse } from "@src/compile/fuse.js";
import type { KernelProgram } from "@src/backend/program.js";
import { builder as b } from "@src/graph/builder.js";
import { type GraphNode, placeholderNode } from "@src/graph/node.js";
import { schedule } from "@src/graph/schedule.js";
import type { Node } from "@src/ops/op.js";

const trace = { open: false, outer: [] };
const input = (...shape: number[]): GraphNode => placeholderNode(shape, "f32", trace);

function kernelsOf(outputs: readonly Node[], inputs: readonly GraphNode[]): KernelProgram {
  return fuse(schedule(outputs as GraphNode[], inputs));
}
const kinds = ({ kernels }: KernelProgram): string[] => kernels.map(({ kind }) => kind);

describe("fuse", () => {
  it("puts a chain of elementwise operations and views into one loop", () => {
    const [x, y] = [input(3, 4), input(4, 3)];
    const moved = b.permute(b.add(b.mul(x, x), 1), { axes: [1, 0] });
    const out = b.where(b.less(moved, y), b.neg(y), b.sqrt(moved));
    expect(kinds(kernelsOf([out], [x, y]))).toEqual(["loop"]);
  });

  it("computes what goes into a sum within the sum", () => {
    const x = input(5, 6);
    expect(kinds(kernelsOf([b.sum(b.mul(b.exp(x), 2), { axes: [1] })], [x]))).toEqual(["reduce"]);
  });

  it("reads a transposed operand of a product where it lies", () => {
    const [x, y] = [input(5, 6), input(5, 7)];
    const program = kernelsOf([b.matmul(b.permute(x, { axes: [1, 0] }), y)], [x, y]);
    expect(kinds(program)).toEqual(["matmul"]);
    const [kernel] = program.kernels;
    expect(kernel.kind === "matmul" && kernel.x.layout.strides).toEqual([1, 6]);
  });

  it("computes once what is dear and used twice", () => {
    const x = input(8);
    const dear = b.exp(x);
    const cheap = b.add(x, 1);
    // exp is stored for the sum, in the loop that negates it.
    expect(kinds(kernelsOf([b.sum(dear, { axes: [0] }), b.neg(dear)], [x]))).toEqual([
      "loop",
      "reduce",
    ]);
    expect(kinds(kernelsOf([b.sum(cheap, { axes: [0] }), b.neg(cheap)], [x]))).toHaveLength(2);
  });

  it("copies where no layout can say a reshape", () => {
    const [x, y] = [input(3, 4), input(6, 2)];
    const flat = b.reshape(b.permute(x, { axes: [1, 0] }), { shape: [12] });
    const program = kernelsOf([b.matmul(b.reshape(flat, { shape: [2, 6] }), y)], [x, y]);
    expect(kinds(program)).toEqual(["loop", "matmul"]);
  });

  it("leaves by itself what has no kernel of loops", () => {
    const x = input(4);
    const sorted = b.sort(b.neg(x), { axis: 0, descending: false });
    expect(kinds(kernelsOf([b.add(sorted, 1)], [x]))).toEqual(["loop", "operation", "loop"]);
  });

  it("updates parameters and moments of one shape in one pass", () => {
    const [p, m, v, g] = [input(5, 6), input(5, 6), input(5, 6), input(5, 6)];
    const m2 = b.add(b.mul(m, 0.9), b.mul(g, 0.1));
    const v2 = b.add(b.mul(v, 0.99), b.mul(b.mul(g, g), 0.01));
    const p2 = b.sub(p, b.div(m2, b.add(b.sqrt(v2), 1e-8)));
    const program = fuse(schedule([p2, m2, v2] as GraphNode[], [p, m, v, g]), {
      donated: new Map([[0, 0], [1, 1], [2, 2]]), // prettier-ignore
    });
    const [kernel] = program.kernels;
    expect(kinds(program)).toEqual(["loop"]);
    expect(kernel.kind === "loop" && kernel.stores).toHaveLength(3);
    expect(program.inPlace.size).toBe(3);
  });

  it("copies at the end what cannot be written over its input", () => {
    const [x, y] = [input(4, 4), input(4, 4)];
    const turned = b.permute(x, { axes: [1, 0] });
    const program = fuse(schedule([b.add(turned, y), b.matmul(x, y)] as GraphNode[], [x, y]), {
      donated: new Map([[0, 0], [1, 1]]), // prettier-ignore
    });
    expect(kinds(program)).toEqual(["loop", "matmul", "loop", "loop"]);
    expect(program.inPlace.size).toBe(2);
  });

  it("stores what comes from windows in the order of what they lie over", () => {
    const x = input(2, 4, 6, 8);
    const attrs = { axes: [1, 2], size: [2, 2], strides: [2, 2], dilation: [1, 1] };
    const powers = b.exp(b.windows(x, attrs));
    const sums = b.sum(powers, { axes: [4, 5] });
    const program = kernelsOf([sums, b.max(powers, { axes: [4, 5] })], [x]);
    const [loop] = program.kernels;
    // [n, oh, ow, c, kh, kw] as [n, oh, kh, ow, kw, c]: one stretch of memory from end to end.
    expect(loop.kind === "loop" && loop.space).toEqual([2, 2, 2, 3, 2, 8]);
    expect(loop.kind === "loop" && loop.stores[0].to.layout.strides).toEqual([
      192, 96, 48, 16, 8, 1,
    ]);
  });

  it("folds in one pass what reads the same, and computes a part of both once", () => {
    const [x, g] = [input(6, 4, 5), input(6, 4, 5)];
    const axes = [0, 1];
    const kept = b.where(b.lessEqual(x, 0), 0, g);
    const sums = [b.sum(kept, { axes }), b.sum(b.mul(kept, x), { axes }), b.max(x, { axes })];
    const program = kernelsOf(sums, [x, g]);
    expect(kinds(program)).toEqual(["reduce"]);
    const [kernel] = program.kernels;
    if (kernel.kind !== "reduce") throw new Error("not a fold");
    expect(kernel.folds.map(({ fn }) => fn)).toEqual(["sum", "sum", "max"]);
    const [sum, product] = kernel.folds.map(({ value }) => value);
    expect(product.kind === "call" && product.args[0]).toBe(sum);
  });

  it("leaves folds apart that need each other, or share no more than what is small", () => {
    const [x, y, s] = [input(6, 5), input(6, 5), input(5)];
    const mean = b.div(b.sum(x, { axes: [0] }), 6);
    const away = b.sub(x, b.expand(b.reshape(mean, { shape: [1, 5] }), { shape: [6, 5] }));
    const variance = b.sum(b.mul(away, away), { axes: [0] });
    const [first, last] = kernelsOf([mean, variance], [x]).kernels.filter(
      ({ kind }) => kind === "reduce",
    );
    for (const kernel of [first, last])
      expect(kernel.kind === "reduce" && kernel.folds).toHaveLength(1);
    const scaled = (z: Node): Node => b.mul(z, b.expand(s, { shape: [6, 5] }));
    const sums = [x, y].map((z) => b.sum(scaled(z), { axes: [0] }));
    expect(kinds(kernelsOf(sums, [x, y, s]))).toEqual(["reduce", "reduce"]);
  });

  it("computes again what is cheap and does not fit into the cache, and keeps what does", () => {
    const twice = (...shape: number[]): string[] => {
      const [x, s] = [input(...shape), input(shape[1])];
      const wide = b.expand(s, { shape });
      const value = b.add(b.mul(b.sub(x, wide), b.add(x, 2)), 1);
      const outputs = [b.sum(value, { axes: [0] }), b.sum(value, { axes: [1] })];
      return kinds(kernelsOf(outputs, [x, s]));
    };
    expect(twice(2048, 256)).toEqual(["reduce", "reduce"]);
    expect(twice(64, 32)).toEqual(["loop", "reduce", "reduce"]);
  });

  it("keeps a large cheap value on which windows lie that overlap", () => {
    const x = input(1, 512, 512, 2);
    const value = b.add(b.mul(b.sub(x, 1), b.add(x, 2)), 1);
    const attrs = { axes: [1, 2], size: [3, 3], strides: [1, 1], dilation: [1, 1] };
    const outputs = [b.max(b.windows(value, attrs), { axes: [4, 5] }), b.sum(value, { axes: [0] })];
    expect(kinds(kernelsOf(outputs, [x]))[0]).toBe("loop");
  });
});
