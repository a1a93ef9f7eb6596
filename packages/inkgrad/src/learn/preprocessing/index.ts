/** Columns made ready for a model. */

export { labelEncoder } from "../../data/transforms/label-encoder.js";
export type { LabelEncoder } from "../../data/transforms/label-encoder.js";
export { labelBinarizer, labelBinarizerOf } from "./label-binarizer.js";
export type { LabelBinarizer, LabelBinarizerOptions } from "./label-binarizer.js";
export { standardScaler } from "./standard-scaler.js";
export type {
  FittedStandardScaler,
  StandardScaler,
  StandardScalerLearner,
  StandardScalerOptions,
} from "./standard-scaler.js";
export { minMaxScaler } from "./min-max-scaler.js";
export type { FittedMinMaxScaler, MinMaxScalerOptions } from "./min-max-scaler.js";
export { maxAbsScaler } from "./max-abs-scaler.js";
export type { FittedMaxAbsScaler } from "./max-abs-scaler.js";
export { robustScaler } from "./robust-scaler.js";
export type { FittedRobustScaler, RobustScalerOptions } from "./robust-scaler.js";
export { normalizer } from "./normalizer.js";
export type { FittedNormalizer, Norm, NormalizerOptions } from "./normalizer.js";
export { imputer } from "./imputer.js";
export type { FittedImputer, ImputerOptions, ImputerStrategy } from "./imputer.js";
export { oneHotEncoder } from "./one-hot-encoder.js";
export type { FittedOneHotEncoder, OneHotEncoderOptions } from "./one-hot-encoder.js";
export { ordinalEncoder } from "./ordinal-encoder.js";
export type { FittedOrdinalEncoder, OrdinalEncoderOptions } from "./ordinal-encoder.js";
export { polynomialFeatures } from "./polynomial-features.js";
export type { FittedPolynomialFeatures, PolynomialFeaturesOptions } from "./polynomial-features.js";
export { discretizer } from "./discretizer.js";
export type { DiscretizerOptions, FittedDiscretizer } from "./discretizer.js";
export { pca } from "./pca.js";
export type { FittedPca, PcaOptions } from "./pca.js";
export { varianceThreshold } from "./variance-threshold.js";
export type { FittedVarianceThreshold, VarianceThresholdOptions } from "./variance-threshold.js";
export { selectKBest, selectPercentile } from "./select-univariate.js";
export type {
  FittedUnivariateSelection,
  SelectKBestOptions,
  SelectPercentileOptions,
  UnivariateScore,
} from "./select-univariate.js";
export { selectFromModel } from "./select-from-model.js";
export type {
  FittedSelectFromModel,
  SelectFromModelOptions,
  WithCoefficients,
} from "./select-from-model.js";
export { countVectorizer } from "./count-vectorizer.js";
export type { CountVectorizerOptions, FittedVectorizer } from "./count-vectorizer.js";
export { tfidfVectorizer } from "./tfidf-vectorizer.js";
export type { FittedTfidfVectorizer, TfidfVectorizerOptions } from "./tfidf-vectorizer.js";
export type { FittedSelection } from "./kept-columns.js";
export type { Cell } from "../input/cells.js";
