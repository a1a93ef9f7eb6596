import { describe, expect, it } from "vitest";
import { ShapeError, tensor, ValueError } from "inkgrad";
import { csv } from "inkgrad/data";
import { named, preprocessing as of, sparseRows } from "inkgrad/learn";
import { chiSquaredTail, fTail } from "@src/base/incomplete.js";
import { normalQuantile } from "@src/base/normal-quantile.js";
import { isTable } from "@src/learn/input/matrix.js";
import { differences } from "./samples.js";

const people = csv.decode("city,age\nRome,31\nParis,NA\nNA,40\nRome,22");

describe("a category that was not there when fitting", () => {
  it("is an error that names row, column and value", async () => {
    const fitted = await of.oneHotEncoder().fit(csv.decode("city\nRome\nParis\nRome\nParis"));
    const other = csv.decode("city\nRome\nOslo", { types: { city: "category" } });
    expect(() => fitted.transform(other)).toThrow(ValueError);
    expect(() => fitted.transform(other)).toThrow('row 1, column "city" is "Oslo"');
    const ordinal = await of.ordinalEncoder().fit([["a"], ["b"]]);
    expect(() => ordinal.transform([["a"], ["c"]])).toThrow('row 1, column 0 is "c"');
  });

  it("gives zeros, or counts among the infrequent, where that is asked for", async () => {
    const rows = [["a"], ["a"], ["b"], ["c"]];
    const ignoring = await of.oneHotEncoder({ unknown: "ignore" }).fit(rows);
    expect(ignoring.transform([["z"]])).toMatchObject({ shape: [1, 3] });
    const out = ignoring.transform([["z"]]);
    expect("toArray" in out && out.toArray()).toEqual([[0, 0, 0]]);
    const rare = await of.oneHotEncoder({ unknown: "infrequent", minFrequency: 2 }).fit(rows);
    expect(rare.outputNames).toEqual(["x0_a", "x0_infrequent"]);
    expect(rare.infrequent).toEqual([["b", "c"]]);
    expect(rare.inverseTransform(rare.transform([["z"], ["a"]]))).toEqual([["infrequent"], ["a"]]);
  });
});

describe("missing values", () => {
  it("are refused by encoders with row and column, unless they are a category", async () => {
    await expect(of.oneHotEncoder().fit(people)).rejects.toThrow(
      'row 2, column "city" is missing; fill missing values in first',
    );
    const fitted = await of.oneHotEncoder({ missing: "category" }).fit([["a"], [null], ["b"]]);
    expect(fitted.outputNames).toEqual(["x0_a", "x0_b", "x0_missing"]);
    expect(fitted.inverseTransform(fitted.transform([[null]]))).toEqual([[null]]);
  });

  it("are filled in among texts, which stay a table", async () => {
    const fitted = await of.imputer({ strategy: "mostFrequent", indicator: true }).fit(people);
    const out = fitted.transform(people);
    expect(isTable(out)).toBe(true);
    if (!isTable(out)) return;
    expect(out.names).toEqual(["city", "age", "missingindicator_city", "missingindicator_age"]);
    expect(csv.texts(out, "city")).toEqual(["Rome", "Paris", "Rome", "Rome"]);
    expect([...csv.numbers(out, "age")]).toEqual([31, 22, 40, 22]);
    expect([...csv.numbers(out, "missingindicator_city")]).toEqual([0, 0, 1, 0]);
  });

  it("of texts have no mean, and the message says what to do", async () => {
    await expect(of.imputer().fit(people)).rejects.toThrow('column "city" holds texts');
  });

  it("leave a column out of which nothing is there, unless it is to be kept", async () => {
    const x = [
      [NaN, 1],
      [NaN, 3],
    ];
    const dropping = await of.imputer().fit(x);
    expect(dropping.transform(x).toArray()).toEqual([[1], [3]]);
    expect(dropping.outputNames).toEqual(["x1"]);
    const keeping = await of.imputer({ empty: "keep" }).fit(x);
    expect(keeping.transform(x).toArray()).toEqual([
      [0, 1],
      [0, 3],
    ]);
  });

  it("pass the scalers, a column of nothing else too", async () => {
    const x = [
      [NaN, 1],
      [NaN, 3],
    ];
    for (const make of [of.standardScaler, of.minMaxScaler, of.maxAbsScaler, of.robustScaler]) {
      const out = (await make().fit(x)).transform(x);
      const rows = "toArray" in out ? out.toArray() : [];
      expect(rows.map(([first, second]) => [first, Number.isFinite(second)])).toEqual([
        [NaN, true],
        [NaN, true],
      ]);
    }
  });
});

