import { Tensor } from "inkgrad";
import { isFloat } from "@src/base/dtype.js";
import { backward, type Seed } from "@src/grad/backward.js";
import { ops } from "@src/ops/table.js";
import type { GraphNode, Trace } from "@src/graph/node.js";
import type { Node } from "@src/ops/op.js";
import { largest, requireClose } from "../support/compare.js";
import { constant } from "../support/elements.js";
import { runReference } from "../support/run.js";
import { golden, goldenExceptions } from "../support/tolerances.js";
import { type GoldenCase, type GoldenTensor, isGoldenTensor } from "./cases.js";

/** Compares one call with what was computed for it elsewhere: values, and gradients. */

export interface Call {
  readonly inputs: readonly GraphNode[];
  /** Nodes or tensors, nested as `out` of the case is. */
  readonly out: unknown;
}

// An open trace keeps every recipe, should something evaluate on the way.
const trace: Trace = { open: true, outer: [] };

/** A golden tensor as an input. */
export function inputNode({ data, shape, dtype }: GoldenTensor): GraphNode {
  const node = constant(data, shape, dtype);
  node.trace = trace;
  return node;
}

interface Pair {
  readonly node: Node;
  readonly want: GoldenTensor;
  readonly cotangent: GoldenTensor | null;
  readonly path: string;
}

/** Walks both structures together. */
function pairs(got: unknown, want: unknown, cotangent: unknown, path: string): Pair[] {
  if (isGoldenTensor(want)) {
    const node = got instanceof Tensor ? got.node : (got as Node | undefined);
    if (typeof node !== "object" || !("dtype" in node))
      throw new Error(`${path}: expected a tensor, got ${String(got)}`);
    return [{ node, want, cotangent: cotangent as GoldenTensor | null, path }];
  }
  if (typeof want !== "object" || want === null) {
    if (!Object.is(got, want))
      throw new Error(`${path}: expected ${String(want)}, got ${String(got)}`);
    return [];
  }
  const parts = got as Record<string, unknown>;
  return Object.entries(want).flatMap(([key, item]) => {
    const inside = (cotangent as Record<string, unknown> | null)?.[key] ?? null;
    return pairs(parts?.[key], item, inside, `${path}.${key}`);
  });
}

/**
 * How numbers are compared: each by its own ulps, or all by those of the largest of them, where
 * elements are made of others that cancel.
 */
export type Measure = "element" | "largest";

/** Throws unless values and gradients are those of the case. */
export function requireGolden(
  one: GoldenCase,
  call: Call,
  values: Measure,
  gradients: Measure,
): void {
  const what = `${one.name} (${one.family} ${one.index})`;
  const found = pairs(call.out, one.out, one.cotangent, what);
  const seeds = found.flatMap(({ node, cotangent }): Seed[] =>
    cotangent === null ? [] : [{ node, cotangent: inputNode(cotangent) }],
  );
  const asked = (one.gradients ?? []).flatMap((want, i) =>
    want === null ? [] : [{ want, node: call.inputs[i], path: `${what}, gradient ${i}` }],
  );
  const flows = backward(
    seeds,
    asked.map(({ node }) => node),
  );
  const missing = asked.filter((_, i) => flows[i] === null);
  for (const { want, path } of missing)
    if (largest(want.data) > 0) throw new Error(`${path}: no gradient flows`);

  const flowing = flows.filter((flow) => flow !== null);
  const results = runReference([...found.map(({ node }) => node), ...flowing]);
  const outs = found.map(({ want }) => want);
  found.forEach(({ node, want, path }, i) => {
    requireValues(want, node, results[i], ulpsOf(one, values, outs), path);
  });
  // A gradient is a multiple of the cotangent, and cancels on that scale.
  const sent = [...asked.map(({ want }) => want), ...found.flatMap((pair) => pair.cotangent ?? [])];
  asked
    .filter((_, i) => flows[i] !== null)
    .forEach(({ want, path }, i) => {
      const ulps = ulpsOf(one, gradients, sent);
      requireValues(want, flowing[i], results[found.length + i], ulps, path);
    });
}

interface Ulps {
  readonly ulps: number;
  readonly scale?: number;
  readonly signedZeros?: boolean;
}

const ulpsOf = (one: GoldenCase, measure: Measure, all: readonly GoldenTensor[]): Ulps => {
  const ulps = goldenExceptions[one.name]?.ulps ?? golden[measure];
  // A primitive keeps the sign of zero; of a formula nobody asks it.
  if (measure === "element") return { ulps, signedZeros: one.name in ops };
  return { ulps, scale: Math.max(...all.map(({ data }) => largest(data))), signedZeros: false };
};

function requireValues(
  want: GoldenTensor,
  node: Node,
  got: readonly number[],
  closeness: Ulps,
  path: string,
): void {
  if (String(node.shape) !== String(want.shape))
    throw new Error(`${path}: expected shape [${String(want.shape)}], got [${String(node.shape)}]`);
  // What is made of no f64 tensor is f32 in the library, f64 in the files.
  const made = isFloat(want.dtype) && node.dtype === "f32";
  if (node.dtype !== want.dtype && !made)
    throw new Error(`${path}: expected ${want.dtype}, got ${node.dtype}`);
  const { dtype } = node;
  const ulps = isFloat(dtype) ? closeness.ulps : 0;
  requireClose(want.data, got, { ...closeness, dtype, ulps }, path);
}
