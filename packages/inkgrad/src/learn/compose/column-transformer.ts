import { ShapeError, ValueError } from "../../base/errors.js";
import { columnName } from "../input/names.js";
import { chosenColumns, type ColumnChoice, type Source, sourceOf } from "../input/select.js";
import type { State } from "../saving/state.js";
import type {
  Features,
  Fitted,
  FitOptions,
  FittedTransformer,
  Labels,
  Transformed,
  Transformer,
} from "../types.js";
import { beside, dense } from "./beside.js";

/** Columns, and what becomes of them. */
export interface Part {
  /** Comes before the names of the columns that come out. */
  readonly name: string;
  readonly columns: ColumnChoice;
  readonly transformer: Transformer | "passthrough" | "drop";
}

export interface ColumnTransformerOptions {
  readonly parts: readonly Part[];
  /** What becomes of columns in no part (default "drop"). */
  readonly remainder?: Transformer | "passthrough" | "drop";
  /** Names as `part__column`? Default true; without it they must all be different. */
  readonly prefix?: boolean;
  /** Fill the zeros of sparse rows in? Default true: sparse if any part is. */
  readonly sparse?: boolean;
}

export interface FittedPart {
  readonly name: string;
  /** Numbers of its columns. */
  readonly columns: Int32Array;
  /** null: passed through. */
  readonly fitted: FittedTransformer | null;
}

export interface FittedColumnTransformer extends FittedTransformer {
  /** The parts that give columns, the remainder last. */
  readonly parts: readonly FittedPart[];
}

interface PartState {
  readonly [name: string]: string | Int32Array | State | null;
  readonly name: string;
  readonly columns: Int32Array;
  readonly fitted: State | null;
}

interface ColumnTransformerState extends State {
  readonly kind: "columnTransformer";
  readonly names: readonly string[] | null;
  readonly features: number;
  readonly parts: readonly PartState[];
  readonly prefix: boolean;
  readonly sparse: boolean;
}

/**
 * A transformer for each group of columns; what they give stands side by side, in the order of the parts.
 * Columns with names are found by them: they may come in another order, and columns that no part
 * needs may be there or not.
 *
 * @throws ValueError  when fitting, for columns that are not there
 * @source scikit-learn `ColumnTransformer`
 */
export const columnTransformer = (
  options: ColumnTransformerOptions,
): Transformer<FittedColumnTransformer> => ({
  kind: "columnTransformer",
  options: { ...options },
  async fit(x: Features, y?: Labels, fitOptions?: FitOptions) {
    const op = "columnTransformer.fit";
    const { parts, remainder = "drop", prefix = true, sparse = true } = options;
    const source = sourceOf(x, op);
    const [taken, seen] = [new Set<number>(), new Set<string>(["remainder"])];
    const all = parts.map(({ name, columns, transformer }) => {
      if (typeof name !== "string" || seen.has(name) || name.includes("__"))
        throw new ValueError(
          `${op}: each part needs a name of its own, without "__", and not "remainder"; got ${JSON.stringify(name)}`,
        );
      seen.add(name);
      const chosen = chosenColumns(columns, source, `${op}, part "${name}"`);
      for (const k of chosen) taken.add(k);
      return { name, columns: chosen, transformer };
    });
    const rest = Array.from({ length: source.columns }, (_, k) => k).filter((k) => !taken.has(k));
    all.push({ name: "remainder", columns: rest, transformer: remainder });
    const states: PartState[] = [];
    const fittedParts: FittedPart[] = [];
    for (const { name, columns, transformer } of all) {
      if (transformer === "drop" || columns.length === 0) continue;
      const fitted =
        transformer === "passthrough"
          ? null
          : await requireTransformer(transformer, name, op).fit(
              source.take(columns),
              y,
              fitOptions,
            );
      const numbers = Int32Array.from(columns);
      states.push({ name, columns: numbers, fitted: fitted?.state ?? null });
      fittedParts.push({ name, columns: numbers, fitted });
    }
    if (states.length === 0)
      throw new ValueError(`${op}: no column is left; all parts are empty or dropped`);
    const { names, columns: features } = source;
    const state = { names, features, parts: states, prefix, sparse };
    return assembled({ kind: "columnTransformer", ...state }, fittedParts);
  },
});

function requireTransformer(x: Transformer, name: string, op: string): Transformer {
  if (typeof x === "object" && x !== null && typeof x.fit === "function") return x;
  throw new ValueError(
    `${op}: the transformer of part "${name}" must be an estimator, "passthrough" or "drop"`,
  );
}

export const restoreColumnTransformer = (
  state: ColumnTransformerState,
  restore: (state: State) => Fitted,
): FittedColumnTransformer =>
  assembled(
    state,
    state.parts.map(({ name, columns, fitted }) => ({
      name,
      columns,
      fitted: fitted === null ? null : (restore(fitted) as FittedTransformer),
    })),
  );

function assembled(
  state: ColumnTransformerState,
  parts: readonly FittedPart[],
): FittedColumnTransformer {
  const { names, features, prefix, sparse } = state;
  const outputNames = parts.flatMap(({ name, columns, fitted }) => {
    const own = fitted?.outputNames ?? Array.from(columns, (k) => columnName(names, k));
    return prefix ? own.map((column) => `${name}__${column}`) : own;
  });
  if (new Set(outputNames).size !== outputNames.length) {
    const twice = outputNames.find((name, i) => outputNames.indexOf(name) !== i);
    throw new ValueError(
      `columnTransformer: two columns come out as "${twice}"; leave prefix on, or choose each column once`,
    );
  }
  const needed = [...new Set(parts.flatMap(({ columns }) => Array.from(columns)))];
  return {
    state,
    features,
    featureNames: names,
    parts,
    outputNames,
    transform: (x): Transformed => {
      const op = "columnTransformer.transform";
      const source = sourceOf(x, op);
      const at = placesOf(source, state, needed, op);
      const given = parts.map(({ columns, fitted }) => {
        const own = source.take(Array.from(columns, (k) => at.get(k)!));
        return fitted === null ? own : fitted.transform(own);
      });
      const together = beside(given, source.rows, outputNames, op);
      return sparse ? together : dense(together);
    },
  };
}

/** Where the columns that are needed stand now: by name where both sides have names. */
function placesOf(
  source: Source,
  { names, features }: ColumnTransformerState,
  needed: readonly number[],
  op: string,
): Map<number, number> {
  if (names === null || source.names === null) {
    if (source.columns !== features)
      throw new ShapeError(
        `${op}: it was fitted on ${features} columns, and X has ${source.columns}`,
      );
    return new Map(needed.map((k) => [k, k]));
  }
  const places = new Map(source.names.map((name, k) => [name, k]));
  const lacking = needed.filter((k) => !places.has(names[k])).map((k) => names[k]);
  if (lacking.length > 0)
    throw new ShapeError(
      `${op}: the columns are not those it was fitted on: ${lacking.join(", ")} not there`,
    );
  return new Map(needed.map((k) => [k, places.get(names[k])!]));
}
