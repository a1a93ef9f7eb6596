import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { csv } from "inkgrad/data";
import {
  type FittedLogisticRegression,
  logisticRegression,
  preprocessing,
  type SolverName,
} from "inkgrad/learn";
import { sharedData, whyWithout } from "../support/shared-data.js";

/** Coefficients against scikit-learn's, run to convergence (scripts/golden/linear.py). */

interface Case {
  readonly form: "binary" | "multinomial" | "ovr";
  readonly penalty: "none" | "l2" | "l1" | "elasticNet";
  readonly C: number;
  readonly l1Ratio?: number;
  readonly fitIntercept?: boolean;
  readonly classWeight?: "balanced";
  readonly sampleWeight?: boolean;
  readonly coefficients: number[][];
  readonly intercepts: number[];
}
interface Sample {
  readonly table: string;
  readonly columns: string[];
  readonly x: number[][];
  readonly y: (string | number)[];
  readonly cases: Case[];
}
interface Full {
  readonly table: string;
  readonly columns: string[];
  readonly rows: number;
  readonly target: string;
  readonly cases: Case[];
}
interface Golden {
  readonly samples: readonly Sample[];
  readonly full: readonly Full[];
}
const golden = JSON.parse(
  readFileSync(new URL("learn/linear.json", import.meta.url), "utf8"),
) as Golden;

const exact = ["coordinateDescent", "fista"] as const;
const exactOnSmooth = ["lbfgs", "bfgs", "newton"] as const;

/** Of two classes' softmax with an L1 penalty only the difference is determined. */
const contrast = ({ form, penalty }: Case, lines: number[][]): number[][] =>
  form === "multinomial" && penalty === "l1" && lines.length === 2
    ? [lines[1].map((value, j) => value - lines[0][j])]
    : lines;

function requireClose(fitted: FittedLogisticRegression, one: Case, tolerance: number): void {
  const want = [...contrast(one, one.coefficients).flat(), ...one.intercepts];
  const got = [
    ...contrast(one, fitted.coefficients.toArray()).flat(),
    ...fitted.intercepts.toArray(),
  ];
  const largest = Math.max(...want.map(Math.abs));
  expect(got.length).toBe(want.length);
  const off = Math.max(...got.map((value, i) => Math.abs(value - want[i]))) / largest;
  expect(off).toBeLessThan(tolerance);
}

const isSmooth = ({ penalty }: Case): boolean => penalty === "none" || penalty === "l2";

const modelOf = (
  { penalty, C, l1Ratio, fitIntercept, classWeight, form }: Case,
  solver: SolverName | "auto",
  tol: number,
) =>
  logisticRegression({
    penalty,
    C,
    ...(l1Ratio === undefined ? {} : { l1Ratio }),
    ...(fitIntercept === undefined ? {} : { fitIntercept }),
    ...(classWeight === undefined ? {} : { classWeight }),
    multiClass: form === "binary" ? "auto" : form,
    solver,
    tol,
    maxIterations: 10_000,
  });

const nameOf = ({ coefficients: _c, intercepts: _i, ...options }: Case): string =>
  Object.entries(options)
    .filter(([name]) => name !== "residual")
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");

/** Without a penalty, fares of a few passengers leave a valley too flat for steps along the gradient. */
const isSteep = (table: string, { penalty }: Case): boolean =>
  table !== "titanic" || penalty !== "none";

const lastCosts = ({ history }: FittedLogisticRegression): number[] =>
  history.map((one) => one[one.length - 1].cost);

