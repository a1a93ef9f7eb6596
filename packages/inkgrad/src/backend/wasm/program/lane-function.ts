import { allocate } from "../../../base/dtype.js";
import { scalars } from "../../../ops/scalar.js";
import type { LaneCall } from "../codegen/context.js";

/** One element's computation; integers wrap as they do when they are stored. */
export function laneFunction({ fn, input, output }: LaneCall): (...args: number[]) => number {
  const compute = scalars[fn]({ input, output });
  if (output === "f32" || output === "f64" || output === "bool") return compute;
  const cell = allocate(output, 1);
  return (...args) => {
    cell[0] = compute(...args);
    return cell[0];
  };
}
