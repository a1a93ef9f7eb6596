import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { GraphNode } from "@src/graph/node.js";
import { print } from "@src/graph/print.js";
import { rewrite } from "@src/graph/rewrite.js";
import { exactRules, type RuleName } from "@src/graph/rewrites/table.js";
import { topological } from "@src/graph/schedule.js";
import { ops } from "@src/ops/table.js";
import { verify } from "@src/graph/verify.js";
import { evaluateGraph, numbersOf } from "../../support/evaluate-graph.js";
import { randomGraph, type RandomGraph } from "../../support/random-graph.js";

const numRuns = 400;

const evaluate = (graph: RandomGraph, outputs = graph.outputs): string[] =>
  // Every bit counts but those that tell one NaN from another.
  evaluateGraph(outputs, graph.inputs, graph.values).map((value, i) =>
    numbersOf(value, outputs[i].dtype)
      .map((x) => (Object.is(x, -0) ? "-0" : String(x)))
      .join(" "),
  );

describe("rewriting a random graph", () => {
  it("leaves every result as it is, to the bit, and gives a well-formed graph", () => {
    const fired = new Set<RuleName>();
    const used = new Set<string>();
    fc.assert(
      fc.property(randomGraph({ maxSteps: 16 }), (graph) => {
        const simpler = rewrite(graph.outputs, {
          inputs: graph.inputs,
          rules: exactRules,
          onRule: (name) => fired.add(name),
        });
        for (const { op } of topological(graph.outputs)) used.add(op);
        verify(simpler);
        const [before, after] = [evaluate(graph), evaluate(graph, simpler)];
        if (before.join() === after.join()) return;
        expect(after, `${print(graph.outputs)}\n→\n${print(simpler)}`).toEqual(before);
      }),
      { numRuns },
    );
    // Do the graphs vary? Of 62 rules nearly all fire within so many graphs.
    expect(fired.size).toBeGreaterThan(35);
    expect(used.size).toBeGreaterThan(70);
  });

  it("comes to an end: a second time gives the same nodes", () => {
    fc.assert(
      fc.property(randomGraph({ maxSteps: 16 }), ({ outputs, inputs }) => {
        const once = rewrite(outputs, { inputs });
        expect(rewrite(once, { inputs })).toEqual(once);
        rewrite(once, { inputs }).forEach((node, i) => expect(node).toBe(once[i]));
      }),
      { numRuns: numRuns / 4 },
    );
  });

  it("never gives more to compute", () => {
    // What is known, views and tensors full of one number are no work.
    const works = ({ op, value }: GraphNode): boolean =>
      op !== "full" && value === null && ops[op].lower.kind !== "view";
    const work = (nodes: readonly GraphNode[]): number => topological(nodes).filter(works).length;
    fc.assert(
      fc.property(randomGraph(), ({ outputs, inputs }) => {
        expect(work(rewrite(outputs, { inputs }))).toBeLessThanOrEqual(work(outputs));
      }),
      { numRuns: numRuns / 4 },
    );
  });
});
