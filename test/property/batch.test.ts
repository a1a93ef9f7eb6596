import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sizeOf } from "@src/base/shape.js";
import type { TypedArray } from "@src/base/dtype.js";
import { batchGraph } from "@src/grad/batch.js";
import { type GraphNode, placeholderNode } from "@src/graph/node.js";
import { print } from "@src/graph/print.js";
import { verify } from "@src/graph/verify.js";
import type { Node } from "@src/ops/op.js";
import { evaluateGraph, numbersOf } from "../support/evaluate-graph.js";
import { randomGraph } from "../support/random-graph.js";

const trace = { open: false, outer: [] };

/** Another example: the same elements in another order. */
const rotated = (values: TypedArray, by: number): TypedArray => {
  const out = values.slice();
  for (let i = 0; i < out.length; i++) out[i] = values[(i + by) % out.length];
  return out;
};

describe("batchGraph", () => {
  it("computes for a whole batch what a loop computes for each example", () => {
    fc.assert(
      fc.property(
        randomGraph({ maxSteps: 8 }),
        fc.constantFrom(1, 2, 3),
        fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
        ({ inputs, values, outputs }, size, chosen) => {
          const batched = inputs.map((_, i) => chosen[i] || i === 0);
          const examples = inputs.map((_, i) =>
            Array.from({ length: size }, (_unused, k) => rotated(values[i], batched[i] ? k : 0)),
          );
          const places = new Map<Node, Node>();
          const given: GraphNode[] = [];
          const elements: TypedArray[] = [];
          inputs.forEach((node, i) => {
            if (!batched[i]) {
              given.push(node);
              elements.push(values[i]);
              return;
            }
            const whole = placeholderNode([size, ...node.shape], node.dtype, trace);
            places.set(node, whole);
            given.push(whole);
            elements.push(joined(examples[i]));
          });
          const whole = batchGraph(outputs, places, size);
          verify(whole);
          const found = evaluateGraph(whole, given, elements);
          for (let k = 0; k < size; k++) {
            const one = evaluateGraph(
              outputs,
              inputs,
              examples.map((parts) => parts[k]),
            );
            outputs.forEach((node, i) => {
              const n = sizeOf(node.shape);
              const part = numbersOf(found[i].subarray(k * n, (k + 1) * n), node.dtype);
              const expected = numbersOf(one[i], node.dtype);
              if (!same(part, expected)) expect(part, print([node])).toEqual(expected);
            });
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

const same = (x: readonly number[], y: readonly number[]): boolean =>
  x.length === y.length && x.every((value, i) => Object.is(value, y[i]));

function joined(parts: readonly TypedArray[]): TypedArray {
  const Type = parts[0].constructor as new (length: number) => TypedArray;
  const out = new Type(parts.length * parts[0].length);
  parts.forEach((part, i) => out.set(part, i * part.length));
  return out;
}
