import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TypedArray } from "@src/base/dtype.js";
import { backward } from "@src/grad/backward.js";
import { builder as b } from "@src/graph/builder.js";
import { print } from "@src/graph/print.js";
import { topological } from "@src/graph/schedule.js";
import type { Node } from "@src/ops/op.js";
import { evaluateGraph } from "../support/evaluate-graph.js";
import { Picker } from "../support/picker.js";
import { randomGraph } from "../support/random-graph.js";

/** One number made of all outputs, weighted so that no two elements count alike. */
function weighted(outputs: readonly Node[]): Node {
  const parts = outputs.map((node, i) => {
    const line = b.reshape(node, { shape: [node.shape.reduce((n, m) => n * m, 1)] });
    const weights = b.cos(b.mul(b.iota({ size: line.shape[0], dtype: "f64" }), i + 0.7));
    return b.sum(b.mul(line, weights), { axes: [0] });
  });
  return parts.reduce((total, part) => b.add(total, part));
}

const dot = (x: TypedArray, y: TypedArray): number => {
  let total = 0;
  for (let i = 0; i < x.length; i++) total += x[i] * y[i];
  return total;
};

describe("backward", () => {
  it("agrees with central differences on random smooth graphs", () => {
    const used = new Set<string>();
    fc.assert(
      fc.property(
        randomGraph({ smooth: true, maxSteps: 8 }),
        fc.noBias(fc.integer()),
        ({ inputs, values, outputs }, seed) => {
          const out = weighted(outputs);
          for (const { op } of topological([out])) used.add(op);
          const one = b.full({ shape: [], value: 1, dtype: "f64" });
          const found = backward([{ node: out, cotangent: one }], inputs);
          const gradients = evaluateGraph(
            found.map(
              (node, i) => node ?? b.full({ shape: inputs[i].shape, value: 0, dtype: "f64" }),
            ),
            inputs,
            values,
          );
          // The derivative in a random direction needs two evaluations however many inputs.
          const pick = new Picker(seed);
          const direction = values.map((v) => Float64Array.from(v, () => pick.between(-1, 1)));
          const moved = (h: number): TypedArray[] =>
            values.map((v, i) => Float64Array.from(v, (x, j) => x + h * direction[i][j]));
          const f = (h: number): number => evaluateGraph([out], inputs, moved(h))[0][0];
          const h = 1e-4;
          // Fourth order: the error is of the order h⁴.
          const expected = (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
          const slope = gradients.reduce((total, g, i) => total + dot(g, direction[i]), 0);
          const error = Math.abs(slope - expected) / Math.max(1, Math.abs(expected));
          if (!(error < 1e-6)) expect(slope, print([out])).toBeCloseTo(expected, 6);
        },
      ),
      { numRuns: 100 },
    );
    expect(used.size).toBeGreaterThan(30);
  });
});
