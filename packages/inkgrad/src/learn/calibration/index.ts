/** Probabilities that mean what they say. */

export { calibrated } from "./calibrated.js";
export type { CalibratedOptions, FittedCalibrated } from "./calibrated.js";
export type { CalibrationMethod, Curve } from "./curves.js";
export { isotonicCalibration, sigmoidCalibration } from "./curve-functions.js";
export type { Calibration } from "./curve-functions.js";
export { isotonicRegression } from "./isotonic-regression.js";
export type { IsotonicRegressionOptions } from "./isotonic-regression.js";
export { temperatureScaling } from "./temperature-scaling.js";
export type { TemperatureScaling } from "./temperature-scaling.js";
