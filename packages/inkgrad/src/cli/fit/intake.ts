import { csv, type Table } from "../../data/index.js";
import type { CsvOptions } from "../../data/formats/csv.js";
import { texts } from "../../data/formats/csv.js";
import { takeRows } from "../../learn/input/rows.js";
import { UsageError } from "../errors.js";
import { plural } from "../output/format.js";

/** A table, read and made ready: rows whose target is known, without the columns that are excluded. */

export interface IntakeOptions {
  readonly target: string;
  readonly positive?: string;
  readonly exclude?: readonly string[];
  readonly delimiter?: string;
  readonly header?: boolean;
  readonly na?: readonly string[];
}

export interface Intake {
  readonly file: string;
  readonly target: string;
  /** All columns that may be learned from, and the target. */
  readonly table: Table;
  /** The target of each row. */
  readonly labels: readonly string[];
  readonly classes: readonly string[];
  /** Of two classes the one that is looked for; null: there are more. */
  readonly positive: string | null;
  /** Why it is that one. */
  readonly positiveReason: string;
  readonly excluded: readonly string[];
  /** What was odd about the file. */
  readonly notes: readonly string[];
}

/** So many classes are targets of a regression, or names of rows. */
const mostClasses = 50;

export async function readIntake(file: string, options: IntakeOptions): Promise<Intake> {
  const whole = await csv.read(file, csvOptions(options));
  const { target, exclude = [] } = options;
  requireNames(whole, [target, ...exclude], file);
  if (exclude.includes(target))
    throw new UsageError(`--exclude ${target}: that is the target, which is needed`);
  const all = texts(whole, target);
  const known = Int32Array.from(all.flatMap((label, row) => (label === null ? [] : [row])));
  const notes = [...whole.warnings];
  const without = all.length - known.length;
  if (without > 0)
    notes.push(
      `${plural(without, "row")} without a value of "${target}" ${without === 1 ? "was" : "were"} left out`,
    );
  const kept = withoutColumns(whole, exclude);
  const table = without > 0 ? takeRows(kept, known) : kept;
  requireFinite(kept, file);
  const labels = all.filter((label) => label !== null);
  const classes = classesOf(labels, target, file);
  return {
    ...{ file, target, table, labels, classes, notes, excluded: exclude },
    ...positiveOf(classes, labels, options.positive),
  };
}

export const csvOptions = ({
  delimiter,
  header,
  na,
}: Pick<IntakeOptions, "delimiter" | "header" | "na">): CsvOptions => ({
  ...(delimiter !== undefined && { delimiter: delimiter === "\\t" ? "\t" : delimiter }),
  ...(header === false && { header: false }),
  ...(na !== undefined && { missing: na }),
});

function requireNames({ names }: Table, wanted: readonly string[], file: string): void {
  const unknown = wanted.filter((name) => !names.includes(name));
  if (unknown.length > 0)
    throw new UsageError(
      `${file} has no column ${unknown.map((name) => `"${name}"`).join(", ")}; its columns are ` +
        (names.length > 40 ? `${names.slice(0, 40).join(", ")}, …` : names.join(", ")),
    );
}

/** What is missing is NaN; infinite is what somebody wrote. */
function requireFinite({ names, columns }: Table, file: string): void {
  for (const name of names) {
    const { values } = columns[name];
    if (!(values instanceof Float64Array)) continue;
    const row = values.findIndex((value) => Math.abs(value) === Infinity);
    if (row >= 0)
      throw new UsageError(
        `${file}: row ${row + 1}, column "${name}" is ${values[row]}; correct it, name it a missing value by --na, ` +
          "or leave the column out by --exclude",
      );
  }
}

function withoutColumns(table: Table, excluded: readonly string[]): Table {
  const names = table.names.filter((name) => !excluded.includes(name));
  return {
    ...table,
    names,
    columns: Object.fromEntries(names.map((name) => [name, table.columns[name]])),
  };
}

function classesOf(labels: readonly string[], target: string, file: string): readonly string[] {
  const classes = [...new Set(labels)].sort(byNumberThenName);
  if (classes.length === 0) throw new UsageError(`${file} has no rows with a value of "${target}"`);
  if (classes.length === 1)
    throw new UsageError(
      `the target "${target}" is "${classes[0]}" in every row; there is nothing to tell apart`,
    );
  if (classes.length > mostClasses)
    throw new UsageError(
      `the target "${target}" has ${classes.length} different values, as numbers to estimate or names of rows have; ` +
        `fit tells up to ${mostClasses} classes apart. Is it the right column?`,
    );
  return classes;
}

const byNumberThenName = (a: string, b: string): number =>
  Number.isNaN(Number(a)) || Number.isNaN(Number(b))
    ? a < b
      ? -1
      : Number(a > b)
    : Number(a) - Number(b);

/** What stands for "yes" if nothing is said. */
const yes = /^(1|true|yes|y|positive|pos|t)$/i;

function positiveOf(
  classes: readonly string[],
  labels: readonly string[],
  given: string | undefined,
): Pick<Intake, "positive" | "positiveReason"> {
  if (given !== undefined && !classes.includes(given))
    throw new UsageError(
      `--positive ${given}: the target has the classes ${classes.join(", ")} and no such one`,
    );
  if (classes.length > 2) {
    if (given !== undefined)
      throw new UsageError(
        `--positive ${given}: that is for targets of two classes, and this one has ${classes.length}`,
      );
    return { positive: null, positiveReason: "" };
  }
  if (given !== undefined) return { positive: given, positiveReason: "as was asked" };
  const named = classes.filter((name) => yes.test(name));
  if (named.length === 1) return { positive: named[0], positiveReason: "by its name" };
  const first = labels.filter((label) => label === classes[0]).length;
  const rarer = first < labels.length - first ? classes[0] : classes[1];
  return { positive: rarer, positiveReason: "as the rarer one; --positive chooses" };
}
