import { isTensor } from "@src/tensor/tensor.js";
import { csv } from "inkgrad/data";
import {
  columnTransformer,
  pipeline,
  preprocessing,
  sparseRows,
  type SparseRows,
} from "inkgrad/learn";
import { make } from "@src/learn/kinds.js";
import { preprocessingKinds } from "@src/learn/preprocessing/kinds.js";
import { isTable } from "@src/learn/input/matrix.js";
import { fittedFromBytes, fittedToBytes } from "@src/learn/saving/file.js";
import type { FittedTransformer, Transformer } from "@src/learn/types.js";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { goldenPreprocessing } from "../support/tolerances.js";

/** Every transformer against scikit-learn's, as scripts/golden/preprocessing.py describes. */

interface Case {
  readonly kind: string;
  readonly options: Record<string, unknown>;
  readonly input: string;
  readonly test?: string;
  readonly y?: readonly number[];
  readonly sampleWeight?: readonly number[];
  readonly labels?: readonly (string | number)[];
  readonly out: Value;
  readonly names?: readonly string[];
  readonly attributes?: Record<string, Value>;
  readonly inverse?: Value;
}
type Value =
  | number
  | string
  | null
  | readonly Value[]
  | { columns: number; starts: number[]; indices: number[]; values: (number | null)[] };

const golden = JSON.parse(
  readFileSync(new URL("./learn/preprocessing.json", import.meta.url), "utf8"),
  (_key, value: unknown) => (value === "Infinity" || value === "-Infinity" ? Number(value) : value),
) as {
  inputs: Record<string, Value>;
  cases: Case[];
  composed: { out: Value; coefficients: number[]; y: number[]; kept: number[]; threshold: number };
};

const inputs = Object.fromEntries(
  Object.entries(golden.inputs).map(([name, value]) => [name, inputOf(value)]),
);

/** null among numbers is NaN; in a list that holds texts it stays. */
function inputOf(value: Value): never {
  if (Array.isArray(value)) {
    const isText = value.flat().some((cell) => typeof cell === "string");
    if (isText) return value as never;
    return (value as (number | null)[][]).map((row) => row.map((x) => x ?? NaN)) as never;
  }
  const { columns, starts, indices, values } = value as Extract<Value, { columns: number }>;
  return sparseRows({ columns, starts, indices, values: values.map((x) => x ?? NaN) }) as never;
}

/** What comes out, in the form of the golden values. */
function plain(out: unknown): Value {
  if (isTensor(out)) return plain(out.toArray());
  if (ArrayBuffer.isView(out)) return Array.from(out as Float64Array, plain);
  if (Array.isArray(out)) return out.map(plain);
  if (typeof out === "object" && out !== null && isTable(out)) {
    const columns = out.names.map((name) => out.columns[name].values);
    return Array.from({ length: out.rows }, (_, row) =>
      columns.map((column) => plain(column[row])),
    );
  }
  if (typeof out === "object" && out !== null) {
    const { columns, starts, indices, values } = out as SparseRows;
    const list = (x: ArrayLike<number>) => Array.from(x);
    return {
      columns,
      starts: list(starts),
      indices: list(indices),
      values: plain(values) as number[],
    };
  }
  return Number.isNaN(out) ? null : (out as number);
}

function expectClose(got: Value, wanted: Value, where: string): void {
  if (typeof wanted === "number" && typeof got === "number") {
    const close =
      Math.abs(got - wanted) <= goldenPreprocessing * (1 + Math.abs(wanted)) || got === wanted;
    if (!close) expect.fail(`${where}: got ${got}, scikit-learn has ${wanted}`);
  } else if (Array.isArray(wanted)) {
    expect(Array.isArray(got) && got.length, where).toBe(wanted.length);
    wanted.forEach((item: Value, i) => expectClose((got as Value[])[i], item, `${where}[${i}]`));
  } else if (typeof wanted === "object" && wanted !== null) {
    for (const [key, item] of Object.entries(withoutZeros(wanted)))
      expectClose(
        (withoutZeros(got) as unknown as Record<string, Value>)[key],
        item,
        `${where}.${key}`,
      );
  } else expect(got, where).toBe(wanted);
}

/** Zeros that are stored are still zeros. */
function withoutZeros(x: Value): Exclude<Value, number | string | null | readonly Value[]> {
  const { columns, starts, indices, values } = x as Extract<Value, { columns: number }>;
  const out = { columns, starts: [0], indices: [] as number[], values: [] as (number | null)[] };
  for (let row = 0; row + 1 < starts.length; row++) {
    for (let i = starts[row]; i < starts[row + 1]; i++)
      if (values[i] !== 0) {
        out.indices.push(indices[i]);
        out.values.push(values[i]);
      }
    out.starts.push(out.indices.length);
  }
  return out;
}

