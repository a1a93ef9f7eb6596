import * as nn from "inkgrad/nn";
import type { Layer } from "inkgrad/nn";
import * as layers from "@src/nn/layers/index.js";

/**
 * Samples of every layer, as source text, so that the same sample can be run and given to the type
 * checker.
 */
export interface Sample {
  /** The name of the function that makes it. */
  readonly of: string;
  readonly source: string;
  /** Shape of an example, and what is to come out. */
  readonly input: readonly number[];
  readonly output: readonly number[];
  /** Inputs are whole numbers below this. */
  readonly ids?: number;
  /** What training does that inference does not: draws random numbers, uses the batch's statistics. */
  readonly training?: "random" | "statistics";
}

const sample = (
  source: string,
  input: readonly number[],
  output: readonly number[],
  more: Partial<Sample> = {},
): Sample => ({ of: source.slice(0, source.indexOf("(")), source, input, output, ...more });

export const samples: readonly Sample[] = [
  sample("input(3, 2)", [3, 2], [3, 2]),
  sample("rescale()", [4], [4]),
  sample("rescale({ scale: 2, offset: -1 })", [4], [4]),
  sample("standardize({ mean: 0.5, std: 2 })", [3, 2], [3, 2]),
  sample("standardize({ mean: [1, 2], std: [0.5, 3] })", [3, 2], [3, 2]),
  sample("flatten()", [3, 2, 2], [12]),
  sample("flatten()", [5], [5]),
  sample("reshape(2, 6)", [3, 4], [2, 6]),
  sample("reshape(2, -1, 1)", [3, 4], [2, 6, 1]),
  sample("dense(3)", [4], [3]),
  sample('dense(3, { activation: "tanh", kernelInitializer: "he_normal" })', [2, 4], [2, 3]),
  sample('dense(2, { bias: false, name: "head" })', [4], [2]),
  sample("embedding(7, 3)", [4], [4, 3], { ids: 7 }),
  sample("conv1d(3, 2)", [6, 2], [5, 3]),
  sample(
    'conv1d(4, 3, { stride: 2, padding: "same", groups: 2, activation: "swish" })',
    [7, 2],
    [4, 4],
  ),
  sample("conv1d(2, 3, { dilation: 2, padding: [[1, 2]], bias: false })", [6, 1], [5, 2]),
  sample("conv2d(3, 2)", [4, 5, 2], [3, 4, 3]),
  sample(
    'conv2d(4, [3, 2], { stride: [2, 1], padding: "same", groups: 2, activation: "gelu" })',
    [5, 4, 2],
    [3, 4, 4],
  ),
  sample("conv2d(2, 2, { dilation: [1, 2], padding: [[1, 0], [0, 2]] })", [3, 4, 1], [3, 4, 2]),
  sample("conv2d(2, 3, { padding: 1, bias: false })", [3, 3, 2], [3, 3, 2]),
  sample("maxPool1d(2)", [6, 3], [3, 3]),
  sample('maxPool1d(3, { stride: 2, padding: "same" })', [6, 1], [3, 1]),
  sample("avgPool1d(2, { padding: 1 })", [6, 2], [4, 2]),
  sample("maxPool2d(2)", [4, 5, 2], [2, 2, 2]),
  sample("maxPool2d([2, 3], { stride: [2, 1] })", [4, 5, 2], [2, 3, 2]),
  sample('avgPool2d(2, { stride: 1, padding: "same" })', [3, 4, 2], [3, 4, 2]),
  sample("avgPool2d(2)", [4, 4, 1], [2, 2, 1]),
  sample("globalAvgPool()", [3, 4, 2], [2]),
  sample("globalMaxPool()", [5, 2], [2]),
  sample("batchNorm()", [3, 3, 2], [3, 3, 2], { training: "statistics" }),
  sample("batchNorm({ momentum: 0.5, scale: false, epsilon: 0.1 })", [4], [4], {
    training: "statistics",
  }),
  sample("layerNorm()", [3, 4], [3, 4]),
  sample("layerNorm({ center: false })", [5], [5]),
  sample("groupNorm(2)", [3, 2, 4], [3, 2, 4]),
  sample("linear()", [3], [3]),
  sample("relu()", [3, 2], [3, 2]),
  sample("leakyRelu()", [4], [4]),
  sample("leakyRelu({ slope: 0.3 })", [4], [4]),
  sample("elu({ alpha: 0.5 })", [4], [4]),
  sample("gelu()", [4], [4]),
  sample("gelu({ approximate: true })", [4], [4]),
  sample("silu()", [4], [4]),
  sample("sigmoid()", [4], [4]),
  sample("tanh()", [4], [4]),
  sample("softmax()", [2, 4], [2, 4]),
  sample("dropout(0.4)", [30], [30], { training: "random" }),
  sample("gaussianNoise(0.2)", [4], [4], { training: "random" }),
  sample("augment((x, key) => x.mul(random.uniform(key, [])))", [4], [4], { training: "random" }),
  sample('lambda("squares", (x) => x.square())', [3], [3]),
  sample("sequential(dense(3), relu(), dense(2))", [4], [2]),
  sample("sequential(flatten(), residual(dense(4), dropout(0.5), relu()))", [2, 2], [4], {
    training: "random",
  }),
  sample("residual(dense(4), tanh())", [4], [4]),
  sample(
    'residual({ shortcut: "projection" }, conv2d(3, 3, { stride: 2, padding: "same" }), batchNorm())',
    [5, 5, 2],
    [3, 3, 3],
    { training: "statistics" },
  ),
  sample('residual({ shortcut: "projection" }, conv1d(3, 1), relu())', [4, 2], [4, 3]),
  sample("residual({ shortcut: dense(2, { bias: false }) }, dense(3), dense(2))", [4], [2]),
  sample("parallel([dense(2), dense(3)])", [4], [5]),
  sample('parallel([dense(2), dense(2)], { merge: "add" })', [4], [2]),
  sample('parallel([dense(2), tanh()], { merge: "multiply", name: "gate" })', [2], [2]),
  sample('parallel([dense(2), dense(2), linear()], { merge: "average" })', [2], [2]),
  sample('parallel([dense(2), sequential(dense(3), dense(2))], { merge: "maximum" })', [4], [2]),
  sample('concat(conv2d(2, 1), conv2d(1, 3, { padding: "same" }), linear())', [3, 3, 2], [3, 3, 5]),
];

/** Every function that makes a layer. */
export const names: readonly string[] = [...Object.keys(layers), "sequential"];

/** Runs a sample's source. */
export function make({ source }: Sample, random: object): Layer {
  const scope = { ...nn, random };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval -- the type checker needs them as text
  const run = new Function(...Object.keys(scope), `return ${source};`) as (
    ...args: unknown[]
  ) => Layer;
  return run(...Object.values(scope));
}
