import type { Column } from "../../data/formats/csv.js";

/** What is to be known of a column before one learns from it. */

/** What becomes of a column: scaled, one-hot encoded, weighted words, or nothing. */
export type Role = "number" | "category" | "text" | "left out";

export interface ColumnFacts {
  /** Different values, without missing ones. */
  readonly distinct: number;
  readonly missing: number;
  /** The most frequent values, the first three. */
  readonly examples: readonly string[];
  readonly role: Role;
  /** Why it is left out. */
  readonly why: "identifier" | "constant" | "empty" | "many values" | null;
}

/** Texts of so many words on average are read word by word. */
const wordsOfText = 6;

/** What a column holds, judging by its values and its name. */
export function factsOf(name: string, column: Column): ColumnFacts {
  const counts = new Map<string | number, number>();
  let missing = 0;
  for (const value of column.values)
    if (value === null || Number.isNaN(value)) missing++;
    else counts.set(value, (counts.get(value) ?? 0) + 1);
  const distinct = counts.size;
  const present = column.values.length - missing;
  const examples = [...counts]
    .sort(([, a], [, b]) => b - a)
    .slice(0, 3)
    .map(([value]) => String(value));
  const facts = { distinct, missing, examples };
  const out = (why: ColumnFacts["why"]): ColumnFacts => ({ ...facts, role: "left out", why });
  if (distinct === 0) return out("empty");
  if (distinct === 1 && missing === 0) return out("constant");
  if (distinct === present && isIdentifier(name, column)) return out("identifier");
  if (column.type === "category") return { ...facts, role: "category", why: null };
  if (column.type !== "text") return { ...facts, role: "number", why: null };
  const words = [...counts.keys()].reduce<number>((n, text) => n + wordsIn(String(text)), 0);
  if (words >= wordsOfText * distinct) return { ...facts, role: "text", why: null };
  return out(distinct === present ? "identifier" : "many values");
}

const wordsIn = (text: string): number => text.split(/\s+/).filter((word) => word !== "").length;

/** "id", "customer_id", "CustomerId", "row number", "index", … */
const idName =
  /(^|[^a-z])(id|key|uuid|guid|index|(row|line|record|serial)[ _-]?(no|nr|number|id)?)$/i;

/** Of a column whose values all differ: does it only name the rows? */
function isIdentifier(name: string, { type, values }: Column): boolean {
  if (type !== "integer") return false;
  if (idName.test(name) || /[a-z](Id|ID|Key|Number|Index)$/.test(name)) return true;
  // Counted up row by row.
  const numbers = values;
  return numbers.length > 2 && numbers.every((value, i) => i === 0 || value === numbers[i - 1] + 1);
}