describe("constant columns", () => {
  it("come out finite from every scaler", async () => {
    const x = [
      [0.1, 0],
      [0.1, 0],
      [0.1, 0],
    ];
    for (const make of [of.standardScaler, of.minMaxScaler, of.maxAbsScaler, of.robustScaler]) {
      const out = (await make().fit(x)).transform(x);
      expect("toArray" in out && out.toArray().flat().every(Number.isFinite)).toBe(true);
    }
    const binned = await of.discretizer().fit(x);
    expect([...binned.edges[0]]).toEqual([-Infinity, Infinity]);
    await expect(of.varianceThreshold().fit(x)).rejects.toThrow("no column is left");
    const flat = await of.pca({ whiten: true }).fit(x);
    expect(flat.transform(x).toArray().flat().every(Number.isFinite)).toBe(true);
    expect([...flat.explainedVarianceRatio]).toEqual([0, 0]);
  });
});

describe("wide input", () => {
  it("of 10⁶ columns is scaled, and thinned out, in bounded time", async () => {
    const columns = 1e6;
    const values = new Float64Array(3 * columns).map((_, i) => (i * 7919) % 11);
    const x = tensor(values, { dtype: "f64" }).reshape([3, columns]);
    const began = process.cpuUsage().user;
    expect((await of.standardScaler().fit(x)).transform(x).shape).toEqual([3, columns]);
    const picked = await of.selectKBest({ k: 5 }).fit(x, ["a", "b", "a"]);
    expect(picked.kept.length).toBe(5);
    // A second or two; what is quadratic in the columns would take hours.
    expect((process.cpuUsage().user - began) / 1e6).toBeLessThan(60);
  });

  it("is refused where products of columns, or dense results, would not fit into memory", async () => {
    const x = tensor(new Float64Array(1e5), { dtype: "f64" }).reshape([1, 1e5]);
    await expect(of.polynomialFeatures().fit(x)).rejects.toThrow("more than memory holds");
  });

  it("is no trouble as sparse rows", async () => {
    const columns = 1e5;
    const starts = [0, 2, 3];
    const x = sparseRows({ columns, starts, indices: [5, 99_999, 5], values: [2, -4, 6] });
    const fitted = await of.maxAbsScaler().fit(x);
    expect([...fitted.transform(x).values]).toEqual([2 / 6, -1, 1]);
    expect((await of.varianceThreshold().fit(x)).outputNames).toEqual(["x5", "x99999"]);
    expect((await of.robustScaler({ center: false }).fit(x)).scale[5]).toBe(2);
    expect((await of.imputer({ strategy: "mostFrequent" }).fit(x)).fill[7]).toBe(0);
  });
});

describe("options that make no sense", () => {
  it.each([
    ["range", of.minMaxScaler({ range: [1, 1] })],
    ["norm", of.normalizer({ norm: "l3" as never })],
    ["quantileRange", of.robustScaler({ quantileRange: [80, 20] })],
    ["strategy", of.imputer({ strategy: "mode" as never })],
    ["degree", of.polynomialFeatures({ degree: -1 })],
    ["bins", of.discretizer({ bins: 1 })],
    ["components", of.pca({ components: 9 })],
    ["threshold", of.varianceThreshold({ threshold: -1 })],
    ["k must", of.selectKBest({ k: 0 })],
    ["percentile", of.selectPercentile({ percentile: 0 })],
    ["minFrequency", of.oneHotEncoder({ minFrequency: 0 })],
    ["unknown", of.ordinalEncoder({ unknown: "ignore" as never })],
  ])("are refused when fitting: %s", async (word, estimator) => {
    const x = [
      [1, 2],
      [3, 5],
    ];
    const fit = (estimator as { fit: (x: unknown, y: unknown) => Promise<unknown> }).fit(x, [0, 1]);
    await expect(fit).rejects.toThrow(word);
    await expect(fit).rejects.toThrow(ValueError);
  });

  it("are refused of what cuts texts", async () => {
    const texts = ["a cat", "a dog"];
    for (const options of [
      { ngrams: [2, 1] as const },
      { tokenPattern: "(" },
      { minDf: 3 },
      { vocabulary: ["a", "a"] },
      { stopWords: ["cat", "dog"] },
    ])
      await expect(of.countVectorizer(options).fit(texts)).rejects.toThrow(ValueError);
    await expect(of.countVectorizer().fit(csv.decode("a,b\nx,y"))).rejects.toThrow(ShapeError);
  });
});

