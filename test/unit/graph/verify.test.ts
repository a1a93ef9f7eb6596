import { afterEach, describe, expect, it } from "vitest";
import { InternalError } from "inkgrad";
import { builder as b, makeNode } from "@src/graph/builder.js";
import { setDebug } from "@src/graph/debug.js";
import { constantNode, GraphNode, placeholderNode } from "@src/graph/node.js";
import { verify } from "@src/graph/verify.js";
import type { OpName } from "@src/ops/table.js";
import { evaluateNow } from "@src/tensor/evaluate.js";

const x = (): GraphNode => placeholderNode([2, 3], "f32", { open: false, outer: [] });
const node = (op: string, src: GraphNode[], attrs: object = {}, shape = [2, 3]): GraphNode =>
  new GraphNode(op as OpName, src, attrs, shape, "f32");

afterEach(() => setDebug(false));

describe("verify", () => {
  it("has nothing to say about what the builder makes", () => {
    const y = b.matmul(b.sin(x()), b.permute(x(), { axes: [1, 0] }));
    verify([y, constantNode(Float32Array.of(1), [], "f32"), b.sum(y, { axes: [0] })]);
  });

  const broken: readonly (readonly [string, () => GraphNode, RegExp])[] = [
    [
      "an unknown operation",
      () => Object.assign(node("sin", [x()]), { op: "sine" }),
      /no operation "sine"/,
    ],
    ["a missing input", () => node("add", [x()]), /%\d+ = add\(%\d+\).*takes 2 inputs, it has 1/],
    ["a wrong shape", () => node("sin", [x()], {}, [6]), /sin.*gives the shape \[2, 3\]/],
    [
      "inputs that do not fit",
      () => node("mul", [x(), node("sum", [x()], { axes: [0] }, [3])]),
      /mul.*shapes \[2, 3\], \[3\] differ/,
    ],
    ["a negative size", () => node("full", [], { shape: [-1] }, [-1]), /whole numbers ≥ 0/],
    ["a constant without a value", () => node("constant", []), /constant must have a value/],
    [
      "a value of another length",
      () => constantNode(Float32Array.of(1, 2), [3], "f32"),
      /constant : f32\[3\]: its value has 2 elements/,
    ],
    ["a wrong type", () => new GraphNode("sin", [x()], {}, [2, 3], "f64"), /gives the type f32/],
    [
      "a circle",
      () => {
        const first = node("sin", [x()]);
        first.src = [b.neg(first) as GraphNode];
        return first;
      },
      /not older than itself/,
    ],
  ];

  it.each(broken)("names the node with %s", (_what, make, message) => {
    const bad = b.identity(make());
    expect(() => verify([bad])).toThrow(InternalError);
    expect(() => verify([bad])).toThrow(message);
  });
});

describe("debug mode", () => {
  it("checks every node as it is made, and only then", () => {
    const wrong = node("sin", [x()], {}, [6]);
    const make = () => makeNode("constant", [], { shape: [], dtype: "f32" });
    expect(make).not.toThrow();
    setDebug(true);
    expect(make).toThrow(/must have a value/);
    setDebug(false);
    expect(() => b.neg(wrong)).not.toThrow();
  });

  it("checks a graph before it is evaluated", () => {
    const wrong = node("neg", [constantNode(Float32Array.of(1), [], "f32")], {}, [1]);
    setDebug(true);
    expect(() => evaluateNow([wrong])).toThrow(/gives the shape \[\]/);
  });
});
