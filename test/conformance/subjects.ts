import { type DType, dtypes, holds, isFloat, rangeOf } from "@src/base/dtype.js";
import { DTypeError } from "@src/base/errors.js";
import { makeNode } from "@src/graph/builder.js";
import type { GraphNode } from "@src/graph/node.js";
import type { Check, SampleCase, SampleSource } from "@src/ops/check.js";
import type { Op } from "@src/ops/op.js";
import { type OpName, ops } from "@src/ops/table.js";
import { constant, decode, encode } from "../support/elements.js";
import { materialise, type Sample } from "./samples.js";

/** Operations that have no sample inputs, and why. Nothing else may be without. */
export const withoutSamples: { readonly [K in OpName]?: string } = {
  constant: "its elements lie on the node: it is an input of programs, and is never computed",
  placeholder: "it has no value until a program is run",
  custom: "it forwards its first input; its rule is the caller's own, and tested where it is made",
};

export const opNames = Object.keys(ops) as OpName[];
/** Every operation there is, but for those above. */
export const subjectNames = opNames.filter((name) => !(name in withoutSamples));

/** An operation as the rules see any of them. */
export const opOf = (name: OpName): Op<"any"> => ops[name] as unknown as Op<"any">;
const checkOf = (name: OpName): Check => opOf(name).check;

/** One call of one operation: what the suites are run on. */
export interface Subject {
  readonly name: OpName;
  readonly attrs: object;
  readonly samples: readonly Sample[];
  /** Of the inputs whose type is not fixed. */
  readonly dtype: DType;
  /** For messages. */
  readonly label: string;
}

const cases = new Map<OpName, readonly SampleCase<object>[]>();

/** The samples of an operation; one that has a type among its attributes is tried with all types. */
export function casesOf(name: OpName): readonly SampleCase<object>[] {
  const known = cases.get(name);
  if (known) return known;
  const found = checkOf(name).cases.flatMap(({ src, attrs }) => {
    if (!("dtype" in attrs)) return [{ src, attrs }];
    const value = "value" in attrs ? (attrs.value as number) : 0;
    return dtypes
      .filter((dtype) => holds(dtype, value))
      .map((dtype) => ({ src, attrs: { ...attrs, dtype } }));
  });
  cases.set(name, found);
  return found;
}

const hasFreeType = ({ src }: SampleCase<object>): boolean =>
  src.some((s) => s.dtype === undefined);

/** The types in which a case is tried: all; just one where nothing depends on it. */
export const typesFor = (one: SampleCase<object>): readonly DType[] =>
  hasFreeType(one) ? dtypes : ["f32"];

/** Nodes of a case's shapes and types, all zeros. */
export const blankNodes = (src: readonly SampleSource[], dtype: DType): GraphNode[] =>
  src.map((s) =>
    constant(new Float64Array(s.shape.reduce((n, m) => n * m, 1)), s.shape, s.dtype ?? dtype),
  );

/** Does the operation's own rule take these types? Whatever else it throws comes through. */
export function accepts(
  name: OpName,
  src: readonly SampleSource[],
  attrs: object,
  dtype: DType,
): boolean {
  try {
    opOf(name).dtype(blankNodes(src, dtype), attrs, name);
    return true;
  } catch (error) {
    if (error instanceof DTypeError) return false;
    throw error;
  }
}

const subjects = new Map<OpName, readonly Subject[]>();

/** Every case of an operation in every type that it takes. */
export function subjectsOf(name: OpName): readonly Subject[] {
  const known = subjects.get(name);
  if (known) return known;
  const found = casesOf(name).flatMap((one, index) =>
    typesFor(one)
      .filter((dtype) => accepts(name, one.src, one.attrs, dtype))
      .map((dtype) => subjectOf(name, one, dtype, `${name} ${index}`)),
  );
  subjects.set(name, found);
  return found;
}

/** A case filled with numbers that depend on the seed alone. */
export function subjectOf(
  name: OpName,
  { src, attrs }: SampleCase<object>,
  dtype: DType,
  seed: string,
): Subject {
  const samples = src.map((s, i) => materialise(s, dtype, seed, i, src.length));
  return { name, attrs, samples, dtype, label: labelOf(name, samples, attrs) };
}

const labelOf = (name: string, samples: readonly Sample[], attrs: object): string =>
  `${name}(${samples.map((s) => `${s.dtype} [${s.shape.join(", ")}]`).join(", ")}) ` +
  JSON.stringify(attrs);

/** The hard values of an operation, in every type, all combinations of them at once. */
export function specialSubjectsOf(name: OpName): Subject[] {
  const { special } = checkOf(name);
  if (special === undefined) return [];
  return specialCases(name).flatMap((one) =>
    typesFor(one)
      .filter((dtype) => accepts(name, one.src, one.attrs, dtype))
      .map((dtype) => {
        const columns = combinations(
          hardValues(special, dtype),
          Math.max(one.src.length, widthOf(one)),
        );
        const samples = one.src.map((source, i): Sample => {
          const values =
            widthOf(one) > 1
              ? columns[0].flatMap((_, row) => columns.map((c) => c[row]))
              : columns[i];
          const own = source.dtype === "bool" ? values.map((_, row) => row % 2) : values;
          const shape = widthOf(one) > 1 ? [own.length / 2, 2] : [own.length];
          return { shape, dtype: source.dtype ?? dtype, source, values: own };
        });
        const label = `${labelOf(name, samples, one.attrs)} of hard values`;
        return { name, attrs: one.attrs, samples, dtype, label };
      }),
  );
}

/** One case for each set of attributes that hard values can be put to. */
function specialCases(name: OpName): SampleCase<object>[] {
  const found = new Map<string, SampleCase<object>>();
  for (const { src, attrs } of casesOf(name)) {
    // Reductions and the like take pairs of hard values along the last axis.
    const along =
      "axis" in attrs ? { ...attrs, axis: 1 } : "axes" in attrs ? { ...attrs, axes: [1] } : attrs;
    found.set(JSON.stringify(along), { src, attrs: along });
  }
  return [...found.values()];
}

const widthOf = ({ attrs }: SampleCase<object>): number =>
  "axis" in attrs || "axes" in attrs ? 2 : 1;

/** Those that the type can hold; for integers, their limits too. */
function hardValues(special: readonly number[], dtype: DType): number[] {
  if (isFloat(dtype)) return decode(encode(special, dtype), dtype);
  const [min, max] = rangeOf(dtype);
  const held = special.filter((x) => holds(dtype, x)).map((x) => x + 0);
  return [...new Set([...held, min, min + 1, max - 1, max])].filter((x) => holds(dtype, x));
}

/** All combinations of `count` of the values, as columns. */
function combinations(values: readonly number[], count: number): number[][] {
  let rows: number[][] = [[]];
  for (let i = 0; i < Math.min(count, 2); i++)
    rows = rows.flatMap((row) => values.map((v) => [...row, v]));
  // Three operands (where): the condition alternates, the others go through all pairs.
  return Array.from({ length: count }, (_, i) =>
    rows.map((row) => row[Math.max(i - (count - row.length), 0)]),
  );
}

/** The inputs as known nodes. */
export const nodesOf = (samples: readonly Sample[]): GraphNode[] =>
  samples.map(({ values, shape, dtype }) => constant(values, shape, dtype));

/** The call itself. */
export const callOf = ({ name, attrs }: Subject, src: readonly GraphNode[]): GraphNode =>
  makeNode(name, src, attrs);
