import { broadcastShapes } from "../../base/shape.js";
import { builder as b } from "../../graph/builder.js";
import { arithmetic, expandTo, keeping, meet, type Operand, truth, wrap } from "../operand.js";
import type { Tensor } from "../tensor.js";
import type { WhereFunction } from "../types/functions.js";

/** `x` where the condition holds (is not 0), else `y`; all three broadcast. */
export const where = ((condition: Tensor, x: Operand, y: Operand): Tensor => {
  const mask = truth(condition, "where");
  const numbers = typeof x === "number" || typeof y === "number";
  const [a, c] = meet(x, y, "where", numbers ? arithmetic : keeping);
  const shape = broadcastShapes(mask.shape, a.shape, "where");
  return wrap(b.where(expandTo(mask, shape), expandTo(a, shape), expandTo(c, shape)));
}) as WhereFunction;
