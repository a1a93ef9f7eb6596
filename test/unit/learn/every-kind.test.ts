import { describe, expect, it } from "vitest";
import { ShapeError, ValueError } from "inkgrad";
import { csv, type Table } from "inkgrad/data";
import { kinds } from "@src/learn/kinds.js";
import { fittedFromBytes, fittedToBytes } from "@src/learn/saving/file.js";
import { makerOf, specOf } from "@src/learn/saving/kinds.js";
import { isTable } from "@src/learn/input/matrix.js";
import { isSparse } from "@src/learn/input/sparse-rows.js";
import type { Estimator, Features, Fitted, FittedTransformer, Labels } from "@src/learn/types.js";
import { asSparse, differences, head, outputsOf, samples } from "./samples.js";

/** What holds for every estimator there is. A new kind needs a sample in samples.ts. */

interface Fittable extends Estimator {
  fit(x: Features, y?: Labels): Promise<Fitted>;
}
/** With the model of the tests, by which columns are chosen. */
const { make } = makerOf({
  ...kinds,
  differences: { make: differences, restore: () => expect.fail("it is not kept") },
});
const every = Object.keys(kinds);
const fitted = (
  kind: keyof typeof kinds,
  x: Features = samples[kind].x,
  y: Labels | undefined = samples[kind].y,
) => (samples[kind].estimator as Fittable).fit(x, y);

it("every kind has a sample, and no sample is of another kind", () => {
  expect(Object.keys(samples).sort()).toEqual([...every].sort());
  for (const kind of every) expect(samples[kind].estimator.kind).toBe(kind);
});

describe.each(every)("%s", (kind) => {
  const { x, y, missing, sparse } = samples[kind];
  const isTexts = Array.isArray(x);

  it("gives the same after it was saved and loaded", async () => {
    const before = await fitted(kind);
    const { fitted: after } = fittedFromBytes(fittedToBytes(before));
    expect(after.state).toEqual(before.state);
    expect(outputsOf(after, x)).toEqual(outputsOf(before, x));
    const names = (one: Fitted) => (one as FittedTransformer).outputNames;
    expect(names(after)).toEqual(names(before));
    expect(Object.keys(after).sort()).toEqual(Object.keys(before).sort());
  });

  it("is made again from plain data, and then learns the same", async () => {
    const spec = specOf(samples[kind].estimator);
    // A key among the options is a tensor, which goes to a worker in its own way.
    const holdsKey = kind === "resampled";
    const sent = (holdsKey ? spec : JSON.parse(JSON.stringify(spec))) as typeof spec;
    const again = make(sent) as Fittable;
    expect(specOf(again)).toEqual(sent);
    expect((await again.fit(x, y)).state).toEqual((await fitted(kind)).state);
  });

  it("does not change what it is given, and gives the same twice", async () => {
    const copy = structuredClone(isTexts ? x : { ...(x as Table) });
    const one = await fitted(kind);
    const first = outputsOf(one, x);
    expect(outputsOf(one, x)).toEqual(first);
    expect(structuredClone(isTexts ? x : { ...(x as Table) })).toEqual(copy);
  });

  it("gives for some rows what it gives for them among others", async () => {
    const one = await fitted(kind);
    for (const [name, few] of Object.entries(outputsOf(one, head(x, 2)))) {
      const all = outputsOf(one, x)[name];
      if (Array.isArray(all)) expect(few).toEqual(all.slice(0, 2));
    }
  });

  it("refuses another number of columns, and none", async () => {
    const one = (await fitted(kind)) as FittedTransformer;
    const refused = isTexts ? ValueError : ShapeError;
    const wrong = isTexts ? [["a", "b"]] : [[1], [2]];
    expect(() => outputsOf(one, wrong as never)).toThrow(refused);
    const none = y === undefined || typeof one.transform === "function" ? y : [];
    const lacksShape = isTexts || kind === "multiLabel";
    await expect(fitted(kind, csv.decode("a,b"), none)).rejects.toThrow(
      lacksShape ? ShapeError : ValueError,
    );
    // A model of no columns has its intercept; what transforms has nothing to do.
    if (!isTexts && none === y) await expect(fitted(kind, [[], []])).rejects.toThrow(ValueError);
  });

  it("refuses columns of other names", async () => {
    if (isTexts) return;
    const one = await fitted(kind);
    const { names } = x as Table;
    const other = csv.decode(
      `${[...names.slice(1), "other"].join(",")}\n${names.map(() => "1").join(",")}`,
    );
    expect(() => outputsOf(one, other)).toThrow(ShapeError);
  });

  it("refuses what is missing with row and column, or passes it, as declared", async () => {
    const holed = withHole(x);
    const attempt = () => fitted(kind, holed).then((one) => outputsOf(one, holed));
    if (missing === "passed") await expect(attempt()).resolves.toBeDefined();
    else await expect(attempt()).rejects.toThrow(isTexts ? /row 1/ : /row 1, column "/);
    const one = await fitted(kind);
    if (missing === "passed") expect(() => outputsOf(one, holed)).not.toThrow();
    else expect(() => outputsOf(one, holed)).toThrow(/row 1/);
  });

  it("names the columns that come out, and knows those that went in", async () => {
    const one = (await fitted(kind)) as FittedTransformer;
    expect(one.featureNames).toEqual(isTexts ? null : (x as Table).names);
    expect(one.features).toBe(isTexts ? 1 : (x as Table).names.length);
    if (typeof one.transform !== "function") return;
    const out = one.transform(x);
    const width = isSparse(out) ? out.columns : isTable(out) ? out.names.length : out.shape[1];
    expect(one.outputNames.length).toBe(width);
    expect(new Set(one.outputNames).size).toBe(width);
  });

  it("takes sparse rows as declared, with the same result", async () => {
    if (sparse === undefined) return;
    const rows = asSparse(x as Table);
    if (sparse === "refused") {
      await expect(fitted(kind, rows)).rejects.toThrow("sparse");
      return;
    }
    const dense = outputsOf(await fitted(kind), x).transform;
    const one = (await fitted(kind, rows)) as FittedTransformer;
    const out = one.transform(rows);
    expect(isSparse(out)).toBe(true);
    if (!isSparse(out)) return;
    const filled = Array.from({ length: out.rows }, () => new Array<number>(out.columns).fill(0));
    for (let row = 0; row < out.rows; row++)
      for (let i = out.starts[row]; i < out.starts[row + 1]; i++)
        filled[row][out.indices[i]] = out.values[i];
    (dense as number[][]).forEach((row, i) =>
      row.forEach((value, k) => expect(filled[i][k]).toBeCloseTo(value, 12)),
    );
  });
});

/** The same with nothing in the first column of row 1. */
function withHole(x: Features): Features {
  if (Array.isArray(x)) return x.map((text, i) => (i === 1 ? null : text)) as never;
  const table = x as Table;
  const [first] = table.names;
  const columns = Object.assign(Object.create(null), table.columns) as Record<string, never>;
  const { values } = table.columns[first];
  const holed = Array.from(values as ArrayLike<unknown>, (v, i) => (i === 1 ? null : v));
  const numeric = values instanceof Float64Array;
  columns[first] = {
    ...table.columns[first],
    missing: 1,
    values: numeric ? Float64Array.from(holed, (v) => (v === null ? NaN : (v as number))) : holed,
  } as never;
  return { ...table, columns };
}
