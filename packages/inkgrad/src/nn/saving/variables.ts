import { InkgradError } from "../../base/errors.js";
import { isTensor, type Tensor } from "../../tensor/tensor.js";
import type { Variables } from "../layer.js";

/** Trees of tensors as names: how parameters are listed and saved. */

/** Tensors by the keys that lead to them, in the order in which they are written. */
export function entriesOf(
  tree: Variables,
  path: readonly string[] = [],
): { readonly path: readonly string[]; readonly tensor: Tensor }[] {
  if (isTensor(tree)) return [{ path, tensor: tree }];
  return Object.entries(tree as { [key: string]: Variables }).flatMap(([key, part]) =>
    entriesOf(part, [...path, key]),
  );
}

/**
 * Tensors by name, the keys joined with dots: "dense_1.kernel".
 *
 * @throws InkgradError  if two come to one name, since a key has a dot in it
 */
export function namesOf(tree: Variables): Map<string, Tensor> {
  const named = new Map<string, Tensor>();
  for (const { path, tensor } of entriesOf(tree)) {
    const name = path.join(".");
    if (named.has(name))
      throw new InkgradError(
        `saving: two tensors come to the name "${name}"; give the layers names without dots`,
      );
    named.set(name, tensor);
  }
  return named;
}

/** A tree of the same form, of the tensors that `find` has for each name. */
export function treeFrom(
  form: Variables,
  find: (name: string, like: Tensor) => Tensor,
  path: readonly string[] = [],
): Variables {
  if (isTensor(form)) return find(path.join("."), form);
  if (Array.isArray(form))
    return (form as readonly Variables[]).map((part, i) => treeFrom(part, find, [...path, `${i}`]));
  return Object.fromEntries(
    Object.entries(form as { [key: string]: Variables }).map(([key, part]) => [
      key,
      treeFrom(part, find, [...path, key]),
    ]),
  );
}
