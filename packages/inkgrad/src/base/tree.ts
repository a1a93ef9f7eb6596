import { InkgradError } from "./errors.js";

/** A leaf, or an array or plain object of trees: how parameters and arguments are grouped. */
export type Tree<Leaf> = Leaf | readonly Tree<Leaf>[] | { readonly [key: string]: Tree<Leaf> };

/** The same nesting with other leaves. */
export type MapTree<T, From, To> = T extends From
  ? To
  : T extends readonly unknown[] | object
    ? { [K in keyof T]: MapTree<T[K], From, To> }
    : T;

export interface TreeOptions<Leaf> {
  /** What counts as a leaf. Everything else that is no array or plain object is an error. */
  readonly isLeaf: (value: unknown) => value is Leaf;
  /** Named in the error for a value that has no place in a tree. */
  readonly what: string;
}

/** Leaves in order, and a function that puts others in their places. */
export interface Flattened<Leaf> {
  readonly leaves: Leaf[];
  /**
   * The nesting, spelled out: equal for trees that differ in their leaves only. The order in which
   * keys were written counts, for a function may go through the values of an object.
   */
  readonly form: string;
  readonly unflatten: (leaves: readonly unknown[]) => unknown;
}

/**
 * Takes a tree apart. Object keys go in sorted order, so that two objects with the same entries
 * give the same leaves however they were written. What is put together again has them as written.
 */
export function flatten<Leaf>(tree: unknown, options: TreeOptions<Leaf>): Flattened<Leaf> {
  const leaves: Leaf[] = [];
  const { rebuild, form } = collect(tree, options, leaves, { path: "", above: [] });
  return {
    leaves,
    form,
    unflatten: (values) => {
      if (values.length !== leaves.length)
        throw new InkgradError(
          `tree: expected ${leaves.length} leaves to put back, got ${values.length}`,
        );
      return rebuild(values);
    },
  };
}

interface Part {
  readonly rebuild: (values: readonly unknown[]) => unknown;
  readonly form: string;
}

/** Where in the tree: the keys that lead there, and what stands above. */
interface Place {
  readonly path: string;
  readonly above: readonly unknown[];
}

function collect<Leaf>(
  tree: unknown,
  options: TreeOptions<Leaf>,
  leaves: Leaf[],
  { path, above }: Place,
): Part {
  if (options.isLeaf(tree)) {
    const index = leaves.push(tree) - 1;
    return { rebuild: (values) => values[index], form: "." };
  }
  if (above.includes(tree))
    throw new InkgradError(`tree: what stands at ${path} holds itself; a tree has an end`);
  const within = (key: string): Place => ({ path: path + key, above: [...above, tree] });
  if (Array.isArray(tree)) {
    const parts = tree.map((item, i) => collect(item, options, leaves, within(`[${i}]`)));
    return {
      rebuild: (values) => parts.map((part) => part.rebuild(values)),
      form: `[${parts.map(({ form }) => form).join("")}]`,
    };
  }
  if (isPlainObject(tree)) {
    const written = Object.keys(tree);
    const parts = new Map<string, Part>();
    for (const key of [...written].sort())
      parts.set(key, collect(tree[key], options, leaves, within(`.${key}`)));
    return {
      rebuild: (values) =>
        Object.fromEntries(written.map((key) => [key, parts.get(key)!.rebuild(values)])),
      form: `{${written.map((key) => JSON.stringify(key) + parts.get(key)!.form).join("")}}`,
    };
  }
  throw new InkgradError(
    `tree: expected ${options.what}, or arrays and plain objects of them, ` +
      `got ${describe(tree)}${path === "" ? "" : ` at ${path}`}`,
  );
}

/** Applies `f` to every leaf. */
export const mapTree = <Leaf>(
  tree: unknown,
  options: TreeOptions<Leaf>,
  f: (leaf: Leaf) => unknown,
): unknown => {
  const { leaves, unflatten } = flatten(tree, options);
  return unflatten(leaves.map(f));
};

function isPlainObject(value: unknown): value is Record<string, unknown> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  // Every realm (a frame, a context of node:vm) has an Object.prototype of its own.
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

/** A short name of any value, for messages. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return String(value);
  if (typeof value === "function") return "a function";
  if (value instanceof Promise) return "a promise; await it first";
  if (typeof value === "object") return `an object of class ${value.constructor?.name ?? "?"}`;
  return `the ${typeof value} ${(value as number).toString()}`;
}
