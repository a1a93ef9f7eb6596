import { builder as b } from "../../graph/builder.js";
import { dividing, meet, type Operand, wrap } from "../operand.js";
import type { FloatPairFunction } from "../types/functions.js";

/**
 * x · log y, and 0 where x is 0, whatever number y is: what entropies are sums of. The two
 * broadcast; integers become f32.
 *
 * @throws ShapeError  if the shapes do not broadcast
 * @source SciPy `xlogy`
 */
export const xlogy = ((x: Operand, y: Operand) =>
  wrap(b.xlogy(...meet(x, y, "xlogy", dividing)))) as FloatPairFunction<"xlogy">;
