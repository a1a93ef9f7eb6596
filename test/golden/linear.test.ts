import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { type FittedLogisticRegression, logisticRegression } from "inkgrad/learn";

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
const golden = JSON.parse(readFileSync(new URL("learn/linear.json", import.meta.url), "utf8")) as {
  readonly samples: readonly Sample[];
};

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
    ...contrast(one, fitted.coefficients.toArray() as number[][]).flat(),
    ...(fitted.intercepts.toArray() as number[]),
  ];
  const largest = Math.max(...want.map(Math.abs));
  expect(got.length).toBe(want.length);
  const off = Math.max(...got.map((value, i) => Math.abs(value - want[i]))) / largest;
  expect(off).toBeLessThan(tolerance);
}

const isSmooth = ({ penalty }: Case): boolean => penalty === "none" || penalty === "l2";

describe.each(golden.samples.map((sample) => [sample.table, sample] as const))(
  "%s",
  (_, sample) => {
    const cases = sample.cases.flatMap((one) =>
      [...exact, ...(isSmooth(one) ? exactOnSmooth : [])].map((solver) => {
        const { coefficients: _c, intercepts: _i, ...options } = one;
        return [`${solver} ${JSON.stringify(options)}`, solver, one] as const;
      }),
    );
    it.each(cases)("%s", async (_name, solver, one) => {
      const { penalty, C, l1Ratio, fitIntercept, classWeight } = one;
      const model = logisticRegression({
        penalty,
        C,
        ...(l1Ratio === undefined ? {} : { l1Ratio }),
        ...(fitIntercept === undefined ? {} : { fitIntercept }),
        ...(classWeight === undefined ? {} : { classWeight }),
        multiClass: one.form === "binary" ? "auto" : one.form,
        solver,
        tol: 1e-9,
        maxIterations: 10_000,
      });
      const weights = sample.y.map((_y, i) => 1 + (i % 3));
      const fitted = await model.fit(sample.x, sample.y, {
        ...(one.sampleWeight === true ? { sampleWeight: weights } : {}),
      });
      requireClose(fitted, one, 1e-4);
    });
  },
);
