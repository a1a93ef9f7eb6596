import { isFloat } from "@src/base/dtype.js";
import type { Node } from "@src/ops/op.js";
import { backward } from "@src/grad/backward.js";
import { constant } from "../support/elements.js";
import { largest, requireClose } from "../support/compare.js";
import { runReference } from "../support/run.js";
import { gradientGraph, toleranceOf } from "../support/tolerances.js";
import type { Sample } from "./samples.js";
import { callOf, nodesOf, type Subject } from "./subjects.js";
import { seeded } from "../support/random.js";

/** What the reference backend says, in f64, of the numbers that a subject's type has rounded. */

/** The same numbers as f64, where they are floats of any type. */
export const lifted = (samples: readonly Sample[]): readonly Sample[] =>
  samples.map((sample) => (isFloat(sample.dtype) ? { ...sample, dtype: "f64" } : sample));

const expectations = new WeakMap<Subject, Expected>();

interface Expected {
  readonly values: readonly number[];
  /** What an ulp is measured by: see tolerances.ts. */
  readonly scale: number | readonly number[] | undefined;
}

export function expectedOf(subject: Subject): Expected {
  const known = expectations.get(subject);
  if (known) return known;
  const samples = lifted(subject.samples);
  const [values] = runReference([callOf(subject, nodesOf(samples))]);
  const expected = { values, scale: scaleOf(subject, samples, values) };
  expectations.set(subject, expected);
  return expected;
}

function scaleOf(
  subject: Subject,
  samples: readonly Sample[],
  values: readonly number[],
): Expected["scale"] {
  const { of } = toleranceOf(subject.name);
  if (of === "element") return undefined;
  if (of === "largest")
    return Math.max(largest(values), ...samples.map((sample) => largest(sample.values)));
  const magnitudes = samples.map((s) =>
    s.source.dtype ? s : { ...s, values: s.values.map(Math.abs) },
  );
  return runReference([callOf(subject, nodesOf(magnitudes))])[0];
}

/** Throws unless `got` is what the reference expects of the subject, within its tolerance. */
export function requireExpected(subject: Subject, node: Node, got: readonly number[]): void {
  const { values, scale } = expectedOf(subject);
  const { dtype } = node;
  const ulps = toleranceOf(subject.name)[dtype === "f64" ? "f64" : "f32"];
  requireClose(values, got, { dtype, ulps, ...(scale !== undefined && { scale }) }, subject.label);
}

/** A random cotangent for a node, the same for the same label. */
export function cotangentOf(node: Node, label: string): Sample {
  const random = seeded(`cotangent ${label}`);
  const size = node.shape.reduce((product, n) => product * n, 1);
  const exact = Array.from({ length: size }, () => Math.fround(2 * random() - 1));
  return { shape: node.shape, dtype: node.dtype, values: exact, source: { shape: node.shape } };
}

/** The gradients of Σ cotangent · call with respect to the float inputs, as graph. */
export function gradientsOf(
  subject: Subject,
  samples: readonly Sample[],
): { inputs: Node[]; cotangent: Node; flows: (Node | null)[] } {
  const src = nodesOf(samples);
  const out = callOf(subject, src);
  const { shape, dtype, values } = cotangentOf(out, subject.label);
  const cotangent = constant(values, shape, dtype);
  const inputs = src.filter((node) => isFloat(node.dtype));
  return { inputs, cotangent, flows: backward([{ node: out, cotangent }], inputs) };
}

/** Throws unless gradients computed in a type are those of f64, within the table's tolerance. */
export function requireGradient(
  expected: readonly number[],
  got: readonly number[],
  dtype: "f32" | "f64",
  what: string,
): void {
  const scale = largest(expected);
  requireClose(
    expected,
    got,
    { dtype, ulps: gradientGraph[dtype], scale, signedZeros: false },
    what,
  );
}
