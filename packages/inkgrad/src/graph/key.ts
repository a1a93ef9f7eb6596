import type { OpName } from "../ops/table.js";
import type { GraphNode } from "./node.js";

/**
 * What a node computes, as text: two nodes with the same key have the same value. Attributes count
 * by their contents, functions and objects among them (such as the rule of `custom`) by identity.
 */
export function keyOf({ op, src, attrs }: GraphNode): string {
  const inputs = src.map((x) => x.id);
  // x + y is y + x: the same key for both.
  if (inputs.length === 2 && commutative.has(op) && inputs[0] > inputs[1]) inputs.reverse();
  return `${op}(${inputs.join()})${attrKey(attrs)}`;
}

const commutative = new Set<OpName>([
  "add",
  "mul",
  "maximum",
  "minimum",
  "equal",
  "notEqual",
  "logicalAnd",
  "logicalOr",
  "logicalXor",
  "bitwiseAnd",
  "bitwiseOr",
  "bitwiseXor",
]);

function attrKey(attrs: object): string {
  let key = "";
  for (const name of Object.keys(attrs).sort())
    key += ` ${name}:${valueKey((attrs as Record<string, unknown>)[name])}`;
  return key;
}

function valueKey(value: unknown): string {
  if (typeof value === "number") return Object.is(value, -0) ? "-0" : String(value);
  if (Array.isArray(value)) return `[${value.map(valueKey).join()}]`;
  if (typeof value === "function" || (typeof value === "object" && value !== null))
    return `#${identityOf(value)}`;
  return String(value);
}

const identities = new WeakMap<object, number>();
let identityCount = 0;

function identityOf(value: object): number {
  const known = identities.get(value);
  if (known !== undefined) return known;
  identities.set(value, ++identityCount);
  return identityCount;
}
