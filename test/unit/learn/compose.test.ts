import { describe, expect, expectTypeOf, it } from "vitest";
import { ShapeError, tensor, type Tensor, ValueError } from "inkgrad";
import { csv } from "inkgrad/data";
import {
  type Classifier,
  columnTransformer,
  type FitOptions,
  type Label,
  type Labels,
  pipeline,
  preprocessing as of,
  type Regressor,
  sparseRows,
  type Transformer,
} from "inkgrad/learn";
import type { FittedClassifier, FittedRegressor } from "@src/learn/types.js";
import { encoded } from "@src/learn/input/labels.js";
import { denseOf, isTable, namesOf } from "@src/learn/input/matrix.js";
import { isSparse } from "@src/learn/input/sparse-rows.js";
import { tensor64 } from "@src/learn/preprocessing/matrices.js";
import { mixed } from "./samples.js";

/** Says "is the first column above 0?", and remembers what it was given. */
const seen: { names?: readonly string[] | null; values?: number[]; weights?: unknown } = {};
const sign: Classifier = {
  kind: "sign",
  options: {},
  async fit<L extends Label>(x: never, y: Labels<L>, options?: FitOptions) {
    const { rows, columns, values } = denseOf(x, "sign.fit");
    Object.assign(seen, { names: namesOf(x), values: [...values], weights: options?.sampleWeight });
    const { classes } = encoded(y, rows, "sign.fit");
    const first = (input: unknown) => {
      const matrix = denseOf(input as never, "sign");
      return Float64Array.from({ length: matrix.rows }, (_, i) => matrix.values[i * columns]);
    };
    const fitted: FittedClassifier<L> = {
      state: { kind: "sign" },
      features: columns,
      featureNames: namesOf(x),
      classes,
      predict: (input) => Array.from(first(input), (value) => classes[Number(value > 0)]),
      predictProba: (input) => {
        const values = first(input);
        const both = Float64Array.from({ length: values.length * 2 }, (_, i) =>
          Number(values[i >> 1] > 0 === (i % 2 === 1)),
        );
        return tensor64(both, values.length, 2);
      },
      decisionFunction: (input) => tensor([...first(input)], { dtype: "f64" }),
    };
    return fitted;
  },
};
const mean: Regressor = {
  kind: "mean",
  options: {},
  async fit() {
    const predict = () => tensor([1], { dtype: "f64" }) as Tensor<[number], "f64">;
    return { state: { kind: "mean" }, features: 1, featureNames: null, predict };
  },
};

