import { FormatError } from "../../base/errors.js";
import { relu, sigmoid, softmax, tanh } from "../layers/activation.js";
import { chain } from "../layers/chain.js";
import { conv2d } from "../layers/conv2d.js";
import { dense } from "../layers/dense.js";
import { dropout } from "../layers/dropout.js";
import { flatten } from "../layers/flatten.js";
import { input } from "../layers/input.js";
import { maxPool2d } from "../layers/max-pool.js";
import { rescale } from "../layers/rescale.js";
import type { Json, Layer } from "../layer.js";

type Make = (options: never, inner: readonly Layer[]) => Layer;

const kinds = new Map<string, Make>(
  Object.entries({
    conv2d: ({ filters, size, ...options }: { filters: number; size: number }) =>
      conv2d(filters, size, options),
    dense: ({ units, ...options }: { units: number }) => dense(units, options),
    dropout,
    flatten,
    input: (shape: number[]) => input(...shape),
    maxPool2d: ({ size, ...options }: { size: number }) => maxPool2d(size, options),
    relu,
    rescale,
    sequential: (_options: unknown, inner: readonly Layer[]) => chain(inner),
    sigmoid,
    softmax,
    tanh,
  }) as [string, Make][],
);

/**
 * The layer of a kind, as its function makes it.
 *
 * @param inner  the layers it is made of, if it is
 * @throws FormatError  if there is no such kind
 */
export function layerOf(kind: string, options: Json, inner: readonly Layer[] = []): Layer {
  const make = kinds.get(kind);
  if (make !== undefined) return make(options as never, inner);
  throw new FormatError(
    `unknown kind of layer "${kind}"; there are ${[...kinds.keys()].join(", ")}`,
  );
}
