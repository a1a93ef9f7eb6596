import { describe, expect, it } from "vitest";
import { builder as b } from "@src/graph/builder.js";
import { draw, toDot } from "@src/graph/draw.js";
import { constantNode, type GraphNode, placeholderNode } from "@src/graph/node.js";
import { byId, print, printNode } from "@src/graph/print.js";

const x = placeholderNode([2, 3], "f32", { open: false, outer: [] });

const graph = (): GraphNode[] => {
  const y = b.sum(b.mul(x, -0), { axes: [1] });
  const padded = b.pad(y, { low: [0], high: [1], interior: [0], value: NaN });
  const bits = b.randomBits(constantNode(Uint32Array.of(1, 2), [2], "u32"), { shape: [4] });
  return [b.cast(b.reshape(padded, { shape: [3, 1] }), { dtype: "i32" }), bits] as GraphNode[];
};

describe("print", () => {
  it("gives a line a node, numbered in the order in which they were made, with what shape and type do not tell", () => {
    expect(print(graph())).toBe(
      [
        "%1 = placeholder : f32[2, 3]",
        "%2 = full(-0) : f32[2, 3]",
        "%3 = mul(%1, %2) : f32[2, 3]",
        "%4 = sum(%3, axes: [1]) : f32[2]",
        "%5 = pad(%4, low: [0], high: [1], interior: [0], value: NaN) : f32[3]",
        "%6 = constant : u32[2]",
        "%7 = randomBits(%6, shape: [4]) : u32[4]",
        "%8 = reshape(%5) : f32[3, 1]",
        "%9 = cast(%8) : i32[3, 1]",
        "return %9, %7",
      ].join("\n"),
    );
  });

  it("can use the nodes' own numbers", () => {
    const y = b.sin(x) as GraphNode;
    expect(printNode(y)).toBe(`%${y.id} = sin(%${x.id}) : f32[2, 3]`);
    expect(print([y], byId)).toContain(`return %${y.id}`);
  });
});

describe("draw", () => {
  it("gives nodes and edges as plain data", () => {
    const y = b.sub(b.sin(x), x);
    const drawing = draw([y], { value: (node) => node.op.length });
    expect(drawing).toEqual({
      nodes: [
        {
          id: 1,
          name: "%1",
          op: "placeholder",
          attrs: [],
          inputs: [],
          shape: [2, 3],
          dtype: "f32",
          value: 11,
        },
        {
          id: 2,
          name: "%2",
          op: "sin",
          attrs: [],
          inputs: [1],
          shape: [2, 3],
          dtype: "f32",
          value: 3,
        },
        {
          id: 3,
          name: "%3",
          op: "sub",
          attrs: [],
          inputs: [2, 1],
          shape: [2, 3],
          dtype: "f32",
          value: 3,
        },
      ],
      edges: [
        { from: 1, to: 2, position: 0 },
        { from: 2, to: 3, position: 0 },
        { from: 1, to: 3, position: 1 },
      ],
      outputs: [3],
    });
    expect(JSON.parse(JSON.stringify(drawing))).toEqual(drawing);
  });

  it("becomes a DOT file whose labels are escaped", () => {
    const drawing = draw([b.neg(x)], { naming: (node) => (node === x ? 'a "b"\\n\nc' : "y") });
    expect(toDot(drawing)).toBe(
      [
        "digraph {",
        "  node [shape=box, fontname=monospace];",
        String.raw`  n1 [label="a \"b\"\\n\nc = placeholder\nf32[2, 3]"];`,
        String.raw`  n2 [label="y = neg\nf32[2, 3]", style=bold];`,
        "  n1 -> n2;",
        "}",
        "",
      ].join("\n"),
    );
  });
});
