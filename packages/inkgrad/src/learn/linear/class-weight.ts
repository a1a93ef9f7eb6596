import { ValueError } from "../../base/errors.js";
import type { Encoded } from "../input/labels.js";

/** How much the rows of a class count: by the class as text, or "balanced": rows / (classes · rows of it). */
export type ClassWeight = "balanced" | Readonly<Record<string, number>>;

/** The weights of rows with those of their classes; null: all count the same. */
export function withClassWeight(
  weights: Float64Array | null,
  classWeight: ClassWeight | undefined,
  { classes, numbers }: Encoded,
  op: string,
): Float64Array | null {
  if (classWeight === undefined) return weights;
  const factors = factorsOf(classWeight, { classes, numbers }, op);
  return Float64Array.from(numbers, (k, row) => factors[k] * (weights?.[row] ?? 1));
}

function factorsOf(
  classWeight: ClassWeight,
  { classes, numbers }: Encoded,
  op: string,
): Float64Array {
  if (classWeight === "balanced") {
    const counts = new Float64Array(classes.length);
    for (const k of numbers) counts[k]++;
    return counts.map((count) => numbers.length / (classes.length * count));
  }
  if (typeof classWeight !== "object" || classWeight === null)
    throw new ValueError(
      `${op}: classWeight must be "balanced" or numbers by class, { a: 1, b: 3 }, got ${JSON.stringify(classWeight)}`,
    );
  const names = classes.map(String);
  for (const [name, factor] of Object.entries(classWeight)) {
    if (!names.includes(name))
      throw new ValueError(
        `${op}: classWeight names the class "${name}"; there are ${names.join(", ")}`,
      );
    if (!(factor >= 0 && factor < Infinity))
      throw new ValueError(`${op}: classWeight of "${name}" must be ≥ 0, got ${String(factor)}`);
  }
  return Float64Array.from(names, (name) =>
    Object.hasOwn(classWeight, name) ? classWeight[name] : 1,
  );
}
