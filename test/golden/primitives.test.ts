import { describe, expect, it } from "vitest";
import { makeNode } from "@src/graph/builder.js";
import { type OpName, ops } from "@src/ops/table.js";
import { byName, casesOf, type GoldenTensor } from "./cases.js";
import { inputNode, requireGolden } from "./evaluate.js";
import { partsOf } from "./parts.js";

const groups = byName(casesOf("primitives"));

/** Primitives that need no golden values, and why. */
const without: { readonly [K in OpName]?: string } = {
  constant: "its elements are given",
  placeholder: "it has no value of its own",
  full: "one number, given",
  identity: "gives its input",
  after: "gives its first input",
  custom: "gives its first input; its gradient is the caller's own",
  randomBits: "has the known answers of Threefry: threefry.test.ts",
};

describe("every primitive agrees with PyTorch and NumPy", () => {
  for (const [name, cases] of groups) {
    it.skipIf(!(name in ops))(`${name}: ${cases.length} cases`, () => {
      for (const one of cases) {
        const inputs = one.args.map((tensor) => inputNode(tensor as GoldenTensor));
        const out = makeNode(name as OpName, inputs, one.attrs);
        const isMap = ops[name as OpName].lower.kind === "map";
        const call = { inputs, out: partsOf(name, inputs[0], out) };
        requireGolden(one, call, isMap ? "element" : "largest", "largest");
      }
    });
  }
});

describe("golden values leave no primitive out", () => {
  for (const name of Object.keys(ops).filter((op) => !(op in without)))
    it(`${name} has five cases or more`, () => {
      expect(groups.get(name)?.length ?? 0).toBeGreaterThanOrEqual(5);
    });

  it("and have none for what does not exist", () => {
    const unknown = [...groups.keys()].filter((name) => !(name in ops));
    expect(unknown).toEqual([]);
  });

  it("and exempt nothing that has them", () => {
    expect(Object.keys(without).filter((name) => groups.has(name))).toEqual([]);
  });
});
