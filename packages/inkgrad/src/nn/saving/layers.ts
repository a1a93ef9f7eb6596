import { FormatError, InkgradError } from "../../base/errors.js";
import type { Json, Layer } from "../layer.js";
import { chain } from "../layers/chain.js";
import * as layers from "../layers/index.js";
import type { LayerJson } from "../layers/options.js";

/** Makes layers again from what was written down of them. */

/** Functions of one's own cannot be written down. */
type Kind = Exclude<keyof typeof layers, "lambda"> | "sequential";

/** Options with nothing known of them: the functions that make layers check theirs. */
type Options = never;
type Fields = { readonly [name: string]: never };

const again: { readonly [K in Kind]: (options: Options) => Layer } = {
  augment: () => layers.augment(),
  avgPool1d: ({ size, ...rest }: Fields) => layers.avgPool1d(size, rest),
  avgPool2d: ({ size, ...rest }: Fields) => layers.avgPool2d(size, rest),
  batchNorm: layers.batchNorm,
  concat: ({ layers: of }: Fields) => layers.concat(...inner(of)),
  conv1d: ({ filters, size, ...rest }: Fields) => layers.conv1d(filters, size, rest),
  conv2d: ({ filters, size, ...rest }: Fields) => layers.conv2d(filters, size, rest),
  dense: ({ units, ...rest }: Fields) => layers.dense(units, rest),
  dropout: layers.dropout,
  elu: layers.elu,
  embedding: ({ count, size, ...rest }: Fields) => layers.embedding(count, size, rest),
  flatten: layers.flatten,
  gaussianNoise: layers.gaussianNoise,
  gelu: layers.gelu,
  globalAvgPool: layers.globalAvgPool,
  globalMaxPool: layers.globalMaxPool,
  groupNorm: ({ groups, ...rest }: Fields) => layers.groupNorm(groups, rest),
  input: (shape: readonly number[]) => layers.input(...shape),
  layerNorm: layers.layerNorm,
  leakyRelu: layers.leakyRelu,
  linear: layers.linear,
  maxPool1d: ({ size, ...rest }: Fields) => layers.maxPool1d(size, rest),
  maxPool2d: ({ size, ...rest }: Fields) => layers.maxPool2d(size, rest),
  parallel: ({ layers: of, ...rest }: Fields) => layers.parallel(inner(of), rest),
  relu: layers.relu,
  rescale: layers.rescale,
  reshape: (shape: readonly number[]) => layers.reshape(...shape),
  residual: ({ layers: of, shortcut }: Fields) =>
    layers.residual({ shortcut: shortcutOf(shortcut) }, ...inner(of)),
  sequential: ({ layers: of }: Fields) => chain(inner(of)),
  sigmoid: layers.sigmoid,
  silu: layers.silu,
  softmax: layers.softmax,
  standardize: layers.standardize,
  tanh: layers.tanh,
};

const named = ({ kind, options, name }: LayerJson): Layer => {
  const layer = layerOf(kind, options);
  return typeof name === "string" ? { ...layer, name } : layer;
};
const inner = (of: readonly LayerJson[]): Layer[] => of.map(named);

const shortcutOf = (shortcut: "identity" | "projection" | LayerJson) =>
  typeof shortcut === "string" ? shortcut : named(shortcut);

/**
 * The layer of a kind with these options, as `layer.kind` and `layer.options` say them.
 *
 * @throws FormatError  if there is no such kind, or its options are not what it takes
 */
export function layerOf(kind: string, options: Json): Layer {
  if (!Object.hasOwn(again, kind))
    throw new FormatError(
      `layerOf: there is no layer "${kind}" that could be made again; there are ` +
        Object.keys(again).join(", "),
    );
  if (options === null)
    throw new FormatError(`layerOf: ${kind} was made of functions, which are not written down`);
  try {
    return again[kind as Kind](options as Options);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    const why = error instanceof InkgradError ? error.message : "they have another form";
    throw new FormatError(
      `layerOf: ${kind} does not take the options ${JSON.stringify(options).slice(0, 200)}: ${why}`,
      { cause: error },
    );
  }
}
