import { type Buffer, type Kernel, loadsOf, readsOf, writesOf } from "../backend/program.js";
import { isStorageOnly } from "../base/dtype.js";
import { stridesOf } from "../base/shape.js";
import type { GraphNode } from "../graph/node.js";
import type { Node } from "../ops/op.js";
import { alike } from "./merge.js";
import { lowerOf } from "./materialise.js";

/**
 * Which output takes the memory of which donated input: the one that is computed from it by the
 * fewest elementwise steps (a parameter's next value from the parameter); then whatever else has
 * the same shape and type.
 *
 * @returns  output index → input index
 */
export function pairDonated(
  outputs: readonly GraphNode[],
  inputs: readonly GraphNode[],
  donated: readonly number[],
): Map<number, number> {
  const fits = (a: GraphNode, b: GraphNode): boolean =>
    a.dtype === b.dtype &&
    a.shape.length === b.shape.length &&
    a.shape.every((n, i) => n === b.shape[i]);
  // Loops cannot copy the types that are for storage only.
  const usable = donated.filter((input) => !isStorageOnly(inputs[input].dtype));
  const byNode = new Map<Node, number>(usable.map((input) => [inputs[input], input]));
  const candidates: { output: number; input: number; steps: number }[] = [];
  outputs.forEach((output, index) => {
    for (const [node, steps] of elementwiseSources(output, byNode))
      if (fits(node, output)) candidates.push({ output: index, input: byNode.get(node)!, steps });
  });
  candidates.sort((a, b) => a.steps - b.steps);
  const pairs = new Map<number, number>();
  const taken = new Set<number>();
  const pair = (output: number, input: number): void => {
    if (pairs.has(output) || taken.has(input)) return;
    pairs.set(output, input);
    taken.add(input);
  };
  for (const { output, input } of candidates) pair(output, input);
  outputs.forEach((output, index) => {
    const input = usable.find((i) => !taken.has(i) && fits(inputs[i], output));
    if (input !== undefined) pair(index, input);
  });
  return pairs;
}

/** Nodes of `wanted` that a node is computed from elementwise, and in how many steps at least. */
function elementwiseSources(
  from: GraphNode,
  wanted: ReadonlyMap<Node, number>,
): Map<GraphNode, number> {
  const found = new Map<GraphNode, number>();
  const seen = new Set<GraphNode>([from]);
  let front = [from];
  for (let steps = 0; front.length > 0 && steps < 32; steps++) {
    const next: GraphNode[] = [];
    for (const node of front) {
      if (wanted.has(node)) {
        found.set(node, steps);
        continue;
      }
      const { kind } = lowerOf(node);
      if (node.known || (kind !== "map" && kind !== "forward")) continue;
      for (const x of node.src)
        if (!seen.has(x)) {
          seen.add(x);
          next.push(x);
        }
    }
    front = next;
  }
  return found;
}

export interface InPlace {
  readonly kernels: readonly Kernel[];
  readonly buffers: readonly Buffer[];
  readonly outputs: readonly Buffer[];
  readonly inPlace: ReadonlyMap<Buffer, Buffer>;
}

/**
 * Puts outputs into the memory of inputs. A kernel may write over an input if it is the last to
 * read it, element by element; else the output is computed beside it and copied at the end.
 */
export function placeOutputs(
  kernels: readonly Kernel[],
  buffers: readonly Buffer[],
  inputs: readonly Buffer[],
  outputs: readonly Buffer[],
  pairs: ReadonlyMap<number, number>,
): InPlace {
  const order = [...kernels];
  const all = [...buffers];
  const results = [...outputs];
  const inPlace = new Map<Buffer, Buffer>();
  const copies: Kernel[] = [];
  for (const [output, input] of pairs) moveBehind(order, outputs[output], inputs[input]);
  for (const [output, input] of pairs) {
    const [from, into] = [outputs[output], inputs[input]];
    if (from === into) {
      // It stays as it is; nothing may be put there besides.
      inPlace.set(from, into);
      continue;
    }
    // The input's old value, or an output twice, is wanted as it is.
    if (outputs.includes(into) || inputs.includes(from) || inPlace.has(from)) continue;
    if (writesLast(order, from, into)) inPlace.set(from, into);
    else {
      const copy: Buffer = { id: all.length, dtype: from.dtype, elements: from.elements };
      all.push(copy);
      results[output] = copy;
      inPlace.set(copy, into);
      const space = [from.elements];
      const layout = { shape: space, strides: stridesOf(space), offset: 0 };
      const value = { kind: "load", dtype: from.dtype, from: { buffer: from, layout } } as const;
      copies.push({ kind: "loop", space, stores: [{ value, to: { buffer: copy, layout } }] });
    }
  }
  return { kernels: [...order, ...copies], buffers: all, outputs: results, inPlace };
}

interface Touched {
  readonly reads: ReadonlySet<Buffer>;
  readonly writes: ReadonlySet<Buffer>;
}
const known = new WeakMap<Kernel, Touched>();

/** What a kernel reads and writes: asked for with every pair, and so found out once. */
function touchedBy(kernel: Kernel): Touched {
  let touched = known.get(kernel);
  if (touched === undefined) {
    touched = { reads: new Set(readsOf(kernel)), writes: new Set(writesOf(kernel)) };
    known.set(kernel, touched);
  }
  return touched;
}

const writerOf = (kernels: readonly Kernel[], buffer: Buffer): number =>
  kernels.findIndex((kernel) => touchedBy(kernel).writes.has(buffer));

/** Moves the kernel that writes `from` behind the last one that reads `into`, if it can wait. */
function moveBehind(kernels: Kernel[], from: Buffer, into: Buffer): void {
  const writer = writerOf(kernels, from);
  const last = kernels.reduce((at, kernel, i) => (touchedBy(kernel).reads.has(into) ? i : at), -1);
  if (writer < 0 || last <= writer) return;
  const written = writesOf(kernels[writer]);
  const waits = kernels
    .slice(writer + 1, last + 1)
    .every(
      (kernel) =>
        !written.some(
          (buffer) => touchedBy(kernel).reads.has(buffer) || touchedBy(kernel).writes.has(buffer),
        ),
    );
  if (!waits) return;
  const [kernel] = kernels.splice(writer, 1);
  kernels.splice(last, 0, kernel);
}

/** Is `into` read by nobody after `from` is written, and by its writer only where it writes? */
function writesLast(kernels: readonly Kernel[], from: Buffer, into: Buffer): boolean {
  const writer = writerOf(kernels, from);
  // What is written in pieces is not complete until the last of them.
  if (writer < 0 || kernels.slice(writer + 1).some((kernel) => touchedBy(kernel).writes.has(from)))
    return false;
  if (kernels.slice(writer + 1).some((kernel) => touchedBy(kernel).reads.has(into))) return false;
  const kernel = kernels[writer];
  if (!touchedBy(kernel).reads.has(into)) return true;
  if (kernel.kind !== "loop") return false;
  const { to } = kernel.stores.find((store) => store.to.buffer === from)!;
  return kernel.stores
    .flatMap(({ value }) => loadsOf(value))
    .filter((load) => load.from.buffer === into)
    .every((load) => alike({ buffer: into, layout: to.layout }, load.from));
}
