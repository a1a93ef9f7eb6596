import { makeNode } from "@src/graph/builder.js";
import type { GraphNode } from "@src/graph/node.js";
import { runReference } from "../support/run.js";
import type { Sample } from "./samples.js";
import { nodesOf } from "./subjects.js";
import { constant } from "../support/elements.js";

/** The same values, seen through layouts that are not contiguous. */

type View = (sample: Sample) => GraphNode;

/** Computes, on the reference, the elements which the view then puts in their places. */
function through(
  sample: Sample,
  before: (x: GraphNode) => GraphNode,
  view: (x: GraphNode) => GraphNode,
): GraphNode {
  const moved = before(nodesOf([sample])[0]);
  return view(constant(runReference([moved])[0], moved.shape, moved.dtype));
}

const reversed = (sample: Sample): number[] => [...sample.shape.keys()].reverse();

const permuted: View = (sample) => {
  const turn = (x: GraphNode): GraphNode => makeNode("permute", [x], { axes: reversed(sample) });
  return through(sample, turn, turn);
};

const flipped: View = (sample) => {
  const turn = (x: GraphNode): GraphNode =>
    makeNode("flip", [x], { axes: [...sample.shape.keys()] });
  return through(sample, turn, turn);
};

/** Every second element of a larger tensor, from the second on. */
const sliced: View = (sample) => {
  const all = (value: number): number[] => sample.shape.map(() => value);
  const stop = sample.shape.map((n) => (n === 0 ? 1 : 2 * n));
  return through(
    sample,
    (x) => makeNode("pad", [x], { low: all(1), high: all(1), interior: all(1), value: 1 }),
    (x) => makeNode("slice", [x], { start: all(1), stop, step: all(2) }),
  );
};

/** Part of a tensor, the rest of which must not be looked at. */
const cropped: View = (sample) => {
  const all = (value: number): number[] => sample.shape.map(() => value);
  return through(
    sample,
    (x) => makeNode("pad", [x], { low: all(2), high: all(1), interior: all(0), value: 1 }),
    (x) =>
      makeNode("slice", [x], { start: all(2), stop: sample.shape.map((n) => n + 2), step: all(1) }),
  );
};

export const views: Readonly<Record<string, View>> = { permuted, flipped, sliced, cropped };

/** The sample with its first row in the place of every row: what `stretched` shows. */
export function repeated(sample: Sample): Sample {
  const { shape, values } = sample;
  const row = shape.length === 0 ? values : values.slice(0, values.length / (shape[0] || 1));
  return { ...sample, values: values.map((_, i) => row[i % row.length]) };
}

/** One row seen many times: steps of 0. */
export const stretched: View = (sample) => {
  const { shape, values } = sample;
  if (shape.length === 0 || shape[0] === 0) return nodesOf([sample])[0];
  const row = {
    ...sample,
    shape: [1, ...shape.slice(1)],
    values: values.slice(0, values.length / shape[0]),
  };
  return makeNode("expand", nodesOf([row]), { shape: [...shape] });
};
