/** Columns made ready for a model. */

export { standardScaler } from "./standard-scaler.js";
export type { FittedStandardScaler, StandardScalerOptions } from "./standard-scaler.js";
