import { isFloat } from "@src/base/dtype.js";
import { backward } from "@src/grad/backward.js";
import { builder as b } from "@src/graph/builder.js";
import type { GraphNode } from "@src/graph/node.js";
import type { Node } from "@src/ops/op.js";
import { constant } from "../support/elements.js";
import { seeded } from "../support/random.js";
import { runReference } from "../support/run.js";
import { centralDifferences } from "../support/tolerances.js";
import { cotangentOf } from "./expected.js";
import type { Sample } from "./samples.js";
import { callOf, nodesOf, type Subject } from "./subjects.js";

/** First and second derivatives of an operation against central differences, in f64. */

type Numbers = readonly number[];

/** Throws unless the gradient rule sends every float input the derivative of Σ cotangent · call. */
export function requireFirstDerivative(subject: Subject): void {
  const out = callOf(subject, nodesOf(subject.samples));
  if (!isFloat(out.dtype)) return;
  const cotangent = cotangentOf(out, subject.label);
  requireSlopes(
    subject.samples,
    (src) => callOf(subject, src),
    [cotangent.values],
    (src) => {
      const node = callOf(subject, src);
      return flows([node], [constant(cotangent.values, node.shape, node.dtype)], src);
    },
    centralDifferences.first,
    subject.label,
  );
}

/** The same of the gradient itself, with respect to the inputs and to the cotangent. */
export function requireSecondDerivative(subject: Subject): void {
  const out = callOf(subject, nodesOf(subject.samples));
  if (!isFloat(out.dtype)) return;
  const samples = [...subject.samples, cotangentOf(out, subject.label)];
  const gradient = (src: readonly GraphNode[]): Node[] => {
    const [inputs, cotangent] = [src.slice(0, -1), src.at(-1)!];
    return flows([callOf(subject, inputs)], [cotangent], inputs);
  };
  const shapes = gradient(nodesOf(samples));
  const directions = shapes.map(
    (node, i) => cotangentOf(node, `${subject.label} second ${i}`).values,
  );
  requireSlopes(
    samples,
    gradient,
    directions,
    (src) => {
      const gradients = gradient(src);
      const seeds = gradients.map((node, i) => constant(directions[i], node.shape, node.dtype));
      return flows(gradients, seeds, src);
    },
    centralDifferences.second,
    `${subject.label}, second derivative`,
  );
}

/** The cotangents of the float inputs; zeros where none flows. */
function flows(outputs: Node[], cotangents: Node[], src: readonly GraphNode[]): Node[] {
  const inputs = src.filter((node) => isFloat(node.dtype));
  const found = backward(
    outputs.map((node, i) => ({ node, cotangent: cotangents[i] })),
    inputs,
  );
  return found.map(
    (flow, i) => flow ?? b.full({ shape: [...inputs[i].shape], value: 0, dtype: inputs[i].dtype }),
  );
}

/** Compares, along random directions of each float input, the slope with what the gradient says. */
function requireSlopes(
  samples: readonly Sample[],
  f: (src: readonly GraphNode[]) => Node | Node[],
  weights: readonly Numbers[],
  gradient: (src: readonly GraphNode[]) => Node[],
  tolerance: number,
  what: string,
): void {
  const losses = (moved: readonly Sample[]): number => {
    const results = runReference([f(nodesOf(moved))].flat());
    return results.reduce((sum, values, i) => sum + dot(values, weights[i]), 0);
  };
  const gradients = runReference(gradient(nodesOf(samples)));
  const floats = samples.flatMap((sample, i) => (isFloat(sample.dtype) ? [i] : []));
  floats.forEach((input, order) => {
    if (samples[input].values.length === 0) return;
    const direction = directionOf(samples[input], `${what} ${input}`);
    const ours = dot(gradients[order], direction);
    const slope = centralDifference((t) => losses(moved(samples, input, direction, t)));
    const size = 1 + Math.abs(slope) + Math.abs(losses(samples));
    if (!(Math.abs(slope - ours) <= tolerance * size))
      throw new Error(`${what}: input ${input} has slope ${slope}, its gradient says ${ours}`);
  });
}

/** A random direction; one that keeps a symmetric matrix symmetric. */
function directionOf({ shape, values, source }: Sample, seed: string): Numbers {
  const random = seeded(`direction ${seed}`);
  const any = values.map(() => 2 * random() - 1);
  if (source.kind !== "symmetric" && source.kind !== "positiveDefinite") return any;
  const n = shape.at(-1)!;
  return any.map((x, at) => {
    const [i, j] = [Math.floor(at / n) % n, at % n];
    return x + any[at - i * n - j + j * n + i];
  });
}

const moved = (
  samples: readonly Sample[],
  input: number,
  direction: Numbers,
  by: number,
): readonly Sample[] =>
  samples.map((sample, i) =>
    i === input
      ? { ...sample, values: sample.values.map((x, j) => x + by * direction[j]) }
      : sample,
  );

/** Five points: the error is of fourth order. @source Abramowitz & Stegun 25.3.6 */
function centralDifference(f: (t: number) => number): number {
  const h = centralDifferences.step;
  return (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h);
}

const dot = (x: Numbers, y: Numbers): number => x.reduce((sum, value, i) => sum + value * y[i], 0);
