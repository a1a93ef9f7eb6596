import {
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
  /** Share of the averaged weights that stays after a step; 0: weights are not averaged. */
  readonly averaging: number;
}

/** The numbers. */
const settings = {
  softmax: { epochs: 8, batch: 256, lr: 3e-3, dropout: 0, augment: false, averaging: 0 },
  mlp: { epochs: 12, batch: 128, lr: 2e-3, dropout: 0.2, augment: false, averaging: 0 },
  cnn: { epochs: 8, batch: 128, lr: 2e-3, dropout: 0.4, augment: false, averaging: 0 },
  best: { epochs: 30, batch: 128, lr: 2e-3, dropout: 0.4, augment: true, averaging: 0.999 },
} as const;

/** What `--augment` does to pictures: limits to both sides, of degrees, shares and pixels. */
export const distortion: RandomWarpOptions = {
  rotate: 10,
  scale: 0.1,
  shear: 8,
  translate: 2,
  elastic: { alpha: 20, sigma: 5 },
};

export const recipes: Readonly<Record<ModelName, Recipe>> = {
  softmax: {
    about: "softmax regression: a weight for each pixel and class",
    ...settings.softmax,
    optimizer: "adam",
    schedule: "cosine",
    build: ({ shape, classes }) => network(shape, flatten(), dense(classes)),
  },
  mlp: {
    about: "two hidden layers of units that see every pixel",
    ...settings.mlp,
    optimizer: "adam",
    schedule: "oneCycle",
    build: ({ shape, classes }, { width = 1, dropout: rate = settings.mlp.dropout }) =>
      network(
        shape,
        flatten(),
        ...[dense(scaled(512, width)), relu(), dropout(rate)],
        ...[dense(scaled(256, width)), relu(), dropout(rate)],
        dense(classes),
      ),
  },
  cnn: {
    about: "a small convolutional network",
    ...settings.cnn,
    optimizer: "adam",
    schedule: "oneCycle",
    build: (task, { width = 1, dropout: rate = settings.cnn.dropout }) =>
      convolutional(task, { filters: [16, 32, 64], units: 128, width, rate }),
  },
  best: {
    about: "a larger convolutional network, on distorted pictures, its weights averaged",
    ...settings.best,
    optimizer: "adam",
    schedule: "oneCycle",
    build: (task, { width = 1, dropout: rate = settings.best.dropout }) =>
      convolutional(task, { filters: [32, 64, 128], units: 256, width, rate }),
  },
};

/** Bytes become 0 … 1 in the model itself, so that it takes pictures as they are. */
const network = (shape: readonly number[], ...layers: readonly Layer[]): Model =>
  sequential(input(...shape), rescale(), ...layers);

function convolutional(
  { shape, classes }: Task,
  of: { filters: readonly number[]; units: number; width: number; rate: number },
): Model {
  const blocks = of.filters.flatMap((filters, i): Layer[] => {
    const convolution = conv2d(scaled(filters, of.width), 3, { padding: "same" });
    // Three times pooling leaves nothing of small pictures.
    const pool = Math.min(shape[0], shape[1]) >> (i + 1) >= 1 ? [maxPool2d(2)] : [];
    return [convolution, relu(), ...pool];
  });
  const head = [dense(scaled(of.units, of.width)), relu(), dropout(of.rate), dense(classes)];
  return network(shape, ...blocks, flatten(), ...head);
}

const scaled = (units: number, width: number): number => Math.max(Math.round(units * width), 1);
