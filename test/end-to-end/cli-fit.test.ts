// From a raw table to a decision: `inkgrad fit`, its report, and `inkgrad predict` on new rows.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { random } from "inkgrad";
import { csv } from "inkgrad/data";
import { metrics } from "inkgrad/learn";
import { inkgrad, type Ran } from "../support/command.js";
import { sharedData, whyWithout } from "../support/shared-data.js";

const cwd = mkdtempSync(join(tmpdir(), "inkgrad-fit-"));
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

interface Result {
  readonly [name: string]: unknown;
  readonly rocAuc: number;
  readonly threshold: number;
  readonly modelPath: string;
  readonly reportPath: string;
}

const run = (...args: string[]): Promise<Ran> => inkgrad(args, { cwd });
async function fit(...args: string[]): Promise<Result> {
  const { code, out, err } = await run("fit", ...args, "--json");
  expect(code, err).toBe(0);
  return JSON.parse(out) as Result;
}

/** Customers who stay or go, by a law that is known: the log-odds of going are age/10 − 5 + 2 · (north). */
function customers(count: number, seed: number) {
  const u = random.uniform(random.key(seed), [5, count], { dtype: "f64" }).toArray();
  return Array.from({ length: count }, (_, i) => {
    const age = Math.round(20 + 60 * u[0][i]);
    const region = ["north", "south", "west"][Math.floor(3 * u[1][i])];
    const logit = age / 10 - 5.5 + (region === "north" ? 2 : 0);
    const probability = 1 / (1 + Math.exp(-logit));
    const income = u[3][i] < 0.15 ? "?" : (2000 + 3000 * u[4][i]).toFixed(2);
    return { id: 50_000 + 7 * i, age, region, income, probability, gone: u[2][i] < probability };
  });
}
type Customer = ReturnType<typeof customers>[number];

const textOf = (rows: readonly Customer[]): string =>
  ["customer_id;age;region;income;plan;churned"]
    .concat(
      rows.map((row) =>
        [row.id, row.age, row.region, row.income, "A", row.gone ? "yes" : "no"].join(";"),
      ),
    )
    .join("\r\n");

const write = (name: string, text: string): string => {
  writeFileSync(join(cwd, name), text);
  return name;
};

const seen = customers(2000, 1);
const fresh = customers(2000, 2);

