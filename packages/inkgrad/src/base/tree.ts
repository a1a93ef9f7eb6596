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
  /** The leaves of another tree of the same form, without spelling that out; null: it has another. */
  readonly leavesOf: (tree: unknown) => Leaf[] | null;
}

/**
 * Takes a tree apart. Object keys go in sorted order, so that two objects with the same entries
 * give the same leaves however they were written. What is put together again has them as written.
 */
export function flatten<Leaf>(tree: unknown, options: TreeOptions<Leaf>): Flattened<Leaf> {
  const leaves: Leaf[] = [];
  return flattened(collect(tree, options, leaves, { path: "", above: [] }), leaves, options.isLeaf);
}

/** The functions hold nothing of the tree itself: they may be kept for others of its form. */
function flattened<Leaf>(part: Part, leaves: Leaf[], isLeaf: IsLeaf<Leaf>): Flattened<Leaf> {
  const { length } = leaves;
  return {
    leaves,
    form: spelled(part),
    ...functionsOf(part, length, isLeaf),
  };
}

function functionsOf<Leaf>(
  part: Part,
  count: number,
  isLeaf: IsLeaf<Leaf>,
): Pick<Flattened<Leaf>, "unflatten" | "leavesOf"> {
  return {
    unflatten: (values) => {
      if (values.length !== count)
        throw new InkgradError(`tree: expected ${count} leaves to put back, got ${values.length}`);
      return rebuilt(part, values);
    },
    leavesOf: (other) => {
      const found: Leaf[] = [];
      return gather(part, other, isLeaf, found) ? found : null;
    },
  };
}

type IsLeaf<Leaf> = TreeOptions<Leaf>["isLeaf"];

/** The nesting of a tree, without its leaves. */
type Part =
  | { readonly kind: "leaf"; readonly index: number }
  | { readonly kind: "list"; readonly parts: readonly Part[] }
  /** Entries as they were written, and their places in the order of the leaves. */
  | {
      readonly kind: "record";
      readonly keys: readonly string[];
      readonly parts: readonly Part[];
      readonly sorted: readonly number[];
    };

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
  if (options.isLeaf(tree)) return { kind: "leaf", index: leaves.push(tree) - 1 };
  if (above.includes(tree))
    throw new InkgradError(`tree: what stands at ${path} holds itself; a tree has an end`);
  const within = (key: string): Place => ({ path: path + key, above: [...above, tree] });
  if (Array.isArray(tree)) {
    const parts = tree.map((item, i) => collect(item, options, leaves, within(`[${i}]`)));
    return { kind: "list", parts };
  }
  if (isPlainObject(tree)) {
    const keys = Object.keys(tree);
    const found = new Map<string, Part>();
    for (const key of [...keys].sort())
      found.set(key, collect(tree[key], options, leaves, within(`.${key}`)));
    const parts = keys.map((key) => found.get(key)!);
    return { kind: "record", keys, parts, sorted: [...found.keys()].map((k) => keys.indexOf(k)) };
  }
  throw new InkgradError(
    `tree: expected ${options.what}, or arrays and plain objects of them, ` +
      `got ${describe(tree)}${path === "" ? "" : ` at ${path}`}`,
  );
}

function spelled(part: Part): string {
  switch (part.kind) {
    case "leaf":
      return ".";
    case "list":
      return `[${part.parts.map(spelled).join("")}]`;
    case "record":
      return `{${part.keys.map((key, i) => JSON.stringify(key) + spelled(part.parts[i])).join("")}}`;
  }
}

function rebuilt(part: Part, values: readonly unknown[]): unknown {
  switch (part.kind) {
    case "leaf":
      return values[part.index];
    case "list":
      return part.parts.map((one) => rebuilt(one, values));
    case "record": {
      const { keys, parts } = part;
      // This is done at every call of a compiled function, and entries take several times as long.
      if (keys.includes("__proto__"))
        return Object.fromEntries(keys.map((key, i) => [key, rebuilt(parts[i], values)]));
      const made: Record<string, unknown> = {};
      for (let i = 0; i < keys.length; i++) made[keys[i]] = rebuilt(parts[i], values);
      return made;
    }
  }
}

/** Adds the leaves of another tree as long as it has the form of `part`. Had it to the end? */
function gather<Leaf>(part: Part, tree: unknown, isLeaf: IsLeaf<Leaf>, found: Leaf[]): boolean {
  if (isLeaf(tree)) {
    found.push(tree);
    return part.kind === "leaf";
  }
  switch (part.kind) {
    case "leaf":
      return false;
    case "list": {
      if (!Array.isArray(tree) || tree.length !== part.parts.length) return false;
      return part.parts.every((one, i) => gather(one, tree[i], isLeaf, found));
    }
    case "record": {
      if (Array.isArray(tree) || !isPlainObject(tree)) return false;
      const { keys, parts, sorted } = part;
      const own = Object.keys(tree);
      if (own.length !== keys.length) return false;
      for (let i = 0; i < keys.length; i++) if (own[i] !== keys[i]) return false;
      return sorted.every((i) => gather(parts[i], tree[keys[i]], isLeaf, found));
    }
  }
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
