import type { Tensor } from "../../tensor/tensor.js";
import type { Context, Layer } from "../layer.js";
import type { AnyShape } from "../types/rules.js";

/**
 * A plain function of a batch [n, ...] as a layer without parameters: `lambda("double", (x) => x.mul(2))`.
 * Its shapes are found at run time. A model with it is saved without the function.
 */
export const lambda = (
  name: string,
  f: (x: Tensor, context: Context) => Tensor,
): Layer<AnyShape> => ({
  kind: "lambda",
  name,
  options: null,
  apply: (_params, x, context) => f(x, context),
});
