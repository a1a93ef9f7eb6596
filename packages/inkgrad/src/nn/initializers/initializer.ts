import type { Shape } from "../../base/shape.js";
import type { Key } from "../../tensor/random/types.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Json } from "../layer.js";

/** First values of parameters of a shape. */
export interface Initializer {
  (key: Key, shape: Shape): Tensor;
  /** What it can be made from again; functions of one's own have none. */
  readonly json?: InitializerJson;
}

export interface InitializerJson {
  readonly [name: string]: Json;
  /** "heNormal". */
  readonly kind: string;
  readonly options: Json;
}

/** An initializer that layers can be saved with. */
export const initializer = (
  kind: string,
  options: Json,
  values: (key: Key, shape: Shape) => Tensor,
): Initializer =>
  Object.assign((key: Key, shape: Shape) => values(key, shape), { json: { kind, options } });