describe.each(golden.samples.map((sample) => [sample.table, sample] as const))(
  "a sample of %s",
  (table, { x, y, cases }) => {
    const weights = y.map((_y, i) => 1 + (i % 3));
    const how = ({ sampleWeight }: Case) =>
      sampleWeight === true ? { sampleWeight: weights } : {};
    const each = cases.flatMap((one) =>
      [...exact, ...(isSmooth(one) ? exactOnSmooth : [])].map(
        (solver) => [`${solver}: ${nameOf(one)}`, solver, one] as const,
      ),
    );
    it.each(each)("%s", async (_name, solver, one) => {
      requireClose(await modelOf(one, solver, 1e-9).fit(x, y, how(one)), one, 1e-4);
    });

    const some = cases
      .filter((one) => isSteep(table, one))
      .map((one) => [nameOf(one), one] as const);
    it.each(some)("saga and gradient descent by their cost: %s", async (_name, one) => {
      const least = lastCosts(await modelOf(one, "auto", 1e-9).fit(x, y, how(one)));
      for (const solver of [
        "saga",
        ...(isSmooth(one) ? (["gradientDescent"] as const) : []),
      ] as const) {
        const got = lastCosts(await modelOf(one, solver, 1e-4).fit(x, y, how(one)));
        got.forEach((cost, k) => expect(cost / least[k]).toBeLessThan(1.001));
      }
    });
  },
);

const files: { readonly [table: string]: { name: string; options: csv.CsvOptions } } = {
  "breast-cancer-wisconsin": { name: "breast-cancer-wisconsin.csv", options: {} },
  spambase: { name: "spambase.data", options: { delimiter: " ", header: false } },
  churn: { name: "churn.csv", options: {} },
  titanic: { name: "titanic.csv", options: {} },
  iris: { name: "iris.csv", options: {} },
};

/** Features and labels of a table, rows with missing numbers left out. */
async function wholeTable({ table, columns, target }: Full) {
  const { name, options } = files[table];
  const read = await csv.read(`${sharedData!}tabular/${name}`, options);
  const named = (column: string): string =>
    options.header === false ? read.names[Number(column)] : column;
  const lists = columns.map((column) => csv.numbers(read, named(column)));
  const labels = read.columns[named(target)].values;
  const rows = Array.from({ length: read.rows }, (_, i) => i).filter((i) =>
    lists.every((list) => !Number.isNaN(list[i])),
  );
  return {
    x: rows.map((i) => lists.map((list) => list[i])),
    y: rows.map((i) => labels[i] as string | number),
  };
}

describe.each(golden.full.map((full) => [full.table, full] as const))(
  "the whole of %s",
  (_, full) => {
    const missing = sharedData === undefined ? ` (${whyWithout})` : "";
    const scaledTable = async () => {
      const { x, y } = await wholeTable(full);
      expect(x.length).toBe(full.rows);
      return { x: (await preprocessing.standardScaler().fit(x)).transform(x), y };
    };
    // What goes along the gradient takes long where rows are many; the samples have it.
    const isSmall = full.rows <= 2000;
    it.skipIf(sharedData === undefined).each([...exactOnSmooth, ...exact])(
      `has scikit-learn's coefficients by %s${missing}`,
      async (solver) => {
        const { x, y } = await scaledTable();
        const cases = full.cases.filter((one) =>
          exact.some((name) => name === solver) ? isSmall || !isSmooth(one) : isSmooth(one),
        );
        expect(cases.length).toBeGreaterThanOrEqual(2);
        for (const one of cases)
          requireClose(await modelOf(one, solver, 1e-8).fit(x, y), one, 1e-4);
      },
    );
    it.skipIf(sharedData === undefined || !isSmall)(
      `has scikit-learn's cost by saga and gradient descent${missing}`,
      async () => {
        const { x, y } = await scaledTable();
        for (const one of full.cases.filter((one) => isSteep(full.table, one))) {
          const least = lastCosts(await modelOf(one, "auto", 1e-8).fit(x, y));
          for (const solver of [
            "saga",
            ...(isSmooth(one) ? (["gradientDescent"] as const) : []),
          ] as const) {
            const got = lastCosts(await modelOf(one, solver, 1e-4).fit(x, y));
            got.forEach((cost, k) => expect(cost / least[k]).toBeLessThan(1.001));
          }
        }
      },
    );
  },
);
