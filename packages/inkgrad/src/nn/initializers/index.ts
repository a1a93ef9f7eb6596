export type { Initializer } from "./initializer.js";
export type { NormalOptions, UniformOptions } from "./plain.js";
export { constant, normal, ones, truncatedNormal, uniform, zeros } from "./plain.js";
export { orthogonal } from "./orthogonal.js";
export type { OrthogonalOptions } from "./orthogonal.js";
export {
  glorotNormal,
  glorotUniform,
  heNormal,
  heUniform,
  lecunNormal,
  lecunUniform,
  varianceScaling,
} from "./variance-scaling.js";
export type { VarianceScalingOptions } from "./variance-scaling.js";
