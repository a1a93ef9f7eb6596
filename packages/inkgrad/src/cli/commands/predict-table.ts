import { FormatError } from "../../base/errors.js";
import { csv } from "../../data/index.js";
import type { ColumnType, Table } from "../../data/formats/csv.js";
import { loadFitted } from "../../learn/saving/file.js";
import type { FittedClassifier } from "../../learn/types.js";
import { UsageError } from "../errors.js";
import { csvOptions } from "../fit/intake.js";
import { count } from "../output/format.js";
import type { Output } from "../output/output.js";

export interface PredictTableOptions {
  readonly out?: string;
}

/** What `fit` keeps beside a model. */
interface About {
  readonly command: "fit";
  readonly target: string;
  readonly excluded: readonly string[];
  readonly columns: readonly { readonly name: string; readonly type: ColumnType }[];
  /** Identifiers and constants: they may be there or not. */
  readonly leftOut: readonly string[];
  readonly reading: {
    readonly delimiter: string | null;
    readonly header: boolean;
    readonly na: readonly string[] | null;
  };
}

/** `inkgrad predict MODEL FILE.csv`: a class and probabilities for each row. */
export async function predictTable(
  path: string,
  file: string,
  { out }: PredictTableOptions,
  output: Output,
): Promise<void> {
  const { fitted, facts } = await loadFitted(path);
  const about = facts as unknown as About;
  const classifier = fitted as FittedClassifier<string>;
  if (about.command !== "fit" || !Array.isArray(classifier.classes))
    throw new FormatError(
      `${path} is no model of inkgrad fit; use it with loadFitted in a program`,
    );
  const table = await readLike(file, about, output);
  const classes = classifier.predict(table);
  const probabilities = classifier.predictProba(table).toArray() as number[][];
  const names = classifier.classes.map((name) => `probability_${name}`);
  const columns: Record<string, (string | number)[]> = { class: classes };
  names.forEach((name, c) => (columns[name] = probabilities.map((row) => row[c])));
  const text = csv.encode(columns);
  if (out !== undefined) {
    await csv.write(out, columns);
    output.say(`${count(table.rows)} rows written to ${out}`);
  } else output.say(text.trimEnd());
  output.result({
    model: path,
    file,
    rows: table.rows,
    out: out ?? null,
    predictions: classes.map((name, row) => ({
      class: name,
      probabilities: Object.fromEntries(
        classifier.classes.map((own, c) => [own, probabilities[row][c]]),
      ),
    })),
  });
}

/** The table with the columns that the model was fitted on, read as they were then. */
async function readLike(file: string, about: About, output: Output): Promise<Table> {
  const { columns, leftOut, reading, target, excluded } = about;
  const given = {
    ...(reading.delimiter !== null && { delimiter: reading.delimiter }),
    ...(!reading.header && { header: false }),
    ...(reading.na !== null && { na: reading.na }),
  };
  // Whole numbers may go on with fractions, and a file without a column says so itself.
  const there = await csv.read(file, csvOptions(given));
  const lacking = columns.filter(({ name }) => !there.names.includes(name));
  if (lacking.length > 0)
    throw new UsageError(
      `${file} lacks ${lacking.length === 1 ? "the column" : "the columns"} ` +
        `${lacking.map(({ name }) => `"${name}"`).join(", ")}, which the model was fitted on; it has ` +
        there.names.join(", "),
    );
  const isNumeric = (type: ColumnType): boolean => type !== "category" && type !== "text";
  const differing = columns.filter(
    ({ name, type }) => isNumeric(type) && !isNumeric(there.columns[name].type) && there.rows > 0,
  );
  if (differing.length > 0)
    throw new UsageError(
      `${file}: ${differing.map(({ name }) => `"${name}"`).join(", ")} ${differing.length === 1 ? "holds" : "hold"} ` +
        `texts, and the model was fitted on numbers there`,
    );
  const known = new Set([...columns.map(({ name }) => name), target, ...excluded, ...leftOut]);
  const unknown = there.names.filter((name) => !known.has(name));
  if (unknown.length > 0)
    output.warn(`note: not known to the model and passed over: ${unknown.join(", ")}`);
  const types = Object.fromEntries(
    columns.map(({ name, type }): [string, ColumnType] => [
      name,
      type === "integer" ? "number" : type,
    ]),
  );
  return csv.read(file, { ...csvOptions(given), types });
}
