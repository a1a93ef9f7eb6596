import { ShapeError } from "../../base/errors.js";
import { show } from "../../base/shape.js";
import { foldIn } from "../../tensor/random/key.js";
import type { Tensor } from "../../tensor/tensor.js";
import { type Activation, activationOf } from "../activations.js";
import { type InitializerLike, initializerOf } from "../initializers/named.js";
import type { Layer } from "../layer.js";
import type { DenseRule } from "../types/rules.js";
import { requireCount, savable } from "./options.js";

export interface DenseOptions {
  /** Applied to the result (default: none). */
  readonly activation?: Activation;
  /** Is something added to each unit? (default true) */
  readonly bias?: boolean;
  /** First values of the kernel [features, units] (default "glorotUniform"). */
  readonly kernelInitializer?: InitializerLike;
  /** First values of the bias [units] (default "zeros"). */
  readonly biasInitializer?: InitializerLike;
  /** Name of its parameters (default "dense", numbered). */
  readonly name?: string;
}

/**
 * x · kernel + bias, along the last axis: [n, features] to [n, units], or [n, steps, features] to
 * [n, steps, units].
 *
 * @throws ShapeError  for images: "dense: each example must be [features] …; put flatten() before it"
 */
export function dense<const Units extends number>(
  units: Units,
  options: DenseOptions = {},
): Layer<DenseRule<Units>> {
  requireCount(units, "units", "dense");
  const { bias = true, kernelInitializer = "glorotUniform", name } = options;
  const activation = activationOf(options.activation, "dense");
  const initializer = initializerOf(kernelInitializer, "dense");
  const biasOf = initializerOf(options.biasInitializer ?? "zeros", "dense");
  return {
    kind: "dense",
    name,
    options: savable({ units, ...options }),
    init(key, shape) {
      requireFeatures(shape);
      const kernel = initializer(key, [shape[shape.length - 1], units]);
      return { kernel, ...(bias && { bias: biasOf(foldIn(key, 1), [units]) }) };
    },
    apply(params, x, context) {
      requireFeatures(x.shape.slice(1));
      const { kernel, bias } = params as { kernel: Tensor; bias?: Tensor };
      const product = x.matmul(kernel) as Tensor;
      return activation(bias === undefined ? product : product.add(bias), context);
    },
  };
}

function requireFeatures(example: readonly number[]): void {
  if (example.length !== 1 && example.length !== 2)
    throw new ShapeError(
      `dense: each example must be [features] or [steps, features], not ${show(example)}; ` +
        "put flatten() before it",
    );
}
