import type { Kinds } from "../saving/kinds.js";
import { restoreLogisticRegression } from "./fitted-logistic-regression.js";
import { linearRegression, restoreLinearRegression, ridge } from "./linear-regression.js";
import { logisticRegression } from "./logistic-regression.js";
import { mlpClassifier, restoreMlpClassifier } from "./mlp-classifier.js";
import { multiLabel, restoreMultiLabel } from "./multi-label.js";
import { perceptron, restorePerceptron } from "./perceptron.js";

export const linearKinds: Kinds = {
  linearRegression: { make: linearRegression, restore: restoreLinearRegression },
  logisticRegression: { make: logisticRegression, restore: restoreLogisticRegression },
  mlpClassifier: { make: mlpClassifier, restore: restoreMlpClassifier },
  multiLabel: { make: multiLabel, restore: restoreMultiLabel },
  perceptron: { make: perceptron, restore: restorePerceptron },
  ridge: { make: ridge, restore: restoreLinearRegression },
};
