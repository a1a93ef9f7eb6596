import { builder as b } from "../../graph/builder.js";
import { dividing, meet, type Operand, wrap } from "../operand.js";
import { scoped } from "../scope.js";
import type { Tensor } from "../tensor.js";
import type { FloatPairFunction } from "../types/functions.js";
import { logSumExp } from "./reduce.js";

/** log(eˣ + eʸ), without overflow. */
export const logAddExp = ((x: Operand, y: Operand): Tensor => {
  const pair = meet(x, y, "logAddExp", dividing);
  const sum = scoped(() => {
    const rows = pair.map((node) => b.reshape(node, { shape: [1, ...node.shape] }));
    return logSumExp(wrap(b.concat(rows, { axis: 0 })), 0);
  });
  return wrap(sum.node);
}) as FloatPairFunction<"logAddExp">;
