import {
  arithmeticType,
  type DType,
  dtypes,
  floatType,
  promote,
  sumType,
} from "@src/base/dtype.js";
import { expect, test } from "vitest";
import { evaluate } from "./table.js";

/** The tables of types against the tables of the run time: every dtype, every pair. */

interface Row {
  readonly type: string;
  readonly atRunTime: DType;
}
const one = (name: string, f: (d: DType) => DType): Row[] =>
  dtypes.map((d) => ({ type: `${name}<"${d}">`, atRunTime: f(d) }));
const two = (name: string, f: (a: DType, b: DType) => DType): Row[] =>
  dtypes.flatMap((a) =>
    dtypes.map((b) => ({ type: `${name}<"${a}", "${b}">`, atRunTime: f(a, b) })),
  );

const rows = [
  ...two("Promote", arithmeticType),
  ...two("PromoteKeep", promote),
  ...one("Float", floatType),
  ...one("Summed", sumType),
];

test("every dtype and every pair of them gives the type that the run time gives", () => {
  const imports =
    'import type { Float, Promote, PromoteKeep, Summed } from "@src/tensor/types/index.js";';
  const found = evaluate(
    "dtype-tables",
    rows.map(({ type }) => type),
    imports,
  );
  expect(rows).toHaveLength(2 * 64 + 2 * 8);
  expect(rows.map(({ type }, i) => `${type} = ${found[i]}`)).toEqual(
    rows.map(({ type, atRunTime }) => `${type} = ${atRunTime}`),
  );
});
