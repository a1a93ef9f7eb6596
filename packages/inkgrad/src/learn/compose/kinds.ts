import type { Kinds } from "../saving/kinds.js";
import { columnTransformer, restoreColumnTransformer } from "./column-transformer.js";
import { pipeline, restorePipeline } from "./pipeline.js";
import type { Steps } from "./pipeline-types.js";

export const composeKinds: Kinds = {
  columnTransformer: { make: columnTransformer, restore: restoreColumnTransformer },
  pipeline: {
    make: ({ steps }: { readonly steps: Steps }) => pipeline(steps),
    restore: restorePipeline,
  },
};
