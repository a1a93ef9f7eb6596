import { ShapeError, ValueError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import type { Node } from "../../ops/op.js";

/** Names of axes: letters, and "…0", "…1" for those that an ellipsis stands for, from the last on. */
export type Labels = readonly string[];

/** Reads "ij,jk->ik": the names of each operand's axes, and those of the result's. */
export function parseEinsum(
  spec: unknown,
  operands: readonly Node[],
): { inputs: Labels[]; output: Labels } {
  if (typeof spec !== "string")
    throw new ValueError(`einsum: expected a spec such as "ij,jk->ik", got ${String(spec)}`);
  const [left, right, ...more] = spec.replaceAll(/\s/g, "").split("->");
  if (more.length > 0) throw wrong(spec, 'has "->" more than once');
  const terms = left.split(",");
  for (const term of right === undefined ? terms : [...terms, right])
    if (!/^[A-Za-z]*(\.\.\.)?[A-Za-z]*$/.test(term))
      throw wrong(spec, `: "${term}" is more than letters and one "..."`);
  if (terms.length !== operands.length)
    throw new ShapeError(
      `einsum "${spec}": has ${terms.length} terms, but the number of tensors is ${operands.length}`,
    );
  const inputs = terms.map((term, i) => named(term, operands[i], i, spec));
  const seen = inputs.flat();
  const ellipsis = [...new Set(seen.filter(isEllipsis))].sort().reverse();
  return {
    inputs,
    output: right === undefined ? implicit(seen, ellipsis) : explicit(right, seen, ellipsis, spec),
  };
}

const wrong = (spec: string, what: string): ValueError =>
  new ValueError(`einsum: the spec "${spec}"${what.startsWith(":") ? "" : " "}${what}`);
const isEllipsis = (label: string): boolean => label.length > 1;

function named(term: string, { shape }: Node, i: number, spec: string): Labels {
  const [before, after] = term.split("...");
  const letters = before.length + (after ?? "").length;
  const free = shape.length - letters;
  if (after === undefined ? free !== 0 : free < 0)
    throw new ShapeError(
      `einsum "${spec}": "${term}" names ${letters} axes${after === undefined ? "" : " or more"}, ` +
        `operand ${i} has shape ${show(shape)}`,
    );
  return [...before, ...hidden(free), ...(after ?? "")];
}

/** Numbered from the last, so that those of several operands are aligned as for broadcasting. */
const hidden = (count: number): string[] =>
  Array.from({ length: count }, (_, i) => `…${String(count - 1 - i).padStart(3, "0")}`);

function implicit(seen: Labels, ellipsis: Labels): Labels {
  const once = seen.filter((label) => seen.indexOf(label) === seen.lastIndexOf(label));
  return [...ellipsis, ...once.filter((label) => !isEllipsis(label)).sort()];
}

function explicit(term: string, seen: Labels, ellipsis: Labels, spec: string): Labels {
  const [before, after] = term.split("...");
  const letters = [...before, ...(after ?? "")];
  for (const letter of letters) {
    if (!seen.includes(letter)) throw wrong(spec, `has ${letter} in the result, but in no operand`);
    if (letters.indexOf(letter) !== letters.lastIndexOf(letter))
      throw wrong(spec, `has ${letter} more than once in the result`);
  }
  if (after === undefined && ellipsis.length > 0)
    throw wrong(spec, `must have "..." in the result, as the operands do`);
  return [...before, ...(after === undefined ? [] : ellipsis), ...(after ?? "")];
}

/** The size of each axis. Only those of an ellipsis broadcast. */
export function sizesByLabel(
  spec: string,
  operands: readonly Node[],
  inputs: readonly Labels[],
): Map<string, number> {
  const sizes = new Map<string, number>();
  inputs.forEach((labels, i) =>
    labels.forEach((label, axis) => {
      const [n, before] = [operands[i].shape[axis], sizes.get(label)];
      const stretches = isEllipsis(label) && (n === 1 || before === 1);
      if (before !== undefined && before !== n && !stretches)
        throw new ShapeError(
          `einsum "${spec}": ${isEllipsis(label) ? "an axis of the ellipsis" : `axis ${label}`} has ` +
            `size ${before} in one place and ${n} in operand ${i} of shape ${show(operands[i].shape)}`,
        );
      sizes.set(label, before === undefined || before === 1 ? n : before);
    }),
  );
  return sizes;
}
