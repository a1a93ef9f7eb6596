import { sameShape, show } from "../../base/shape.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import type { Json, Variables } from "../layer.js";
import { namesOf, treeFrom } from "./variables.js";

/**
 * What is wrong with tensors that should take the places of a tree, or null: names that are missing,
 * too many, other shapes, other types.
 */
export function misfit(form: Variables, tensors: ReadonlyMap<string, Tensor>): string | null {
  const wanted = namesOf(form);
  const some = (names: string[]): string =>
    names
      .slice(0, 3)
      .map((name) => `"${name}"`)
      .join(", ") + (names.length > 3 ? ` and ${names.length - 3} more` : "");
  const missing = [...wanted.keys()].filter((name) => !tensors.has(name));
  if (missing.length > 0) return `it has no tensor ${some(missing)}`;
  const extra = [...tensors.keys()].filter((name) => !wanted.has(name));
  if (extra.length > 0) return `it has the tensor ${some(extra)}, which belongs nowhere`;
  for (const [name, like] of wanted) {
    const { shape, dtype } = tensors.get(name)!;
    if (!sameShape(shape, like.shape))
      return `its tensor "${name}" is ${show(shape)}, ${show(like.shape)} was expected`;
    if (dtype !== like.dtype)
      return `its tensor "${name}" is of type ${dtype}, ${like.dtype} was expected`;
  }
  return null;
}

/** The tensors in the places of a tree that they fit. */
export const putInto = (form: Variables, tensors: ReadonlyMap<string, Tensor>): Variables =>
  treeFrom(form, (name) => tensors.get(name)!);

/** Those whose name begins so, without that beginning. */
export const below = (
  prefix: string,
  tensors: ReadonlyMap<string, Tensor>,
): ReadonlyMap<string, Tensor> =>
  new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, x]) => [name.slice(prefix.length), x]),
  );

/** How a tree branches, as JSON; a leaf is its name. */
export function formOf(tree: Variables, path: readonly string[] = []): Json {
  if (isTensor(tree)) return path.join(".");
  if (Array.isArray(tree))
    return (tree as readonly Variables[]).map((part, i) => formOf(part, [...path, `${i}`]));
  return Object.fromEntries(
    Object.entries(tree as { [key: string]: Variables }).map(([key, part]) => [
      key,
      formOf(part, [...path, key]),
    ]),
  );
}

/** The tree of a form; undefined if a tensor is missing. */
export function treeOfForm(
  form: Json,
  tensors: ReadonlyMap<string, Tensor>,
): Variables | undefined {
  if (typeof form === "string") return tensors.get(form);
  if (typeof form !== "object" || form === null) return undefined;
  const parts = Object.entries(form).map(
    ([key, part]) => [key, treeOfForm(part as Json, tensors)] as const,
  );
  if (parts.some(([, part]) => part === undefined)) return undefined;
  return Array.isArray(form)
    ? parts.map(([, part]) => part!)
    : (Object.fromEntries(parts) as Variables);
}
