import { UsageError } from "../errors.js";
import { type Recipe, recipes, type Variation } from "../models.js";
import { type ModelName, modelNames } from "../names.js";
import { optimizerName } from "./learning.js";
import type { Intake } from "./pictures-in.js";

/** What a training is asked to be: from the command line, or from the run that is gone on with. */

/** As the command line gives it. */
export interface TrainOptions {
  readonly model?: ModelName;
  readonly epochs?: number;
  readonly batch?: number;
  readonly lr?: number;
  readonly optimizer?: string;
  readonly augment?: boolean;
  readonly seed?: number;
  readonly threads?: number;
  readonly data?: string;
  readonly limit?: number;
  readonly heldOut?: number;
  readonly out?: string;
  readonly resume?: boolean;
  readonly json?: boolean;
}

/** Everything that the result depends on. Written to `run.json`. */
export interface Settings {
  readonly model: ModelName;
  readonly epochs: number;
  readonly batch: number;
  readonly lr: number;
  readonly optimizer: string;
  readonly schedule: Recipe["schedule"];
  readonly augment: boolean;
  readonly averaging: number;
  readonly variation: Variation;
  readonly seed: number;
  /** Training images that are kept for curves; default: 1 in 60. */
  readonly heldOut: number;
  /** The folder of MNIST's files or of pictures; "generated"; nothing: wherever digits are found. */
  readonly data?: string;
  readonly limit?: number;
  readonly intake: Intake;
}

/** What was asked for, and for all else the recipe's numbers. */
export function settingsOf(options: TrainOptions, intake: Intake, trainImages: number): Settings {
  const name = options.model ?? "cnn";
  if (!modelNames.includes(name))
    throw new UsageError(`there is no model "${String(name)}"; choose ${modelNames.join(", ")}`);
  const recipe = recipes[name];
  return {
    model: name,
    epochs: options.epochs ?? recipe.epochs,
    batch: options.batch ?? recipe.batch,
    lr: options.lr ?? recipe.lr,
    optimizer: optimizerName(options.optimizer ?? recipe.optimizer),
    schedule: recipe.schedule,
    augment: options.augment ?? recipe.augment,
    averaging: recipe.averaging,
    variation: {},
    seed: options.seed ?? 0,
    heldOut: options.heldOut ?? Math.round(trainImages / 60),
    data: options.data,
    limit: options.limit,
    intake,
  };
}
