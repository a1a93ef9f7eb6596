import { calibrationKinds } from "./calibration/kinds.js";
import { linearKinds } from "./linear/kinds.js";
import { imbalanceKinds } from "./imbalance/kinds.js";
import { preprocessingKinds } from "./preprocessing/kinds.js";
import { makerOf } from "./saving/kinds.js";

/** All estimators there are, gathered from their folders. */
export const { make, restore } = makerOf({
  ...preprocessingKinds,
  ...linearKinds,
  ...calibrationKinds,
  ...imbalanceKinds,
});