describe("a table of customers", () => {
  let result: Result;
  let report: string;
  beforeAll(async () => {
    write("seen.csv", textOf(seen));
    result = await fit("seen.csv", "--target", "churned", "--out", "run");
    report = readFileSync(join(cwd, result.reportPath), "utf8");
  }, 60_000);

  it("is learned about as well as its law allows", () => {
    const best = metrics.rocAuc(
      seen.map(({ gone }) => Number(gone)),
      seen.map(({ probability }) => probability),
    );
    expect(best).toBeGreaterThan(0.8);
    expect(Math.abs(result.rocAuc - best)).toBeLessThan(0.04);
    expect(result).toMatchObject({
      ...{ rows: 2000, trainRows: 1600, testRows: 400, features: 3 },
      ...{ classes: ["no", "yes"], positive: "yes", seed: 0 },
    });
    for (const name of [
      "averagePrecision",
      "logLoss",
      "brier",
      "accuracy",
      "f1",
      "bestC",
      "seconds",
    ])
      expect(result[name], name).toEqual(expect.any(Number));
  });

  it("is warned of: what names rows, what is missing, and what is always the same", () => {
    const warnings = result.warnings as { kind: string; column: string }[];
    expect(warnings.map(({ kind, column }) => [kind, column])).toEqual([
      ["identifier", "customer_id"],
      ["missing", "income"],
      ["constant", "plan"],
    ]);
  });

  it("has a report with all charts, that loads nothing, and says what was found", () => {
    expect(report).not.toMatch(/(src|href)="https?:/);
    for (const text of ["ROC", "precision and recall", "what mistakes cost", "odds ratios"])
      expect(report).toContain(text);
    expect(report.match(/<svg/g)!.length).toBeGreaterThanOrEqual(6);
    expect(report).toContain("age");
    expect(report).toContain('id="threshold"');
  });

  it("leads to predictions of new rows: probabilities near the law's, classes by the threshold", async () => {
    write("fresh.csv", textOf(fresh));
    const { code, err } = await run("predict", "run", "fresh.csv", "--out", "said.csv");
    expect(code, err).toBe(0);
    const said = await csv.read(join(cwd, "said.csv"));
    const p = [...csv.numbers(said, "probability_yes")];
    const off = p.map((x, i) => Math.abs(x - fresh[i].probability));
    expect(off.reduce((sum, x) => sum + x, 0) / off.length).toBeLessThan(0.04);
    const classes = csv.texts(said, "class");
    expect(classes).toEqual(p.map((x) => (x >= result.threshold ? "yes" : "no")));
  });

  it("does not need what was left out, nor the target; and takes categories never seen", async () => {
    const rows = fresh.slice(0, 3).map(({ age, income }) => `${age},${income},east`);
    write("few.csv", ["age,income,region", ...rows].join("\n"));
    const { code, out, err } = await run("predict", "run", "few.csv", "--json");
    expect(code, err).toBe(0);
    const { predictions } = JSON.parse(out) as { predictions: { class: string }[] };
    expect(predictions).toHaveLength(3);
  });

  it("refuses new rows that lack a column, or have texts for numbers, naming it", async () => {
    write("lacking.csv", "age,income\n30,2000");
    const lacking = await run("predict", "run", "lacking.csv");
    expect(lacking.code).toBe(2);
    expect(lacking.err).toContain('lacks the column "region"');
    write("texts.csv", "age,income,region\nold,2000,north");
    const texts = await run("predict", "run", "texts.csv");
    expect(texts.code).toBe(2);
    expect(texts.err).toContain('"age" holds texts');
  });

  it("gives the same figures again, and others for another seed", async () => {
    const again = await fit("seen.csv", "--target", "churned", "--out", "again");
    const figures = ({ rocAuc, logLoss, threshold, bestC }: Result) => ({
      ...{ rocAuc, logLoss, threshold, bestC },
    });
    expect(figures(again)).toEqual(figures(result));
    const other = await fit("seen.csv", "--target", "churned", "--out", "other", "--seed", "3");
    expect(other.rocAuc).not.toBe(result.rocAuc);
  }, 60_000);

  it("is decided for what is asked: few misses where they cost much", async () => {
    const args = ["--target", "churned", "--exclude", "income", "--calibrate", "none"];
    const dear = await fit("seen.csv", ...args, "--optimise", "cost@fp=1,fn=20", "--out", "dear");
    const cheap = await fit("seen.csv", ...args, "--optimise", "cost@fp=20,fn=1", "--out", "cheap");
    expect(dear.features).toBe(2);
    expect(dear.threshold).toBeLessThan(0.15);
    expect(cheap.threshold).toBeGreaterThan(0.6);
  }, 60_000);

  it("does not overwrite a folder with results", async () => {
    const args = ["fit", "seen.csv", "--target", "churned", "--out", "run"];
    const { code, err } = await run(...args);
    expect(code).toBe(2);
    expect(err).toContain("there are results in it already");
  });
});

describe("a table of three kinds without a header", () => {
  it("is read, fitted and told of as the options say", async () => {
    const u = random.uniform(random.key(5), [3, 300], { dtype: "f64" }).toArray();
    const rows = Array.from({ length: 300 }, (_, i) => {
      const kind = i % 3;
      const first = i % 5 === 0 ? "unknown" : (u[0][i] + 0.5 * kind).toFixed(3);
      return [first, (u[1][i] - 0.7 * kind).toFixed(3), "abc"[kind], u[2][i].toFixed(3)].join("\t");
    });
    write("kinds.tsv", rows.join("\n"));
    const { code, out, err } = await run(
      ...["fit", "kinds.tsv", "--target", "column3", "--no-header", "--delimiter", "\\t"],
      ...["--na", "unknown", "--test-fraction", "0.4", "--penalty", "elasticNet"],
      ...["--calibrate", "temperature", "--out", "kinds"],
    );
    expect(code, err).toBe(0);
    expect(out).toContain("300 rows, 4 columns");
    expect(out).toContain("column3: a 33.3 %, b 33.3 %, c 33.3 %");
    expect(out).toMatch(/column1 +number +number +\d+ +\d+\n/);
    expect(err).toMatch(/"column1" is missing in \d+(\.\d)? % of the rows/);
    expect(out).toContain("on 120 rows that were put aside");
    expect(out).toMatch(/calibration +temperature/);
    expect(out).toMatch(/F1, mean of classes +[6-9]\d/);
    const report = readFileSync(join(cwd, "kinds/report.html"), "utf8");
    expect(report).toContain("logistic regression, penalty elasticNet");
    for (const kind of "abc") expect(report).toContain(`coefficients for “${kind}”`);
    expect(report).toContain("column1 is missing");
  }, 60_000);
});

describe("a network", () => {
  it("tells apart what no line can, for the class that is asked for", async () => {
    const u = random.uniform(random.key(6), [2, 160], { dtype: "f64" }).toArray();
    const rows = u[0].map(
      (a, i) => `${a},${u[1][i]},${a > 0.5 === u[1][i] > 0.5 ? "same" : "other"}`,
    );
    write("xor.csv", ["a,b,kind", ...rows].join("\n"));
    const args = ["xor.csv", "--target", "kind", "--positive", "same", "--calibrate", "none"];
    const network = await fit(...args, "--model", "mlp", "--optimise", "cost", "--out", "network");
    expect(network.positive).toBe("same");
    // The best line has 0.5.
    expect(network.rocAuc).toBeGreaterThan(0.9);
    const report = readFileSync(join(cwd, "network/report.html"), "utf8");
    expect(report).toContain("a network with a hidden layer");
    const refused = await run("fit", ...args, "--model", "mlp", "--penalty", "l1");
    expect(refused.code).toBe(2);
    expect(refused.err).toContain("--penalty l1: that is for --model logistic");
  }, 60_000);
});

describe("what cannot be learned", () => {
  const refused = async (text: string, ...args: string[]): Promise<string> => {
    const file = write("bad.csv", text);
    const { code, err } = await run("fit", file, ...args);
    expect([1, 2]).toContain(code);
    expect(err).not.toContain("defect");
    return err;
  };
  const rows = (line: (i: number) => string): string =>
    ["a,y", ...Array.from({ length: 60 }, (_, i) => line(i))].join("\n");

  it("is refused with what is wrong and what to do", async () => {
    const good = rows((i) => `${i % 7},${i % 2}`);
    expect(await refused(good, "--target", "z")).toContain('no column "z"; its columns are a, y');
    expect(await refused(good, "--target", "y", "--positive", "5")).toContain("no such one");
    expect(await refused(good, "--target", "y", "--optimise", "luck")).toContain("expected f1");
    expect(await refused(good, "--target", "y", "--exclude", "a")).toContain("no column left");
    const one = rows((i) => `${i},1`);
    expect(await refused(one, "--target", "y")).toContain('is "1" in every row');
    const continuous = rows((i) => `${i},${i * 1.5}`);
    expect(await refused(continuous, "--target", "y")).toContain("60 different values");
    const rare = rows((i) => `${i},${i < 3 ? "x" : "z"}`);
    expect(await refused(rare, "--target", "y")).toContain('the class "x" has');
    const infinite = rows((i) => `${i === 7 ? "Infinity" : i},${i % 2}`);
    expect(await refused(infinite, "--target", "y")).toContain('row 8, column "a" is Infinity');
    expect(await refused("a,y\n1,2\n3", "--target", "y")).toContain("row 2");
    expect(await refused("", "--target", "y")).toMatch(/empty|nothing/);
  }, 60_000);
});

describe.skipIf(sharedData === undefined)(
  `real tables (${whyWithout} where this is skipped)`,
  () => {
    it.each([
      ["breast-cancer-wisconsin.csv", ["--target", "diagnosis"], 0.97],
      ["titanic.csv", ["--target", "survived", "--exclude", "boat,body"], 0.82],
      ["iris.csv", ["--target", "Type"], 0.97],
      ["spambase.data", ["--target", "column58", "--no-header", "--penalty", "l1"], 0.95],
      ["churn.csv", ["--target", "Exited", "--optimise", "recall@p=.5"], 0.74],
    ])(
      "%s works as it was found",
      async (file, args, area) => {
        const result = await fit(join(sharedData!, "tabular", file), ...args, "--out", file);
        expect(result.rocAuc).toBeGreaterThan(area);
      },
      60_000,
    );
  },
);
