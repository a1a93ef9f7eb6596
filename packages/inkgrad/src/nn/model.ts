import { InkgradError } from "../base/errors.js";
import type { Shape } from "../base/shape.js";
import type { Key } from "../tensor/random/types.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Context, Layer, LayerRule, Variables } from "./layer.js";
import { inference } from "./layer.js";
import { givenShape } from "./layers/input.js";
import { summarize, type Summary } from "./summary.js";
import { type CompileOptions, Learner } from "./training/learner.js";

/** A layer that can be trained: the whole of a network. */
export interface Model<
  In extends Shape = Shape,
  Out extends Shape = Shape,
  F extends LayerRule = LayerRule,
> extends Layer<F> {
  /** Shape of an example, if the model says what it takes. */
  readonly input: In | undefined;
  /** First values of the parameters. The shape of an example may be left out if the model has it. */
  init(key: Key, shape?: Shape): Variables;
  /** First values of what layers keep besides (running means). */
  initState(shape?: Shape): Variables;
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
  /**
   * Layers, shapes, parameters, multiply-adds and memory, for one example: `console.log(String(
   * model.summary()))`. The shape of an example may be left out if the model has it.
   */
  summary(input?: Shape): Summary;
}

/** A model of one's own: how its parameters begin, and what it makes of them and a batch. */
export interface PlainModel<P extends Variables> {
  /** The shape of an example, if it is always the same. */
  readonly input?: Shape;
  init(key: Key, shape: Shape): P;
  apply(params: P, x: Tensor, context: Context): Tensor;
}

/**
 * A model of a layer, or of two functions of one's own:
 *
 *     model({
 *       init: (key) => ({ w: random.normal(key, [2, 1]) }),
 *       apply: ({ w }, x) => x.matmul(w),
 *     })
 *
 * The second is saved without its functions.
 */
export function model<In extends Shape = Shape, Out extends Shape = Shape>(
  layer: Layer,
): Model<In, Out>;
export function model<P extends Variables>(functions: PlainModel<P>): Model;
export function model(given: Layer | PlainModel<Variables>): Model {
  const layer: Layer = { kind: "function", options: null, ...given };
  const input = "input" in given ? given.input : givenShape(layer);
  const shapeOf = (shape = input): Shape => {
    if (shape !== undefined) return shape as Shape;
    throw new InkgradError(
      "model: it does not say what an example looks like; give the shape, for example [28, 28, 1], or " +
        "begin it with input(28, 28, 1)",
    );
  };
  const made: Model = {
    ...layer,
    input: input as Shape | undefined,
    init: (key, shape) => layer.init?.(key, shapeOf(shape)) ?? {},
    initState: (shape) => layer.initState?.(shapeOf(shape)) ?? {},
    apply: (params, x, context = inference) => layer.apply(params, x, context) as never,
    compile: (options) => new Learner(made, options),
    summary: (shape) => summarize(layer, shapeOf(shape)),
  };
  return made;
}
