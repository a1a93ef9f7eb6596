import { describe, expect, it } from "vitest";
import { FormatError, IndexError, tensor } from "inkgrad";
import { csv } from "inkgrad/data";
import { preprocessing, sparseRows } from "inkgrad/learn";
import { encoded } from "@src/learn/input/labels.js";
import { denseOf, matrixOf } from "@src/learn/input/matrix.js";
import { fittedFromBytes, fittedToBytes } from "@src/learn/saving/file.js";
import { make } from "@src/learn/kinds.js";
import { specOf } from "@src/learn/saving/kinds.js";

const rows = [
  [1, -2],
  [3, 4],
  [8, 4],
];

describe("what estimators take as X", () => {
  it("is the same as rows, as a tensor, as a table and as sparse rows", () => {
    const values = [1, -2, 3, 4, 8, 4];
    const table = csv.decode("a,b\n1,-2\n3,4\n8,4");
    const starts = [0, 2, 4, 6];
    const sparse = sparseRows({ columns: 2, starts, indices: [0, 1, 0, 1, 0, 1], values });
    for (const x of [rows, tensor(rows), tensor(rows, { dtype: "i32" }), table, sparse])
      expect([...denseOf(x, "test").values]).toEqual(values);
  });

  it("must be finite, and the message names row and column", () => {
    expect(() =>
      matrixOf(
        [
          [1, 2],
          [NaN, 3],
        ],
        "fit",
      ),
    ).toThrow("fit: row 1, column 0 is NaN");
    const table = csv.decode("a,b\n1,2\n3,NA");
    expect(() => matrixOf(table, "fit")).toThrow('fit: row 1, column "b" is NaN');
    expect(() => matrixOf([[1, -Infinity]], "fit", { missing: true })).toThrow("column 1 is -Inf");
    expect(matrixOf(table, "fit", { missing: true }).rows).toBe(2);
  });

  it("must not be ragged, nor of one axis", () => {
    expect(() => matrixOf([[1, 2], [3]], "fit")).toThrow("row 1 has 1 values, and row 0 has 2");
    expect(() => matrixOf(tensor([1, 2]), "fit")).toThrow("reshape it to [n, 1]");
  });

  it("must have the columns that were there when fitting, in their order", async () => {
    const fitted = await preprocessing.standardScaler().fit(csv.decode("a,b\n1,2\n3,4"));
    const transform = (text: string) => () => fitted.transform(csv.decode(text));
    expect(transform("a,c\n1,2")).toThrow("b not there; c not known");
    expect(transform("b,a\n1,2")).toThrow('column 0 is "b" and was "a" when fitting');
    expect(() => fitted.transform([[1, 2, 3]])).toThrow("fitted on 2 columns, and X has 3");
  });

  it("must be in order as sparse rows", () => {
    const of = (indices: number[]) => () =>
      sparseRows({ columns: 2, starts: [0, 2], indices, values: [1, 2] });
    expect(of([0, 1])).not.toThrow();
    for (const indices of [
      [1, 0],
      [0, 0],
      [0, 2],
      [-1, 0],
    ])
      expect(of(indices)).toThrow(IndexError);
  });
});

describe("labels", () => {
  it("become class numbers in sorted order", () => {
    const { classes, numbers } = encoded(["no", "yes", "maybe", "no"], 4, "fit");
    expect(classes).toEqual(["maybe", "no", "yes"]);
    expect([...numbers]).toEqual([1, 2, 0, 1]);
  });

  it("are refused where they are fractions, NaN or too few", () => {
    expect(() => encoded([0.5, 1], 2, "fit")).toThrow("a classifier takes classes");
    expect(() => encoded([NaN, 1], 2, "fit")).toThrow("label of row 0");
    expect(() => encoded([1], 2, "fit")).toThrow("X has 2 rows and y has 1");
    expect(() => encoded([], 0, "fit")).toThrow("no rows");
  });
});

describe("standardScaler", () => {
  it("gives columns mean 0 and deviation 1, and back", async () => {
    const fitted = await preprocessing.standardScaler().fit(rows);
    expect([...fitted.mean]).toEqual([4, 2]);
    expect([...fitted.scale]).toEqual([Math.sqrt(26 / 3), Math.sqrt(8)]);
    const there = fitted.transform(rows);
    expect(fitted.inverseTransform(there).toArray()).toEqual(rows);
  });

  it("passes over missing values, and leaves constant columns at 0", async () => {
    const fitted = await preprocessing.standardScaler().fit([
      [1, 0.1],
      [NaN, 0.1],
      [3, 0.1],
    ]);
    expect(fitted.mean[0]).toBe(2);
    expect(fitted.scale[1]).toBe(1);
    const [[missing, constant]] = fitted.transform([[NaN, 0.1]]).toArray();
    expect(missing).toBeNaN();
    expect(Math.abs(constant)).toBeLessThan(1e-16);
  });

  it("refuses columns whose squares overflow", async () => {
    const fit = preprocessing.standardScaler().fit([
      [1, 1e200],
      [2, -1e200],
    ]);
    await expect(fit).rejects.toThrow('the squares of column "x1" are beyond the largest number');
  });
});

describe("what was fitted", () => {
  it("is the same after it was saved and loaded", async () => {
    const fitted = await preprocessing.standardScaler().fit(csv.decode("a,b\n1,2\n3,4\n5,9"));
    const bytes = fittedToBytes(fitted, { note: "ü" });
    const { fitted: again, facts } = fittedFromBytes(bytes);
    expect(again.state).toEqual(fitted.state);
    expect(facts).toEqual({ note: "ü" });
  });

  it("is refused where the bytes hold something else", () => {
    expect(() => fittedFromBytes(new Uint8Array(3))).toThrow(FormatError);
  });
});

describe("an estimator", () => {
  it("is plain data, from which a worker makes the same one", () => {
    const estimator = preprocessing.standardScaler({ mean: false });
    const spec = JSON.parse(JSON.stringify(specOf(estimator))) as ReturnType<typeof specOf>;
    expect(make(spec).options).toEqual({ mean: false });
  });
});