/** Names that scikit-learn gives otherwise. */
const renamed = (name: string): string =>
  name.replace("infrequent_sklearn", "infrequent").replace(/^(x\d+_\d+)\.0$/, "$1");

/** JSON has no NaN. */
const optionsOf = ({ kind, options }: Case) =>
  kind === "ordinalEncoder"
    ? Object.fromEntries(Object.entries(options).map(([name, x]) => [name, x ?? NaN]))
    : options;

async function check(one: Case): Promise<void> {
  if (one.kind === "labelBinarizer") {
    const binarizer = preprocessing.labelBinarizer(one.labels!, one.options);
    const out = binarizer.transform(one.labels!);
    expectClose(plain(out), one.out, "labelBinarizer");
    expect(binarizer.inverse(out)).toEqual(one.labels);
    return;
  }
  const estimator = make({ estimator: one.kind, options: optionsOf(one) }) as Transformer;
  const fitted = await estimator.fit(inputs[one.input], one.y, { sampleWeight: one.sampleWeight });
  const again = fittedFromBytes(fittedToBytes(fitted)).fitted as FittedTransformer;
  for (const each of [fitted, again]) {
    const out = each.transform(inputs[one.test ?? one.input]);
    expectClose(plain(out), one.out, "out");
    if (one.names) expect(each.outputNames).toEqual(one.names.map(renamed));
    for (const [name, wanted] of Object.entries(one.attributes ?? {}))
      expectClose(plain((each as unknown as Record<string, unknown>)[name]), wanted, name);
    if (one.inverse !== undefined) {
      const { inverseTransform } = each as unknown as { inverseTransform: (x: unknown) => unknown };
      const back = plain(inverseTransform(out));
      expectClose(back, typeof one.inverse === "object" ? inverseOf(one.inverse) : null, "inverse");
    }
  }
}

const inverseOf = (value: Value): Value =>
  Array.isArray(value)
    ? value.map(inverseOf)
    : value === "infrequent_sklearn"
      ? "infrequent"
      : value;

describe("preprocessing", () => {
  const byKind = new Map<string, Case[]>();
  for (const one of golden.cases) byKind.set(one.kind, [...(byKind.get(one.kind) ?? []), one]);

  it.each([...byKind])("of %s is scikit-learn's", async (_kind, cases) => {
    for (const one of cases)
      await check(one).catch((error: Error) => {
        const { kind, options, input } = one;
        error.message = `${kind} ${JSON.stringify(options)} on ${input}: ${error.message}`;
        throw error;
      });
  });

  it("has golden values for every transformer but the one that stands on another estimator", () => {
    const preparing = Object.keys(preprocessingKinds).filter((kind) => kind !== "selectFromModel");
    expect(preparing.length).toBeGreaterThan(12);
    for (const kind of preparing) expect(byKind.get(kind)?.length ?? 0, kind).toBeGreaterThan(2);
  });

  it("of a whole table, from its file to columns chosen by a model, is scikit-learn's", async () => {
    const path = new URL("./learn/samples/titanic.csv", import.meta.url);
    const table = await csv.read(path, { missing: ["?"], types: { embarked: "category" } });
    const { imputer, oneHotEncoder, selectFromModel, standardScaler } = preprocessing;
    const prepare = columnTransformer({
      parts: [
        {
          name: "numbers",
          columns: ["age", "fare", "parch"],
          transformer: pipeline([
            imputer({ strategy: "median", indicator: true }),
            standardScaler(),
          ]),
        },
        {
          name: "words",
          columns: ["sex", "embarked"],
          transformer: pipeline([
            imputer({ strategy: "mostFrequent" }),
            oneHotEncoder({ unknown: "ignore" }),
          ]),
        },
      ],
    });
    const { out, coefficients, y, kept, threshold } = golden.composed;
    expectClose(plain((await prepare.fit(table)).transform(table)), out, "out");
    // The coefficients are given: what is checked is what is made of them.
    const model = {
      kind: "given",
      options: {},
      fit: async () => ({ coefficients, features: coefficients.length }),
    };
    const choose = pipeline([
      prepare,
      selectFromModel({ estimator: model, threshold: "0.5*mean" }),
    ]);
    const chosen = (await choose.fit(table, y)).steps[1];
    expect([...chosen.kept]).toEqual(kept);
    expectClose(chosen.threshold, threshold, "threshold");
  });
});
