import { expect } from "vitest";
import { backendNamed } from "@src/backend/registry.js";
import type { TypedArray } from "@src/base/dtype.js";
import { numbersOf, programOf } from "@src/compile/execute.js";
import type { GraphNode } from "@src/graph/node.js";
import { schedule } from "@src/graph/schedule.js";
import type { Node } from "@src/ops/op.js";
import { type Argument, evaluateGraph } from "./evaluate-graph.js";

const wasm = backendNamed("wasm");

/** What the wasm backend says of the graph's kernels, and what it gives with one and two threads. */
async function evaluate(
  outputs: readonly Node[],
  args: readonly Argument[],
): Promise<{ names: string[]; results: TypedArray[][] }> {
  const threads = wasm.threads!;
  const before = threads.threshold;
  if (threads.count !== 2) threads.count = 2;
  expect(await threads.ready()).toBe(2);
  try {
    const plan = schedule(
      outputs as GraphNode[],
      args.map(({ node }) => node),
    );
    const values = new Map(args.map(({ node, value }) => [node, value]));
    const executable = wasm.load(programOf(plan));
    const results: TypedArray[][] = [];
    // A program with less to do than the threshold stays on one thread.
    for (const threshold of [0, Infinity]) {
      threads.threshold = threshold;
      const inputs = plan.inputs.map((node) => values.get(node) ?? node.value!);
      results.push(executable.run(inputs, numbersOf(plan)) as TypedArray[]);
    }
    return { names: executable.report!.kernels.map(({ name }) => name), results };
  } finally {
    threads.threshold = before;
  }
}

/**
 * Expects that the wasm backend computes the graph itself, not on the host, with the same bits for
 * one thread and two.
 *
 * @returns  what it gives, and what the reference gives
 */
export async function onThreads(
  outputs: readonly Node[],
  args: readonly Argument[],
): Promise<{ found: TypedArray[]; expected: TypedArray[] }> {
  const { names, results } = await evaluate(outputs, args);
  expect(names.filter((name) => name.endsWith("(host)"))).toEqual([]);
  const [found, again] = results;
  found.forEach((array, i) => {
    expectSameBits(again[i], array);
  });
  const expected = evaluateGraph(
    outputs,
    args.map(({ node }) => node),
    args.map(({ value }) => value),
  );
  return { found, expected };
}

/** Expects the reference's bits, with one thread and with two. */
export async function expectReference(
  outputs: readonly Node[],
  args: readonly Argument[],
): Promise<void> {
  const { found, expected } = await onThreads(outputs, args);
  found.forEach((array, i) => {
    expectSameBits(array, expected[i]);
  });
}

/** As `toEqual`, fast for many elements; a NaN is a NaN, and 0 is not −0. */
function expectSameBits(found: TypedArray, expected: TypedArray): void {
  expect(found.length).toBe(expected.length);
  const differs = found.findIndex((x, i) => !Object.is(x, expected[i]));
  if (differs >= 0)
    expect({ at: differs, is: found[differs] }).toEqual({ at: differs, is: expected[differs] });
}
