/** Small data sets with known properties, made from a key. */

export { blobs } from "./blobs.js";
export type { Blobs, BlobsOptions } from "./blobs.js";
export { classification } from "./classification.js";
export type { Classification, ClassificationOptions, ColumnRoles } from "./classification.js";
export type { PlaneOptions, ToyClasses, ToyOptions, ToyPlane } from "./make.js";
export { circles, moons, spirals, xor } from "./plane.js";
export type { CirclesOptions, SpiralsOptions, TwoClassOptions, XorOptions } from "./plane.js";
export { regression } from "./regression.js";
export type { Regression, RegressionOptions } from "./regression.js";