describe("pipeline", () => {
  it("is what its last step is, in its type too", async () => {
    const classifier = pipeline([of.standardScaler(), sign]);
    const regressor = pipeline([of.standardScaler(), mean]);
    const transformer = pipeline([of.standardScaler(), of.pca()]);
    expectTypeOf(classifier).toExtend<Classifier>();
    expectTypeOf(regressor).toExtend<Regressor>();
    expectTypeOf(transformer).toExtend<Transformer>();
    expectTypeOf(transformer).not.toExtend<Classifier>();
    expectTypeOf(pipeline([of.maxAbsScaler(), classifier])).toExtend<Classifier>();
    const fitted = await classifier.fit([[1], [3]], ["no", "yes"] as const);
    expectTypeOf(fitted).toExtend<FittedClassifier<"no" | "yes">>();
    expectTypeOf(fitted.steps[0].mean).toEqualTypeOf<Float64Array>();
    expectTypeOf<Awaited<ReturnType<typeof regressor.fit>>>().toExtend<FittedRegressor>();
    expect(fitted.classes).toEqual(["no", "yes"]);
    expect(fitted.predict([[1.5], [2.5]])).toEqual(["no", "yes"]);
    expect(fitted.predictProba([[5]]).toArray()).toEqual([[0, 1]]);
    expect([...fitted.steps[0].mean]).toEqual([2]);
    expect("transform" in fitted).toBe(false);
    // @ts-expect-error what predicts cannot stand before the last step
    pipeline([sign, of.standardScaler()]);
    // @ts-expect-error predicting before fitting does not compile
    expect(classifier.predict).toBeUndefined();
  });

  it("hands on names, and weights to the last step only", async () => {
    const table = csv.decode("a,b\n1,5\n3,7\n5,6");
    const steps = [of.polynomialFeatures({ bias: false }), of.standardScaler(), sign] as const;
    const weights = [1, 2, 3];
    const fitted = await pipeline(steps).fit(table, [0, 1, 1], { sampleWeight: weights });
    expect(seen.names).toEqual(["a", "b", "a^2", "a b", "b^2"]);
    expect(seen.weights).toBe(weights);
    expect(fitted.featureNames).toEqual(["a", "b"]);
    expect(fitted.steps[1].mean[0]).toBe(3);
    expect(() => fitted.predict(csv.decode("a,c\n1,2"))).toThrow("c not known");
  });

  it("learns from the rows of fit only: what it later sees changes nothing", async () => {
    const fitted = await pipeline([of.standardScaler(), of.maxAbsScaler()]).fit([[1], [3]]);
    const values = () => (fitted.transform([[2]]) as Tensor).toArray();
    const before = values();
    fitted.transform([[1e6], [-1e6]]);
    expect(values()).toEqual(before);
  });

  it("goes back through its steps, if each can", async () => {
    const x = [
      [1, 10],
      [2, 40],
      [4, 20],
    ];
    const fitted = await pipeline([of.standardScaler(), of.pca()]).fit(x);
    const back = fitted.inverseTransform!(fitted.transform(x) as never) as Tensor;
    (back.toArray() as number[][]).forEach((row, i) =>
      row.forEach((value, k) => expect(value).toBeCloseTo(x[i][k], 10)),
    );
    const oneWay = await pipeline([of.normalizer(), of.pca()]).fit(x);
    expect(oneWay.inverseTransform).toBeUndefined();
  });

  it("takes texts from the imputer to the encoder", async () => {
    const steps = [of.imputer({ strategy: "mostFrequent" }), of.oneHotEncoder()] as const;
    const fitted = await pipeline(steps).fit(
      csv.decode("city\nRome\nNA\nRome\nParis\nParis\nRome"),
    );
    expect(fitted.outputNames).toEqual(["city_Paris", "city_Rome"]);
  });

  it("refuses no steps, and steps that do not transform", async () => {
    await expect(pipeline([] as never).fit([[1]], [1])).rejects.toThrow("no steps");
    const wrong = pipeline([sign, of.standardScaler()] as never);
    await expect((wrong as Classifier).fit([[1], [2]], [0, 1])).rejects.toThrow(
      "step 0 (sign) does not transform",
    );
  });
});

