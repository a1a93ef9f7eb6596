import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytesPer } from "@src/base/dtype.js";
import { sizeOf } from "@src/base/shape.js";
import type { GraphNode } from "@src/graph/node.js";
import { schedule } from "@src/graph/schedule.js";
import { ops } from "@src/ops/table.js";
import { randomGraph } from "../support/random-graph.js";

const takesMemory = (node: GraphNode): boolean =>
  node.op !== "full" && ["map", "kernel"].includes(ops[node.op].lower.kind);
const bytes = (node: GraphNode): number =>
  takesMemory(node) ? sizeOf(node.shape) * bytesPer(node.dtype) : 0;

describe("schedule", () => {
  it("computes every node once, after its inputs, and releases it once, after its last use", () => {
    fc.assert(
      fc.property(randomGraph({ maxSteps: 16 }), ({ inputs, outputs }) => {
        const { steps, ...program } = schedule(outputs, inputs);
        const results = new Set(outputs);
        const alive = new Set(program.inputs);
        const computed = steps.map(({ node }) => node);
        expect(new Set(computed).size).toBe(computed.length);
        const lastUse = new Map(computed.map((node, i) => [node, i]));
        steps.forEach(({ node }, i) => node.src.forEach((x) => lastUse.set(x, i)));
        steps.forEach(({ node, release }, i) => {
          if (!node.src.every((x) => alive.has(x))) expect.fail("an input is not alive");
          alive.add(node);
          // Exactly what has its last use here, is no result, and was not given from outside.
          const due = [...alive].filter(
            (x) => lastUse.get(x) === i && !results.has(x) && !program.inputs.includes(x),
          );
          if (due.length !== release.length || !due.every((x) => release.includes(x)))
            expect(release).toEqual(due);
          for (const done of release) alive.delete(done);
        });
        if (!outputs.every((node) => alive.has(node))) expect.fail("a result is not alive");
      }),
      { numRuns: 300 },
    );
  });

  it("knows its peak of memory", () => {
    let most = 0;
    fc.assert(
      fc.property(randomGraph({ maxSteps: 16 }), ({ inputs, outputs }) => {
        const { steps, peakBytes } = schedule(outputs, inputs);
        // What is alive during step i: made by then, and used later, or a result.
        const peaks = steps.map((_, i) => {
          const made = steps.slice(0, i + 1).map(({ node }) => node);
          const later = new Set(steps.slice(i).flatMap(({ node }) => [node, ...node.src]));
          return made
            .filter((node) => later.has(node) || outputs.includes(node))
            .reduce((sum, node) => sum + bytes(node), 0);
        });
        expect(peakBytes).toBe(Math.max(0, ...peaks));
        most = Math.max(most, peakBytes);
      }),
      { numRuns: 300 },
    );
    expect(most).toBeGreaterThan(0);
  });
});
