import type { Kinds } from "../saving/kinds.js";
import { restoreStandardScaler, standardScaler } from "./standard-scaler.js";

export const preprocessingKinds = {
  standardScaler: { make: standardScaler, restore: restoreStandardScaler },
} satisfies Kinds;
