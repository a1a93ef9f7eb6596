import type { Shape } from "../../base/shape.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";

/** First values of parameters of a shape. */
export type Initializer = (key: Key, shape: Shape) => Tensor;
