import { elementsOf, nodeOf } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { UniqueFunction, UniqueOptions } from "../types/functions.js";
import { userValue } from "../values.js";
import { tensor } from "./create.js";

/**
 * The different elements, ascending; all NaN count as one, and come last. How many there are
 * depends on the values, so x is evaluated at once.
 *
 * @param options.returnInverse  gives [values, inverse]: where each element of x stands in them
 * @param options.returnCounts   gives [values, counts], or [values, inverse, counts]
 * @throws TraceError  inside a function that is being traced
 */
export const unique = ((x: Tensor, options: UniqueOptions = {}): Tensor | Tensor[] => {
  const node = nodeOf(x, "unique");
  const elements = userValue(elementsOf(node), node.dtype);
  const counts = new Map<number, number>();
  for (const element of elements) counts.set(element, (counts.get(element) ?? 0) + 1);
  const sorted = Float64Array.from(counts.keys()).sort();
  const results: Tensor[] = [tensor(sorted, { dtype: node.dtype })];
  if (options.returnInverse) {
    const position = new Map([...sorted].map((value, i) => [value, i]));
    const inverse = Int32Array.from(elements, (element) => position.get(element)!);
    results.push(tensor(inverse, { shape: [...node.shape] }));
  }
  if (options.returnCounts)
    results.push(tensor(Int32Array.from(sorted, (value) => counts.get(value)!)));
  return results.length === 1 ? results[0] : results;
}) as UniqueFunction;
