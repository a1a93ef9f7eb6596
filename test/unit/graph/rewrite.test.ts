import { describe, expect, it } from "vitest";
import { builder as b } from "@src/graph/builder.js";
import { constantNode, type GraphNode, placeholderNode } from "@src/graph/node.js";
import { print } from "@src/graph/print.js";
import { rewrite } from "@src/graph/rewrite.js";
import { topological } from "@src/graph/schedule.js";
import type { CustomRule } from "@src/ops/source.js";

const argument = (shape = [2, 3]): GraphNode =>
  placeholderNode(shape, "f32", { open: false, outer: [] });

describe("rewrite", () => {
  it("computes only once what is computed twice", () => {
    const x = argument();
    const [y] = rewrite([b.add(b.mul(b.sin(x), b.cos(x)), b.mul(b.sin(x), b.cos(x)))]);
    expect(print([y])).toBe(
      [
        "%1 = placeholder : f32[2, 3]",
        "%2 = sin(%1) : f32[2, 3]",
        "%3 = cos(%1) : f32[2, 3]",
        "%4 = mul(%2, %3) : f32[2, 3]",
        "%5 = add(%4, %4) : f32[2, 3]",
        "return %5",
      ].join("\n"),
    );
  });

  it("knows that x + y is y + x, and that x − y is not y − x", () => {
    const [x, y] = [argument(), argument()];
    const [a, c] = rewrite([b.add(x, y), b.add(y, x)]);
    expect(a).toBe(c);
    const [d, e] = rewrite([b.sub(x, y), b.sub(y, x)]);
    expect(d).not.toBe(e);
  });

  it("tells attributes apart by their contents", () => {
    const x = argument();
    const [a, c, d] = rewrite(
      [b.sum(x, { axes: [0] }), b.sum(x, { axes: [0] }), b.sum(x, { axes: [1] })],
      { rules: [] },
    );
    expect(a).toBe(c);
    expect(a).not.toBe(d);
    const values = [0, -0, NaN, NaN].map((value) => b.full({ shape: [], value, dtype: "f32" }));
    const [zero, minus, nan, other] = rewrite(values);
    expect(zero).not.toBe(minus);
    expect(nan).toBe(other);
  });

  it("keeps constants and arguments apart, however alike they are", () => {
    const constants = [1, 1].map((v) => constantNode(Float32Array.of(v), [1], "f32"));
    expect(new Set(rewrite([...constants, argument(), argument()])).size).toBe(4);
  });

  it("computes with constants what every engine computes alike, and leaves the rest to the backend", () => {
    const small = constantNode(new Float32Array([1, 4]), [2], "f32");
    const full = b.full({ shape: [2], value: 4, dtype: "f32" });
    const [root, sine, logOfFull] = rewrite([b.sqrt(small), b.sin(small), b.log(full)]);
    expect(root.value).toEqual(new Float32Array([1, 2]));
    expect([sine.op, logOfFull.op]).toEqual(["sin", "log"]);
    // Where it is only part of an operation's expression, too.
    expect(rewrite([b.xlogy(small, small)])[0].op).toBe("xlogy");
  });

  it("does not merge what waits for something with what does not", () => {
    const [x, token] = [argument(), argument([])];
    const [first, again, third] = rewrite([
      b.exp(x),
      b.exp(b.after(x, token)),
      b.exp(b.after(x, token)),
    ]);
    expect(first).not.toBe(again);
    expect(again).toBe(third);
    const [held] = rewrite([b.exp(b.after(b.full({ shape: [], value: 1, dtype: "f32" }), token))]);
    expect(topological([held]).map(({ op }) => op)).toContain("after");
  });

  it("merges two uses of a gradient rule, and not uses of two", () => {
    const x = argument();
    const rule = (): CustomRule => ({ vjp: () => [], batch: () => rule() });
    const [one, two] = [rule(), rule()];
    const nodes = [one, one, two].map((r) => b.custom([x], { rule: r }));
    const [p, q, r] = rewrite(nodes, { rules: [] });
    expect(p).toBe(q);
    expect(p).not.toBe(r);
  });

  it("does not look into what is given to each run", () => {
    const two = b.full({ shape: [3], value: 2, dtype: "f32" }) as GraphNode;
    const negative = b.neg(argument([3])) as GraphNode;
    const known = constantNode(Float32Array.of(1, 2, 3), [3], "f32");
    const inputs = [two, negative, known];
    const outputs = inputs.map((node) => b.neg(node));
    rewrite(outputs, { inputs }).forEach((node, i) => expect(node).toBe(outputs[i]));
    expect(print(rewrite(outputs))).not.toContain("neg");
  });

  it("does not compute again what is known, though its recipe is", () => {
    const trace = { open: true, outer: [] };
    const x = placeholderNode([2], "f32", trace);
    const y = b.neg(x) as GraphNode;
    y.settle(Float32Array.of(1, 2));
    expect(y.op).toBe("neg");
    const z = b.neg(b.expand(y, { shape: [99, 2] }));
    // Not x, which would have to be known.
    expect(topological(rewrite([z]), (node) => node.value !== null)).not.toContain(x);
  });

  it("gives nodes whose inputs are older than themselves", () => {
    const x = argument();
    const out = rewrite([
      b.add(b.neg(b.neg(b.mul(x, 2))), b.reshape(b.mul(x, 2), { shape: [2, 3] })),
    ]);
    for (const node of topological(out))
      for (const y of node.src) expect(y.id).toBeLessThan(node.id);
  });

  it("goes through a graph far deeper than the stack", () => {
    let x: GraphNode = argument([]);
    for (let i = 0; i < 30_000; i++) x = b.neg(b.sin(x)) as GraphNode;
    expect(topological(rewrite([x]))).toHaveLength(60_001);
  });

  it("leaves the graph that it is given as it was", () => {
    const x = argument();
    const before = b.add(b.neg(b.neg(x)), b.mul(x, 1));
    const text = print([before]);
    rewrite([before]);
    expect(print([before])).toBe(text);
  });
});
