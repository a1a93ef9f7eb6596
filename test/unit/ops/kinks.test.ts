import { describe, expect, it } from "vitest";
import * as inkgrad from "inkgrad";
import { builder as b } from "@src/graph/builder.js";
import type { GraphNode } from "@src/graph/node.js";
import { tableOf } from "../../support/markdown-table.js";

/** The table of docs/derivatives-at-kinks.md says what the derivative is; here is of what. */

/** The compiler cannot follow functions picked from a table. */
interface Loose {
  [method: string]: (...args: unknown[]) => Loose;
}
const { tensor, grad, where, ...functions } = inkgrad as unknown as {
  readonly tensor: (data: number | number[], options: object) => Loose;
  readonly grad: (f: (x: Loose) => Loose) => (x: Loose) => { toArray(): number | number[] };
  readonly where: (...args: unknown[]) => Loose;
} & Record<string, (x: Loose, ...rest: unknown[]) => Loose>;

const f64 = { dtype: "f64" };
const constant = (x: number): Loose => tensor(x, f64);

/** A primitive that is not public. */
const xlogy = (x: Loose, y: Loose): Loose => {
  const [p, q] = [x, y].map((tensor) => (tensor as unknown as inkgrad.Tensor).node);
  return new inkgrad.Tensor(b.xlogy(p, q) as GraphNode) as unknown as Loose;
};

/** The element of a vector at a position, as a scalar. */
const element = (x: Loose, position: number): Loose => {
  const mask = (x as unknown as { size: number }).size;
  const chosen = Array.from({ length: mask }, (_, i) => (i === position ? 1 : 0));
  return x.mul(tensor(chosen, f64)).sum();
};

const cases: Readonly<Record<string, (x: Loose) => Loose>> = {
  "abs(x)": (x) => x.abs(),
  "relu(x)": (x) => functions.relu(x),
  "leakyRelu(x, 0.01)": (x) => functions.leakyRelu(x, 0.01),
  "elu(x)": (x) => functions.elu(x),
  "sign(x)": (x) => x.sign(),
  "floor(x)": (x) => x.floor(),
  "ceil(x)": (x) => x.ceil(),
  "round(x)": (x) => x.round(),
  "sqrt(x)": (x) => x.sqrt(),
  "rsqrt(x)": (x) => x.rsqrt(),
  "norm(x), by the first element": (x) => x.norm(),
  "norm(x, ord 1), by the first element": (x) => x.norm(0, { ord: 1 }),
  "norm(x, ord inf), by the first element": (x) => x.norm(0, { ord: "inf" }),
  "std(x), by the first element": (x) => x.std(),
  "pow(x, 2)": (x) => x.pow(2),
  "pow(x, 1)": (x) => x.pow(1),
  "pow(x, 0)": (x) => x.pow(0),
  "pow(x, 0.5)": (x) => x.pow(0.5),
  "pow(2, y)": (y) => constant(2).pow(y),
  "pow(0, y)": (y) => constant(0).pow(y),
  "clip(x, -1, 1)": (x) => functions.clip(x, -1, 1),
  "max(x), by the first element": (x) => x.max(),
  "min(x), by the first element": (x) => x.min(),
  "maximum(x, 1)": (x) => x.maximum(1),
  "minimum(x, 1)": (x) => x.minimum(1),
  "first of sort(x), by the first element": (x) => element(x.sort(), 0),
  "first of sort(x), by the second element": (x) => element(x.sort(), 0),
  "mod(x, 2)": (x) => x.mod(2),
  "mod(4, y)": (y) => constant(4).mod(y),
  "xlogy(x, 2)": (x) => xlogy(x, constant(2)),
  "xlogy(x, 0)": (x) => xlogy(x, constant(0)),
  "xlogy(0, y)": (y) => xlogy(constant(0), y),
  "prod(x), by the first element": (x) => x.prod(),
  "last of cumprod(x), by the first element": (x) => element(x.cumprod(0), 1),
  "where(x > 0, x, 0)": (x) => where(x.greater(0), x, 0),
  "where(x > 0, log x, 0)": (x) => where(x.greater(0), x.log(), 0),
  "atan2(x, 0)": (x) => x.atan2(0),
  "logSumExp(x), by the first element": (x) => x.logSumExp(),
};

describe("the table of docs/derivatives-at-kinks.md", () => {
  const [, ...rows] = tableOf("derivatives-at-kinks.md", "kinks");

  it("names functions that are tried here, and all of those", () => {
    expect([...new Set(rows.map(([name]) => name))].sort()).toEqual(Object.keys(cases).sort());
  });

  it("gives a reason in every row", () => {
    for (const row of rows) {
      expect(row).toHaveLength(4);
      expect(row[3]).not.toBe("");
    }
  });

  it.each(rows)("%s at %s is %s", (name, at, derivative) => {
    const point = JSON.parse(at.split(" = ")[1]) as number | number[];
    const found = grad(cases[name])(tensor(point, f64)).toArray();
    const position = name.endsWith("by the second element") ? 1 : 0;
    const value = Array.isArray(found) ? found[position] : found;
    // −0 is a 0 that came from another side.
    expect(value + 0).toBe(Number(derivative));
  });
});
