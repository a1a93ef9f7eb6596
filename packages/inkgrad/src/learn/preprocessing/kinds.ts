import type { Kinds } from "../saving/kinds.js";
import { restoreStandardScaler, standardScaler } from "./standard-scaler.js";
import { minMaxScaler, restoreMinMaxScaler } from "./min-max-scaler.js";
import { maxAbsScaler, restoreMaxAbsScaler } from "./max-abs-scaler.js";
import { restoreRobustScaler, robustScaler } from "./robust-scaler.js";
import { normalizer, restoreNormalizer } from "./normalizer.js";
import { imputer, restoreImputer } from "./imputer.js";
import { oneHotEncoder, restoreOneHotEncoder } from "./one-hot-encoder.js";
import { ordinalEncoder, restoreOrdinalEncoder } from "./ordinal-encoder.js";
import { polynomialFeatures, restorePolynomialFeatures } from "./polynomial-features.js";
import { discretizer, restoreDiscretizer } from "./discretizer.js";
import { pca, restorePca } from "./pca.js";
import { restoreVarianceThreshold, varianceThreshold } from "./variance-threshold.js";
import { restoreUnivariate, selectKBest, selectPercentile } from "./select-univariate.js";
import { restoreSelectFromModel, selectFromModel } from "./select-from-model.js";
import { countVectorizer, restoreCountVectorizer } from "./count-vectorizer.js";
import { restoreTfidfVectorizer, tfidfVectorizer } from "./tfidf-vectorizer.js";

export const preprocessingKinds: Kinds = {
  standardScaler: { make: standardScaler, restore: restoreStandardScaler },
  minMaxScaler: { make: minMaxScaler, restore: restoreMinMaxScaler },
  maxAbsScaler: { make: maxAbsScaler, restore: restoreMaxAbsScaler },
  robustScaler: { make: robustScaler, restore: restoreRobustScaler },
  normalizer: { make: normalizer, restore: restoreNormalizer },
  imputer: { make: imputer, restore: restoreImputer },
  oneHotEncoder: { make: oneHotEncoder, restore: restoreOneHotEncoder },
  ordinalEncoder: { make: ordinalEncoder, restore: restoreOrdinalEncoder },
  polynomialFeatures: { make: polynomialFeatures, restore: restorePolynomialFeatures },
  discretizer: { make: discretizer, restore: restoreDiscretizer },
  pca: { make: pca, restore: restorePca },
  varianceThreshold: { make: varianceThreshold, restore: restoreVarianceThreshold },
  selectKBest: { make: selectKBest, restore: restoreUnivariate },
  selectPercentile: { make: selectPercentile, restore: restoreUnivariate },
  selectFromModel: { make: selectFromModel, restore: restoreSelectFromModel },
  countVectorizer: { make: countVectorizer, restore: restoreCountVectorizer },
  tfidfVectorizer: { make: tfidfVectorizer, restore: restoreTfidfVectorizer },
};
