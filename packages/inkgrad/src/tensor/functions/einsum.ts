import { arithmeticType } from "../../base/dtype.js";
import { sizeOf } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import type { Node } from "../../ops/op.js";
import { castTo, expandTo, nodeOf, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { type Labels, parseEinsum, sizesByLabel } from "./einsum-spec.js";

/** A node whose axes have names. */
interface Labelled {
  readonly node: Node;
  readonly labels: Labels;
}

/**
 * Sums of products over named axes: each letter is an axis, "ij,jk->ik" the matrix product. A
 * letter that the result lacks is summed over; one that an operand has twice stands for its
 * diagonal; "..." for any further axes, which broadcast. Without "->" the result has the letters
 * that occur once, in alphabetical order. Operands are multiplied from left to right.
 *
 * @throws ValueError  for a spec that cannot be read
 * @throws ShapeError  if it does not fit the operands
 * @source NumPy `einsum`
 */
export function einsum(spec: string, ...operands: readonly Tensor[]): Tensor {
  const given = operands.map((x) => nodeOf(x, "einsum"));
  const { inputs, output } = parseEinsum(spec, given);
  const sizes = sizesByLabel(spec, given, inputs);
  const dtype = given.map((x) => x.dtype).reduce(arithmeticType, given[0].dtype);
  const terms = given.map((x, i) =>
    simplified({ node: castTo(x, arithmeticType(dtype, dtype)), labels: inputs[i] }, sizes),
  );
  const product = terms.reduce((x, y, i) => {
    const later = [...output, ...terms.slice(i + 1).flatMap((term) => term.labels)];
    return multiply(
      reduceTo(x, [...y.labels, ...later]),
      reduceTo(y, [...x.labels, ...later]),
      later,
    );
  });
  const { node, labels } = reduceTo(product, output);
  return wrap(b.permute(node, { axes: output.map((label) => labels.indexOf(label)) }));
}

/** Each label once, and none of size 1 where another operand stretches it. */
function simplified({ node, labels }: Labelled, sizes: ReadonlyMap<string, number>): Labelled {
  const twice = labels.find((label, i) => labels.indexOf(label) !== i);
  if (twice !== undefined) return simplified(diagonal({ node, labels }, twice), sizes);
  const kept = labels.filter((label, i) => node.shape[i] === sizes.get(label));
  return { node: b.reshape(node, { shape: kept.map((label) => sizes.get(label)!) }), labels: kept };
}

/** Two axes of one label as one, which steps along both. */
function diagonal(x: Labelled, label: string): Labelled {
  const first = x.labels.indexOf(label);
  const second = x.labels.indexOf(label, first + 1);
  const rest = [...x.labels.keys()].filter((i) => i !== first && i !== second);
  const n = x.node.shape[first];
  const others = rest.map((i) => x.node.shape[i]);
  const square = b.permute(x.node, { axes: [...rest, first, second] });
  const flat = b.reshape(square, { shape: [...others, n * n] });
  // The last element taken stands at n² − 1; beyond it the slice has nothing to take.
  const node = b.slice(flat, {
    start: flat.shape.map(() => 0),
    stop: [...others, n * n],
    step: [...others.map(() => 1), n + 1],
  });
  return { node, labels: [...rest.map((i) => x.labels[i]), label] };
}

/** Summed over every label that is not in `wanted`. */
function reduceTo({ node, labels }: Labelled, wanted: Labels): Labelled {
  const axes = [...labels.keys()].filter((i) => !wanted.includes(labels[i]));
  if (axes.length === 0) return { node, labels };
  return { node: b.sum(node, { axes }), labels: labels.filter((label) => wanted.includes(label)) };
}

/** What both share is summed over (one batched matrix product) or, if wanted later, kept. */
function multiply(x: Labelled, y: Labelled, later: Labels): Labelled {
  const shared = x.labels.filter((label) => y.labels.includes(label));
  const batch = shared.filter((label) => later.includes(label));
  const inner = shared.filter((label) => !later.includes(label));
  const rows = x.labels.filter((label) => !shared.includes(label));
  const columns = y.labels.filter((label) => !shared.includes(label));
  const [left, right] = [grouped(x, [batch, rows, inner]), grouped(y, [batch, inner, columns])];
  const whole = [...left.shape.slice(0, -1), right.shape.at(-1)!];
  const product =
    inner.length > 0 ? b.matmul(left, right) : b.mul(expandTo(left, whole), expandTo(right, whole));
  const sizes = [...sizesOf(x, batch), ...sizesOf(x, rows), ...sizesOf(y, columns)];
  return { node: b.reshape(product, { shape: sizes }), labels: [...batch, ...rows, ...columns] };
}

const sizesOf = ({ node, labels }: Labelled, wanted: Labels): number[] =>
  wanted.map((label) => node.shape[labels.indexOf(label)]);

/** Three groups of axes as three axes; no batch, no axis. */
function grouped(x: Labelled, groups: readonly Labels[]): Node {
  const axes = groups.flat().map((label) => x.labels.indexOf(label));
  const shape = groups.map((labels) => sizeOf(sizesOf(x, labels)));
  const ordered = b.permute(x.node, { axes });
  return b.reshape(ordered, { shape: groups[0].length === 0 ? shape.slice(1) : shape });
}
