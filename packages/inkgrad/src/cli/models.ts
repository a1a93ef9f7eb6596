import {
  batchNorm,
  conv2d,
  dense,
  dropout,
  flatten,
  input,
  type Layer,
  maxPool2d,
  type Model,
  relu,
  rescale,
  sequential,
} from "../nn/index.js";
import type { RandomWarpOptions } from "../data/transforms/index.js";
import type { ModelName } from "./names.js";

/**
 * The networks that the command trains, and how. All choices were made on a held-out part of the
 * training set, never on the test set.
 */

/** What an example looks like, and how many classes there are. */
export interface Task {
  /** [h, w, c] */
  readonly shape: readonly number[];
  readonly classes: number;
}

/** What `tune` changes of a network. */
export interface Variation {
  /** Units and filters are multiplied with this (default 1). */
  readonly width?: number;
  /** Share of numbers that dropout clears (default: the recipe's). */
  readonly dropout?: number;
}

export interface Recipe {
  /** In a few words. */
  readonly about: string;
  readonly build: (task: Task, variation: Variation) => Model;
  readonly epochs: number;
  readonly batch: number;
  readonly optimizer: string;
  /** The greatest learning rate. */
  readonly lr: number;
  readonly schedule: "constant" | "cosine" | "oneCycle";
  readonly dropout: number;
  /** Does each step learn from pictures that are turned, shifted and distorted? */
  readonly augment: boolean;
  readonly distortion: RandomWarpOptions;
  /** Share of the averaged weights that stays after a step; 0: weights are not averaged. */
  readonly averaging: number;
}

/** What distorted pictures are: limits to both sides, of degrees, shares and pixels. */
const distortions = {
  light: { rotate: 8, scale: 0.08, shear: 5, translate: 1.5 },
  strong: { rotate: 10, scale: 0.1, shear: 5, translate: 2, elastic: { alpha: 14, sigma: 4 } },
} as const satisfies { [name: string]: RandomWarpOptions };

/** The numbers. */
const settings = {
  softmax: { epochs: 8, batch: 128, lr: 5e-3, dropout: 0, augment: false, averaging: 0 },
  mlp: { epochs: 10, batch: 128, lr: 2e-3, dropout: 0.1, augment: true, averaging: 0 },
  cnn: { epochs: 9, batch: 128, lr: 3e-3, dropout: 0.3, augment: true, averaging: 0 },
  best: { epochs: 40, batch: 128, lr: 3e-3, dropout: 0.3, augment: true, averaging: 0.999 },
} as const;

export const recipes: Readonly<Record<ModelName, Recipe>> = {
  softmax: {
    about: "softmax regression: a weight for each pixel and class",
    ...settings.softmax,
    distortion: distortions.light,
    optimizer: "adam",
    schedule: "oneCycle",
    build: ({ shape, classes }) => network(shape, flatten(), dense(classes)),
  },
  mlp: {
    about: "two hidden layers of units that see every pixel, on pictures a little distorted",
    ...settings.mlp,
    distortion: distortions.light,
    optimizer: "adam",
    schedule: "oneCycle",
    build: ({ shape, classes }, { width = 1, dropout: rate = settings.mlp.dropout }) =>
      network(
        shape,
        flatten(),
        ...[hidden(scaled(512, width)), relu(), dropout(rate)],
        ...[hidden(scaled(256, width)), relu(), dropout(rate)],
        dense(classes),
      ),
  },
  cnn: {
    about: "a small convolutional network, on pictures a little distorted",
    ...settings.cnn,
    distortion: distortions.light,
    optimizer: "adam",
    schedule: "oneCycle",
    build: convolutional,
  },
  best: {
    about: "a deeper convolutional network, on distorted pictures, its weights averaged",
    ...settings.best,
    distortion: distortions.strong,
    optimizer: "adam",
    schedule: "oneCycle",
    build: deep,
  },
};

/** Bytes become 0 … 1 in the model itself, so that it takes pictures as they are. */
const network = (shape: readonly number[], ...layers: readonly Layer[]): Model =>
  sequential(input(...shape), rescale(), ...layers);

const hidden = (units: number): Layer => dense(units, { kernelInitializer: "heNormal" });

/** Filters of 3×3 pixels. What is cut off at the border of MNIST's pictures is empty; small pictures are not cut. */
const filters = (count: number, { shape }: Task, bias: boolean): Layer =>
  conv2d(count, 3, {
    padding: Math.min(shape[0], shape[1]) >= 24 ? "valid" : "same",
    kernelInitializer: "heNormal",
    bias,
  });

/** Twice: two convolutions, then the greatest of each 2×2 pixels; and a hidden layer. */
function convolutional(
  task: Task,
  { width = 1, dropout: rate = settings.cnn.dropout }: Variation,
): Model {
  const layers = (count: number): Layer[] => [
    ...[filters(scaled(count, width), task, true), relu()],
    ...[filters(scaled(count, width), task, true), relu()],
    maxPool2d(2),
  ];
  return network(
    task.shape,
    ...layers(16),
    ...layers(32),
    flatten(),
    dropout(rate),
    hidden(scaled(128, width)),
    relu(),
    dropout(rate),
    dense(task.classes),
  );
}

/** Six convolutions, each normalised over the batch, which takes the place of the bias; no hidden layer. */
function deep(task: Task, { width = 1, dropout: rate = settings.best.dropout }: Variation): Model {
  const layers = (...counts: readonly number[]): Layer[] =>
    counts.flatMap((count) => [filters(scaled(count, width), task, false), batchNorm(), relu()]);
  return network(
    task.shape,
    ...layers(24, 32),
    maxPool2d(2),
    ...layers(64, 64, 96, 128),
    flatten(),
    dropout(rate),
    dense(task.classes),
  );
}

const scaled = (units: number, width: number): number => Math.max(Math.round(units * width), 1);
