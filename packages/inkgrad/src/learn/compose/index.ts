/** Estimators put together. */

export { columnTransformer } from "./column-transformer.js";
export type {
  ColumnTransformerOptions,
  FittedColumnTransformer,
  FittedPart,
  Part,
} from "./column-transformer.js";
export { pipeline } from "./pipeline.js";
export type {
  FittedSteps,
  Pipeline,
  PipelineClassifier,
  PipelineRegressor,
  Steps,
} from "./pipeline-types.js";
