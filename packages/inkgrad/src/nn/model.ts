import type { Shape } from "../base/shape.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Context, Layer, Variables } from "./layer.js";
import { inference } from "./layer.js";
import { givenShape } from "./layers/input.js";
import { type CompileOptions, Learner } from "./training/learner.js";

/** A layer that can be trained: the whole of a network. */
export interface Model<In extends Shape = Shape, Out extends Shape = Shape> extends Layer {
  /** Shape of an example, if the model says what it takes. */
  readonly input: In | undefined;
  /**
   * What the model makes of a batch [n, ...], from its parameters alone: for loops of one's own.
   * Models whose layers keep something (batch normalisation) need it in the context.
   */
  apply<X extends Tensor>(
    params: Variables,
    x: X,
    context?: Context,
  ): Tensor<[X["shape"][0], ...Out]>;
  /** Chooses what is made small, how, and what is looked at; then `fit` trains. */
  compile(options: CompileOptions): Learner;
}

/**
 * A model of a layer, be it of one's own: an object with `apply(params, x)` and `init(key, shape)`.
 */
export function model<In extends Shape = Shape, Out extends Shape = Shape>(
  layer: Layer,
): Model<In, Out> {
  const first = layer.inner?.[0]?.layer;
  const made: Model<In, Out> = {
    ...layer,
    input: (first === undefined ? undefined : givenShape(first)) as In | undefined,
    apply: (params, x, context = inference) => layer.apply(params, x, context) as never,
    compile: (options) => new Learner(made, options),
  };
  return made;
}
