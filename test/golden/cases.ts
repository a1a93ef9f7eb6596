import { readdirSync, readFileSync } from "node:fs";
import type { DType } from "@src/base/dtype.js";

/** The files of golden values, as scripts/golden/README.md describes them. */

export interface GoldenTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: readonly number[];
}

/** A tensor, or tensors in lists and objects; null for what has no gradient. */
export type Golden =
  GoldenTensor | readonly Golden[] | { readonly [key: string]: Golden } | null | number | string;

export interface GoldenCase {
  readonly family: string;
  readonly index: number;
  readonly name: string;
  readonly attrs: object;
  readonly args: readonly Golden[];
  readonly out: Golden;
  readonly cotangent: Golden;
  readonly gradients: readonly (GoldenTensor | null)[] | null;
}

const folder = new URL("./", import.meta.url);

export const readGolden = (path: string): { cases: unknown[] } =>
  JSON.parse(readFileSync(new URL(path, folder), "utf8"), revive) as { cases: unknown[] };

/** What JSON has no numbers for stands in strings. */
const revive = (_key: string, value: unknown): unknown =>
  typeof value === "string" && ["NaN", "Infinity", "-Infinity", "-0"].includes(value)
    ? Number(value)
    : value;

/** Every case of every file of a kind. */
export function casesOf(kind: "primitives" | "composites"): GoldenCase[] {
  return readdirSync(new URL(kind, folder))
    .filter((file) => file.endsWith(".json"))
    .sort()
    .flatMap((file) => {
      const cases = readGolden(`${kind}/${file}`).cases as Record<string, never>[];
      return cases.map((one, index): GoldenCase => ({
        family: file.replace(".json", ""),
        index,
        name: one.op ?? one.fn,
        attrs: one.attrs ?? {},
        args: one.src ?? one.args,
        out: one.out,
        cotangent: one.cotangent,
        gradients: one.gradients,
      }));
    });
}

/** Cases by the name of what they are cases of. */
export function byName(cases: readonly GoldenCase[]): ReadonlyMap<string, readonly GoldenCase[]> {
  const groups = new Map<string, GoldenCase[]>();
  for (const one of cases) groups.set(one.name, [...(groups.get(one.name) ?? []), one]);
  return groups;
}

export const isGoldenTensor = (value: unknown): value is GoldenTensor =>
  typeof value === "object" && value !== null && "data" in value && "dtype" in value;

/** `value` with every tensor in it replaced. */
export function mapTensors(value: unknown, f: (tensor: GoldenTensor) => unknown): unknown {
  if (isGoldenTensor(value)) return f(value);
  if (Array.isArray(value)) return value.map((item) => mapTensors(item, f));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTensors(item, f)]));
}
