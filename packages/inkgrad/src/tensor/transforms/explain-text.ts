import type { DrawnNode } from "../../graph/draw.js";
import { typeOf } from "../../graph/print.js";
import { columns } from "../columns.js";

type Scalar = number | boolean;
type Nested = Scalar | readonly Nested[];

/** An operation as it was computed. */
export interface ExplainedNode extends DrawnNode {
  /** A number or a boolean, or arrays of them nested as deep as the shape is long. */
  readonly value: Nested;
  /** The derivative of the result with respect to it; null where there is none. */
  readonly gradient: Nested | null;
}

/** One line a node, in columns; that of the gradients only where there are any. */
export function table(nodes: readonly ExplainedNode[]): string {
  const names = new Map(nodes.map(({ id, name }) => [id, name]));
  const withGradients = nodes.some((node) => node.gradient !== null);
  const rows = [
    ["name", "operation", "type", "value", "gradient"],
    ...nodes.map((node) => [
      node.name,
      callOf(node, names),
      typeOf(node),
      show(node.value),
      node.gradient === null ? "" : show(node.gradient),
    ]),
  ].map((row) => (withGradients ? row : row.slice(0, -1)));
  return columns(rows);
}

/** `mul(x, %1)`; a constant's number stands in the column of the values. */
function callOf({ op, attrs, inputs }: DrawnNode, names: ReadonlyMap<number, string>): string {
  if (op === "full") return "constant";
  const parts = [...inputs.map((id) => names.get(id)!), ...attrs];
  return parts.length === 0 ? op : `${op}(${parts.join(", ")})`;
}

/** The lines of a node's box in a picture. */
export function dotLabel(node: ExplainedNode): string[] {
  const lines = [node.name, ...node.attrs, typeOf(node)];
  lines[0] += `  ${node.op === "full" ? "constant" : node.op}`;
  lines.push(`value ${show(node.value)}`);
  if (node.gradient !== null) lines.push(`gradient ${show(node.gradient)}`);
  return lines;
}

/** Elements shown at the front of a long axis; one more at its end. */
const front = 3;

/** A value on one line: long axes cut short, equal elements said once. */
function show(value: Nested): string {
  if (!isList(value)) return showScalar(value, 7);
  const elements = leavesOf(value);
  const [first] = elements;
  if (elements.length > 1 && elements.every((x) => Object.is(x, first)))
    return `all ${showScalar(first, 7)}`;
  return showList(value);
}

// Array.isArray does not see that what is no list is a number.
const isList = (value: Nested): value is readonly Nested[] => Array.isArray(value);

const leavesOf = (value: Nested): Scalar[] => (isList(value) ? value.flatMap(leavesOf) : [value]);

function showList(value: Nested): string {
  if (!isList(value)) return showScalar(value, 4);
  if (value.length <= front + 2) return `[${value.map(showList).join(", ")}]`;
  const shown = value.slice(0, front).map(showList);
  return `[${shown.join(", ")}, …, ${showList(value[value.length - 1])}]`;
}

/** To so many digits, but whole numbers in full. */
function showScalar(x: Scalar, digits: number): string {
  if (Object.is(x, -0)) return "-0";
  if (typeof x === "boolean" || Number.isInteger(x) || !Number.isFinite(x)) return String(x);
  const rounded = x.toPrecision(digits);
  return rounded.includes("e") ? rounded : String(Number(rounded));
}
