import { ValueError } from "../../base/errors.js";
import { type Column, type ColumnType, type Table, texts } from "../../data/formats/csv.js";
import { encoded } from "../input/labels.js";
import { alone } from "./alone.js";
import { type ColumnFacts, factsOf } from "./column.js";

export interface ColumnAudit extends ColumnFacts {
  readonly name: string;
  readonly type: ColumnType;
  /** ROC area of what this column alone tells of the classes; null: it is left out. */
  readonly alone: number | null;
  /** ROC area of what is told by whether its value is missing; null: as above, or none is missing. */
  readonly missingAlone: number | null;
}

export interface AuditWarning {
  readonly kind:
    | "identifier"
    | "constant"
    | "empty"
    | "many values"
    | "leak"
    | "missing"
    | "imbalance"
    | "small class"
    | "copies";
  /** Null: of the whole table. */
  readonly column: string | null;
  readonly message: string;
}

export interface Audit {
  readonly rows: number;
  readonly classes: readonly { readonly name: string; readonly count: number }[];
  /** All but the target, in the table's order. */
  readonly columns: readonly ColumnAudit[];
  readonly warnings: readonly AuditWarning[];
}

/** A column that alone tells the classes so well is suspicious; one whose gaps do, sooner. */
const leakFrom = 0.98;
const gapLeakFrom = 0.9;
const missingFrom = 0.1;
const imbalanceBelow = 0.1;
const smallClass = 10;

/**
 * What is to be known of a table before one learns from it: the columns' types and what becomes of them,
 * and warnings of identifiers, constants, columns that alone tell the target, missing values and classes
 * that are rare. Nothing is changed.
 *
 * @param target  the column that is to be told; rows without it must not be there
 * @throws ValueError  if there is no such column, or a value of it is missing
 */
export function audit(table: Table, target: string): Audit {
  const { rows, names, columns } = table;
  const labels = texts(table, target);
  const none = labels.indexOf(null);
  if (none >= 0)
    throw new ValueError(
      `audit: row ${none} has no value of the target "${target}"; leave such rows out first`,
    );
  const { classes, numbers } = encoded(labels as string[], rows, "audit");
  const counts = classes.map((_, c) => numbers.reduce((n, number) => n + Number(number === c), 0));
  const audits = names
    .filter((name) => name !== target)
    .map((name): ColumnAudit => {
      const column = columns[name];
      const facts = factsOf(name, column);
      const isJudged =
        facts.role !== "left out" &&
        facts.role !== "text" &&
        classes.length > 1 &&
        rows >= smallClass;
      const area = (of: Column): number => alone(of, numbers, classes.length);
      return {
        name,
        type: column.type,
        ...facts,
        alone: isJudged ? area(column) : null,
        missingAlone: isJudged && facts.missing > 0 ? area(gapsOf(column)) : null,
      };
    });
  return {
    rows,
    classes: classes.map((name, c) => ({ name, count: counts[c] })),
    columns: audits,
    warnings: [
      ...audits.flatMap((column) => warningsOf(column, rows)),
      ...ofClasses(classes, counts, rows),
      ...copiesIn(table),
    ],
  };
}

/** 1 where a value is missing. */
function gapsOf({ values }: Column): Column {
  const gaps = Float64Array.from(values as readonly unknown[], (value) =>
    Number(value === null || Number.isNaN(value)),
  );
  return { type: "boolean", values: gaps, missing: 0 };
}

function warningsOf(column: ColumnAudit, rows: number): AuditWarning[] {
  const { name, why, distinct, missing, examples } = column;
  const warning = (kind: AuditWarning["kind"], message: string): AuditWarning => ({
    kind,
    column: name,
    message,
  });
  if (why === "empty") return [warning(why, "has no values; it is left out")];
  if (why === "constant") return [warning(why, `is "${examples[0]}" in every row; it is left out`)];
  if (why === "identifier")
    return [warning(why, "names each row and would be learned by heart; it is left out")];
  if (why === "many values")
    return [
      warning(why, `has ${count(distinct)} different texts in ${count(rows)} rows; it is left out`),
    ];
  const found: AuditWarning[] = [];
  if (column.alone !== null && column.alone >= leakFrom)
    found.push(
      warning(
        "leak",
        `alone tells the classes almost perfectly (ROC area ${column.alone.toFixed(3)}): is it known ` +
          "before the target is? If not, exclude it",
      ),
    );
  else if (column.missingAlone !== null && column.missingAlone >= gapLeakFrom)
    found.push(
      warning(
        "leak",
        `tells the classes by where it is missing (ROC area ${column.missingAlone.toFixed(3)}): was it ` +
          "filled in after the target was known? Then exclude it",
      ),
    );
  if (missing >= missingFrom * rows)
    found.push(warning("missing", `is missing in ${share(missing, rows)} of the rows`));
  return found;
}

function ofClasses(
  classes: readonly string[],
  counts: readonly number[],
  rows: number,
): AuditWarning[] {
  const found: AuditWarning[] = [];
  classes.forEach((name, c) => {
    if (counts[c] < smallClass)
      found.push({
        kind: "small class",
        column: null,
        message: `the class "${name}" has only ${counts[c]} rows: figures about it mean little`,
      });
    else if (counts[c] < imbalanceBelow * rows)
      found.push({
        kind: "imbalance",
        column: null,
        message:
          `the class "${name}" is rare, ${share(counts[c], rows)} of the rows: accuracy says little, look ` +
          "at precision and recall",
      });
  });
  return found;
}

/** Rows that are there more than once may land on both sides of a split. */
function copiesIn({ rows, names, columns }: Table): AuditWarning[] {
  const seen = new Set<string>();
  for (let row = 0; row < rows; row++)
    seen.add(names.map((name) => String(columns[name].values[row])).join("\u0000"));
  const copies = rows - seen.size;
  if (copies === 0) return [];
  const message =
    `${copies} ${copies === 1 ? "row is a copy of another" : "rows are copies of others"}: where a row to learn from has a copy to test on, figures ` +
    "are too good";
  return [{ kind: "copies", column: null, message }];
}

const count = (n: number): string => n.toLocaleString("en-US");

const share = (part: number, whole: number): string =>
  `${((100 * part) / whole).toFixed(part < 0.1 * whole ? 1 : 0)} %`;
