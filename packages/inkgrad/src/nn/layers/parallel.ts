import { InkgradError, ShapeError } from "../../base/errors.js";
import { sameShape, show } from "../../base/shape.js";
import { concat as join } from "../../tensor/functions/join.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Layer } from "../layer.js";
import type { CheckedBranches, ParallelRule } from "../types/composites.js";
import { composite, named } from "./composite.js";
import { savableLayers } from "./options.js";

/** What becomes of several results: side by side along the last axis, or number by number. */
const merges = {
  concat: (all: readonly Tensor[]): Tensor => join([...all], -1),
  add: (all: readonly Tensor[]): Tensor => all.reduce((a, b) => a.add(b)),
  multiply: (all: readonly Tensor[]): Tensor => all.reduce((a, b) => a.mul(b)),
  average: (all: readonly Tensor[]): Tensor => all.reduce((a, b) => a.add(b)).div(all.length),
  maximum: (all: readonly Tensor[]): Tensor => all.reduce((a, b) => a.maximum(b)),
};

export type Merge = keyof typeof merges;

export interface ParallelOptions<M extends Merge = Merge> {
  /** What becomes of the results (default "concat"). All but "concat" need the same shape of all. */
  readonly merge?: M;
  readonly name?: string;
}

/**
 * Sends the same examples through several layers (`sequential(…)` for a branch of more than one) and
 * puts together what they make: `parallel([conv2d(8, 1), conv2d(8, 3, { padding: "same" })])`.
 *
 * @throws ShapeError  if the results do not fit together
 */
export const parallel = <const B extends readonly Layer[], const M extends Merge = "concat">(
  branches: CheckedBranches<B>,
  { merge = "concat" as M, name }: ParallelOptions<M> = {},
): Layer<ParallelRule<B, M, "parallel">> => branched("parallel", branches, merge, name) as never;

/** The results of several layers side by side along the last axis: `parallel` with "concat". */
export const concat = <const B extends readonly Layer[]>(
  ...branches: CheckedBranches<B>
): Layer<ParallelRule<B, "concat", "concat">> =>
  branched("concat", branches, "concat", undefined) as never;

function branched(
  kind: "parallel" | "concat",
  branches: readonly Layer[],
  merge: Merge,
  name: string | undefined,
): Layer {
  if (!Array.isArray(branches) || branches.length === 0)
    throw new InkgradError(`${kind}: needs one branch or more`);
  if (!Object.hasOwn(merges, merge))
    throw new InkgradError(
      `${kind}: unknown merge "${String(merge)}"; there are ${Object.keys(merges).join(", ")}`,
    );
  const inner = named(branches, kind);
  const saved = savableLayers(branches);
  return composite({
    kind,
    name,
    options:
      saved === null
        ? null
        : {
            layers: saved,
            ...(kind === "parallel" && { merge, ...(name !== undefined && { name }) }),
          },
    inner,
    part: "branch",
    run(each, x) {
      const all = inner.map((_, i) => each(i, x));
      requireFitting(all, merge, kind);
      return merges[merge](all);
    },
  });
}

function requireFitting(all: readonly Tensor[], merge: Merge, op: string): void {
  const [first, ...others] = all.map(({ shape }) => shape.slice(1));
  const compared = (shape: readonly number[]): readonly number[] =>
    merge === "concat" ? shape.slice(0, -1) : shape;
  for (const other of others) {
    if (first.length === other.length && sameShape(compared(first), compared(other))) continue;
    const rule =
      merge === "concat"
        ? "side by side they need the same sizes before the last axis"
        : `to ${merge} they need the same shape`;
    throw new ShapeError(`${op}: branches make ${show(first)} and ${show(other)}; ${rule}`);
  }
}
