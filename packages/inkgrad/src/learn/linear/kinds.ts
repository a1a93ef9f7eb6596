import type { Kinds } from "../saving/kinds.js";
import { restoreLogisticRegression } from "./fitted-logistic-regression.js";
import { logisticRegression } from "./logistic-regression.js";

export const linearKinds = {
  logisticRegression: { make: logisticRegression, restore: restoreLogisticRegression },
} satisfies Kinds;