describe("columnTransformer", () => {
  const parts = [
    { name: "scaled", columns: ["age", "fare"], transformer: of.standardScaler() },
    { name: "words", columns: { types: ["category", "text"] }, transformer: of.oneHotEncoder() },
  ] as const;

  it("gives columns by name, by number and by type, with prefixes", async () => {
    const fitted = await columnTransformer({ parts }).fit(mixed);
    const names = ["scaled__age", "scaled__fare", "words__sex_female", "words__sex_male"];
    expect(fitted.outputNames).toEqual(names);
    const byNumber = columnTransformer({
      parts: [
        { name: "scaled", columns: [0, -1], transformer: of.standardScaler() },
        { name: "words", columns: [1], transformer: of.oneHotEncoder() },
      ],
    });
    const values = (x: unknown) => (x as Tensor).toArray();
    const other = (await byNumber.fit(mixed)).transform(mixed);
    expect(values(other)).toEqual(values(fitted.transform(mixed)));
    const bare = await columnTransformer({ parts, prefix: false }).fit(mixed);
    expect(bare.outputNames).toEqual(["age", "fare", "sex_female", "sex_male"]);
  });

  it("finds columns by name, in any order, and does not ask for those it does not use", async () => {
    const fitted = await columnTransformer({ parts: parts.slice(0, 1) }).fit(mixed);
    const rows = csv.decode("fare,more,age\n7.25,x,22");
    expect(fitted.transform(rows)).toMatchObject({ shape: [1, 2] });
    const [wanted] = (fitted.transform(mixed) as Tensor).toArray() as number[][];
    expect((fitted.transform(rows) as Tensor).toArray()).toEqual([wanted]);
    expect(() => fitted.transform(csv.decode("fare,sex\n1,male"))).toThrow("age not there");
    expect(() => fitted.transform([[1, 2]])).toThrow(ShapeError);
  });

  it("drops what is left, passes it through, or transforms it", async () => {
    const of2 = (remainder: "drop" | "passthrough" | Transformer) =>
      columnTransformer({ parts: [{ name: "a", columns: [1], transformer: "drop" }], remainder });
    const x = [
      [1, 2, NaN],
      [3, 4, 5],
    ];
    await expect(of2("drop").fit(x)).rejects.toThrow("no column is left");
    const passed = await of2("passthrough").fit(x);
    expect(passed.outputNames).toEqual(["remainder__x0", "remainder__x2"]);
    expect((passed.transform(x) as Tensor).toArray()).toEqual([
      [1, NaN],
      [3, 5],
    ]);
    const filled = await of2(of.imputer()).fit(x);
    expect((filled.transform(x) as Tensor).toArray()).toEqual([
      [1, 5],
      [3, 5],
    ]);
    const table = (
      await columnTransformer({ parts: [parts[0]], remainder: "passthrough" }).fit(mixed)
    ).transform(mixed);
    expect(isTable(table) && table.names).toEqual([
      "scaled__age",
      "scaled__fare",
      "remainder__sex",
    ]);
  });

  it("gives sparse rows if any part does, unless it is told not to", async () => {
    const options = {
      parts: [
        { name: "text", columns: ["note"], transformer: of.countVectorizer() },
        { name: "n", columns: ["n"], transformer: "passthrough" as const },
      ],
    };
    const x = csv.decode("note,n\none two,1\ntwo,0", { types: { note: "text" } });
    const out = (await columnTransformer(options).fit(x)).transform(x);
    expect(isSparse(out) && [...out.values]).toEqual([1, 1, 1, 1]);
    const full = (await columnTransformer({ ...options, sparse: false }).fit(x)).transform(x);
    expect((full as Tensor).toArray()).toEqual([
      [1, 1, 1],
      [0, 1, 0],
    ]);
  });

  it("takes columns of sparse rows", async () => {
    const x = sparseRows({ columns: 3, starts: [0, 2, 3], indices: [0, 2, 1], values: [4, 6, 8] });
    const parts = [{ name: "last", columns: [2, 0], transformer: of.maxAbsScaler() }];
    const fitted = await columnTransformer({ parts }).fit(x);
    const out = fitted.transform(x);
    expect(isSparse(out) && [[...out.indices], [...out.values]]).toEqual([
      [0, 1],
      [1, 1],
    ]);
    expect(fitted.outputNames).toEqual(["last__x2", "last__x0"]);
  });

  it("refuses columns that are not there, and parts of one name", async () => {
    const one = { name: "a", columns: ["height"], transformer: of.standardScaler() };
    await expect(columnTransformer({ parts: [one] }).fit(mixed)).rejects.toThrow(
      'there is no column "height"; the columns are age, sex, fare',
    );
    const two = { ...one, columns: ["age"] };
    await expect(columnTransformer({ parts: [two, two] }).fit(mixed)).rejects.toThrow(ValueError);
    const named = { ...two, name: "b" };
    await expect(
      columnTransformer({ parts: [two, named], prefix: false }).fit(mixed),
    ).rejects.toThrow('two columns come out as "age"');
  });

  it("stands in a pipeline, whose model knows its columns by name", async () => {
    await pipeline([columnTransformer({ parts }), sign]).fit(mixed, [0, 1, 0, 1, 0, 1, 0, 1]);
    expect(seen.names).toEqual([
      "scaled__age",
      "scaled__fare",
      "words__sex_female",
      "words__sex_male",
    ]);
  });
});