describe("selection", () => {
  it("by chi2 refuses what is negative, naming row and column", async () => {
    const x = csv.decode("a,b\n1,2\n3,-4");
    await expect(of.selectKBest({ score: "chi2" }).fit(x, ["n", "y"])).rejects.toThrow(
      'row 1, column "b" is -4',
    );
  });

  it("needs y, of two classes at least", async () => {
    await expect(of.selectKBest().fit([[1], [2]])).rejects.toThrow("give y");
    await expect(of.selectKBest().fit([[1], [2]], ["n", "n"])).rejects.toThrow("one class only");
  });

  it("by a model takes the columns with the greatest coefficients", async () => {
    const x = named(
      tensor([
        [1, 9, 0.1],
        [2, 1, 0.2],
      ]),
      ["a", "b", "c"],
    );
    const y = ["n", "y"];
    const mean = await of.selectFromModel({ estimator: differences() }).fit(x, y);
    expect(mean.outputNames).toEqual(["b"]);
    expect(mean.threshold).toBeCloseTo((1 + 8 + 0.1) / 3, 6);
    const threshold = "0.25*mean";
    const two = await of.selectFromModel({ estimator: differences(), threshold }).fit(x, y);
    expect(two.outputNames).toEqual(["a", "b"]);
    const options = { estimator: differences(), threshold: 0, maxFeatures: 1 };
    expect((await of.selectFromModel(options).fit(x, y)).outputNames).toEqual(["b"]);
    const sparse = { ...differences(), options: { penalty: "l1" } };
    expect((await of.selectFromModel({ estimator: sparse }).fit(x, y)).threshold).toBe(1e-5);
    const blind = { ...differences(), fit: async () => ({ features: 3 }) as never };
    await expect(of.selectFromModel({ estimator: blind }).fit(x, y)).rejects.toThrow(
      "must give coefficients [3]",
    );
  });
});

describe("texts", () => {
  it("may be a list, a column of a table, or rows of one text", async () => {
    const list = ["one two", "two three"];
    const table = csv.decode("note\none two\ntwo three");
    const fitted = await of.countVectorizer().fit(list);
    expect(fitted.terms).toEqual(["one", "three", "two"]);
    const wanted = fitted.transform(list);
    expect(fitted.transform(table)).toEqual(wanted);
    expect(fitted.transform(list.map((text) => [text]))).toEqual(wanted);
    expect(fitted.inverseTransform(wanted)).toEqual([
      ["one", "two"],
      ["three", "two"],
    ]);
    expect(() => fitted.transform(["one", null])).toThrow("row 1 is missing");
    expect(() => fitted.transform([[3]] as never)).toThrow("expected a text");
  });
});

describe("labelBinarizer", () => {
  it("can be kept as JSON", () => {
    const binarizer = of.labelBinarizer(["b", "a", "c"], { negative: -1 });
    const again = of.labelBinarizerOf(JSON.parse(JSON.stringify(binarizer)));
    expect(again.transform(["c", "x"]).toArray()).toEqual([
      [-1, -1, 1],
      [-1, -1, -1],
    ]);
    expect(again.inverse(again.transform(["b", "c"]))).toEqual(["b", "c"]);
    expect(() => binarizer.inverse(tensor([[1, 2]]))).toThrow(ShapeError);
  });
});

describe("tails and quantiles", () => {
  // scipy.stats 1.10: chi2.sf, f.sf, norm.ppf.
  it.each([
    [chiSquaredTail(0.5, 1), 0.47950012218695337],
    [chiSquaredTail(30, 4), 4.894437128029217e-6],
    [chiSquaredTail(1000, 3), 1.7994208765314067e-216],
    [fTail(3.5, 2, 50), 0.037790158773530966],
    [fTail(400, 1, 120), 5.105389918156366e-40],
    [fTail(0.01, 5, 7), 0.9999545568150169],
    [normalQuantile(0.975), 1.959963984540054],
    [normalQuantile(1e-10), -6.361340902404056],
    [normalQuantile(0.6), 0.2533471031357997],
  ])("%d is %d", (got, wanted) => {
    expect(Math.abs(got / wanted - 1)).toBeLessThan(1e-11);
  });
});
