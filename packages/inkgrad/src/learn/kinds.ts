import { calibrationKinds } from "./calibration/kinds.js";
import { composeKinds } from "./compose/kinds.js";
import { imbalanceKinds } from "./imbalance/kinds.js";
import { linearKinds } from "./linear/kinds.js";
import { preprocessingKinds } from "./preprocessing/kinds.js";
import { type Kinds, makerOf } from "./saving/kinds.js";

/** All estimators there are, gathered from their folders. */
export const kinds: Kinds = {
  ...preprocessingKinds,
  ...composeKinds,
  ...linearKinds,
  ...calibrationKinds,
  ...imbalanceKinds,
};

export const { make, restore } = makerOf(kinds);
