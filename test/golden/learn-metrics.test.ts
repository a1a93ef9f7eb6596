import { tensor } from "inkgrad";
import { describe, expect, it } from "vitest";
import * as metrics from "@src/learn/metrics/index.js";
import { readGolden } from "./cases.js";

/** Figures of scikit-learn 1.2.1 (scripts/golden/metrics.py). */

interface Case {
  readonly fn: string;
  readonly data: string;
  readonly args: readonly string[];
  readonly options: Record<string, unknown>;
  readonly out: unknown;
}
type Arrays = Record<string, readonly unknown[]>;
const { cases, data, made } = readGolden("learn/metrics.json") as unknown as {
  cases: readonly Case[];
  data: Record<string, Arrays>;
  made: { sklearn: string };
};
type Figure = (y: unknown, p: unknown, options: object) => unknown;
const functions = metrics as unknown as Record<string, Figure>;

/** Numbers in lists, however a result is put together. */
const plain: Record<string, (result: any) => unknown> = {
  confusionMatrix: ({ matrix }) => matrix,
  rocCurve: (c) => [c.falsePositiveRate, c.truePositiveRate, c.thresholds],
  precisionRecallCurve: (c) => [c.precision, c.recall, c.thresholds],
  calibrationCurve: (c) => [c.observed, c.predicted],
  classificationReport: String,
};

/** Relative to numbers above 1, absolute below. */
const tolerance = 1e-12;

function differences(got: any, want: any, path: string): string[] {
  if (Array.isArray(want)) {
    if (got?.length !== want.length) return [`${path}: length ${got?.length}, want ${want.length}`];
    return want.flatMap((one, i) => differences(got[i], one, `${path}[${i}]`));
  }
  const close =
    typeof want === "number" && Math.abs(got - want) <= tolerance * Math.max(1, Math.abs(want));
  return close || Object.is(got, want) ? [] : [`${path}: got ${got}, want ${want}`];
}

function optionsOf(one: Case): object {
  const entries = Object.entries(one.options).map(([key, value]) => {
    const of = (value as { of?: string } | null)?.of;
    return [key, of === undefined ? value : data[one.data][of]];
  });
  return Object.fromEntries(entries) as object;
}

function run(one: Case, form: (x: readonly unknown[]) => unknown): unknown {
  const [y, p] = one.args.map((name) => form(data[one.data][name]));
  const result = functions[one.fn](y, p, optionsOf(one));
  return Object.hasOwn(plain, one.fn) ? plain[one.fn](result) : result;
}

const names = [...new Set(cases.map(({ fn }) => fn))];
const without = ["bootstrap"];

describe("figures of predictions are those of scikit-learn", () => {
  it("there are cases for all of them, of release 1.2.1", () => {
    const callable = Object.keys(functions).filter((name) => typeof functions[name] === "function");
    expect([...names, ...without].sort()).toEqual(callable.sort());
    expect(made.sklearn).toBe("1.2.1");
  });

  it.each(names)("%s", (fn) => {
    const own = cases.filter((one) => one.fn === fn);
    expect(own.length).toBeGreaterThan(1);
    const wrong = own.flatMap((one) =>
      differences(
        run(one, (x) => x),
        one.out,
        `${one.data} ${one.args.join()} ${JSON.stringify(one.options)}`,
      ),
    );
    expect(wrong).toEqual([]);
  });

  it("of tensors they are the same as of arrays", () => {
    const numeric = cases.filter((one) =>
      one.args.every((name) => typeof data[one.data][name].flat()[0] === "number"),
    );
    expect(numeric.length).toBeGreaterThan(500);
    const wrong = numeric.flatMap((one) =>
      differences(
        run(one, (x) => tensor(x as number[], { dtype: "f64" })),
        one.out,
        `${one.fn} ${one.data} ${JSON.stringify(one.options)}`,
      ),
    );
    expect(wrong).toEqual([]);
  });
});
