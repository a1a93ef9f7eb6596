import type { Kinds } from "../saving/kinds.js";
import type { Classifier } from "../types.js";
import { calibrated, type CalibratedOptions, restoreCalibrated } from "./calibrated.js";

export const calibrationKinds: Kinds = {
  calibrated: {
    make: ({ estimator, ...options }: CalibratedOptions & { estimator: Classifier }) =>
      calibrated(estimator, options),
    restore: restoreCalibrated,
  },
};
