import { ShapeError } from "../../base/errors.js";
import { type Shape, sameShape, show } from "../../base/shape.js";
import type { InputRule } from "../types/rules.js";
import type { Layer } from "../layer.js";

/**
 * Says what an example looks like, so that a model knows its shapes before it sees data. It changes
 * nothing.
 *
 * @param shape  of one example, without the batch's axis: `input(28, 28, 1)`
 */
export const input = <const S extends Shape>(...shape: readonly [...S]): Layer<InputRule<S>> => ({
  kind: "input",
  options: shape,
  apply(_params, x) {
    if (!sameShape(x.shape.slice(1), shape))
      throw new ShapeError(
        `input: each example must be ${show(shape)}, got ${show(x.shape.slice(1))}; ` +
          "x is [n, ...example]",
      );
    return x;
  },
});

/** The shape of an example, if a layer begins with an `input`. */
export function givenShape({ kind, options, inner }: Layer): readonly number[] | undefined {
  if (kind === "input") return options as readonly number[];
  return kind === "sequential" && inner?.[0] !== undefined ? givenShape(inner[0].layer) : undefined;
}
