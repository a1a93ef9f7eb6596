import { random } from "inkgrad";
import { csv, type Table } from "inkgrad/data";
import {
  calibration,
  columnTransformer,
  imbalance,
  linearRegression,
  logisticRegression,
  mlpClassifier,
  multiLabel,
  perceptron,
  pipeline,
  preprocessing,
  ridge,
  sparseRows,
} from "inkgrad/learn";
import type { kinds } from "@src/learn/kinds.js";
import { encoded } from "@src/learn/input/labels.js";
import { denseOf } from "@src/learn/input/matrix.js";
import type { Matrix, Estimator, Features, Fitted, Labels } from "@src/learn/types.js";

/** One estimator of each kind, with what it is fitted on: a kind without a sample does not compile. */
export interface Sample {
  readonly estimator: Estimator;
  readonly x: Features;
  readonly y?: Labels;
  /** What becomes of NaN: refused, or let through as a missing value. */
  readonly missing: "refused" | "passed";
  /** Does it take sparse rows? Undefined where X holds texts. */
  readonly sparse?: "kept" | "refused";
}

export const numbers: Table = csv.decode(
  "age,fare,height\n22,7.25,1\n38,71.28,2\n26,7.92,0\n35,53.1,3\n35,8.05,0\n54,51.86,4\n2,21.07,1\n27,11.13,2",
);
export const y = ["a", "b", "a", "b", "a", "b", "a", "b"];
export const words: Table = csv.decode(
  "sex,port\nmale,S\nfemale,C\nmale,S\nfemale,Q\nmale,S\nmale,C\nfemale,S\nmale,Q",
);
const texts = ["the cat sat", "the dog sat", "a cat", "the end"];

/** The difference between the means of two classes, which is enough of a model to choose columns by. */
export const differences = () => ({
  kind: "differences",
  options: {},
  async fit(x: Matrix, labels: Labels) {
    const { rows, columns, values } = denseOf(x, "differences.fit");
    const { numbers: classes } = encoded(labels, rows, "differences.fit");
    const coefficients = new Float64Array(columns);
    values.forEach((value: number, i: number) => {
      coefficients[i % columns] += classes[Math.floor(i / columns)] === 1 ? value : -value;
    });
    const state = { kind: "differences" };
    return { state, features: columns, featureNames: null, coefficients };
  },
});

export const mixed: Table = csv.decode(
  "age,sex,fare\n22,male,7.25\n38,female,71.28\n26,male,7.92\n35,female,53.1\n35,male,8.05\n54,male,51.86\n2,female,21.07\n27,male,11.13",
);

const of = preprocessing;
const plain = (estimator: Estimator, sparse: "kept" | "refused"): Sample => ({
  estimator,
  x: numbers,
  missing: "refused",
  sparse,
});

/** A model: its own tests hold sparse rows against dense ones. */
const predicting = (estimator: Estimator, labels: Labels = y): Sample => ({
  estimator,
  x: numbers,
  y: labels,
  missing: "refused",
});
const targets = [1, 2.5, 0, 4, 3, 1, 2, 2];
const tags = targets.map((target, i) => [Number(target > 1.5), i % 2]);
const logistic = logisticRegression({ C: 0.5 });
const network = mlpClassifier({
  hidden: [3],
  epochs: 40,
  learningRate: 0.02,
  patience: 2,
  validationFraction: 0.25,
});

export const samples: Readonly<Record<keyof typeof kinds, Sample>> = {
  logisticRegression: predicting(logistic),
  linearRegression: predicting(linearRegression(), targets),
  ridge: predicting(ridge({ alpha: 2 }), targets),
  perceptron: predicting(perceptron({ seed: 1 })),
  multiLabel: predicting(multiLabel({ C: 2 }), tags as never),
  mlpClassifier: predicting(network),
  calibrated: predicting(calibration.calibrated(logistic, { folds: 2 })),
  withThreshold: predicting(imbalance.withThreshold(logistic, { threshold: 0.3 })),
  resampled: predicting(
    imbalance.resampled(logistic, imbalance.randomOverSampler({ key: random.key(0) })),
  ),
  standardScaler: { ...plain(of.standardScaler({ mean: false }), "kept"), missing: "passed" },
  minMaxScaler: { ...plain(of.minMaxScaler({ range: [-1, 2] }), "refused"), missing: "passed" },
  maxAbsScaler: { ...plain(of.maxAbsScaler(), "kept"), missing: "passed" },
  robustScaler: { ...plain(of.robustScaler({ center: false }), "kept"), missing: "passed" },
  normalizer: plain(of.normalizer({ norm: "l1" }), "kept"),
  imputer: {
    ...plain(of.imputer({ strategy: "median", indicator: true }), "kept"),
    missing: "passed",
  },
  oneHotEncoder: {
    estimator: of.oneHotEncoder({ drop: "ifBinary" }),
    x: words,
    missing: "refused",
  },
  ordinalEncoder: { estimator: of.ordinalEncoder({ unknown: -1 }), x: words, missing: "refused" },
  polynomialFeatures: plain(of.polynomialFeatures({ degree: 2 }), "kept"),
  discretizer: plain(of.discretizer({ bins: 3, encode: "oneHot" }), "refused"),
  pca: plain(of.pca({ components: 2, whiten: true }), "refused"),
  varianceThreshold: {
    ...plain(of.varianceThreshold({ threshold: 1 }), "kept"),
    missing: "passed",
  },
  selectKBest: { ...plain(of.selectKBest({ k: 2 }), "kept"), y },
  selectPercentile: { ...plain(of.selectPercentile({ percentile: 60 }), "kept"), y },
  selectFromModel: {
    ...plain(of.selectFromModel({ estimator: differences() }), "kept"),
    y,
  },
  countVectorizer: {
    estimator: of.countVectorizer({ ngrams: [1, 2] }),
    x: texts,
    missing: "refused",
  },
  tfidfVectorizer: { estimator: of.tfidfVectorizer({ minDf: 1 }), x: texts, missing: "refused" },
  columnTransformer: {
    estimator: columnTransformer({
      parts: [
        {
          name: "numbers",
          columns: { types: ["number", "integer"] },
          transformer: of.standardScaler(),
        },
        { name: "words", columns: ["sex"], transformer: of.oneHotEncoder() },
      ],
    }),
    x: mixed,
    missing: "passed",
  },
  pipeline: {
    ...plain(pipeline([of.standardScaler(), pipeline([of.pca({ components: 2 })])]), "refused"),
  },
};

/** The first rows of X, in the same form. */
export function head(x: Features, rows: number): Features {
  if (Array.isArray(x)) return x.slice(0, rows) as never;
  const table = x as Table;
  const columns = Object.create(null) as Record<string, Table["columns"][string]>;
  for (const name of table.names) {
    const column = table.columns[name];
    columns[name] = { ...column, values: column.values.slice(0, rows) } as never;
  }
  return { ...table, rows, columns };
}

export const asSparse = (table: Table) => {
  const lists = table.names.map((name) => csv.numbers(table, name));
  const starts = [0];
  const [indices, values]: [number[], number[]] = [[], []];
  for (let row = 0; row < table.rows; row++) {
    lists.forEach((list, k) => {
      if (list[row] === 0) return;
      indices.push(k);
      values.push(list[row]);
    });
    starts.push(indices.length);
  }
  return sparseRows({ columns: lists.length, starts, indices, values });
};

/** All that a fitted object gives for X. */
export function outputsOf(fitted: Fitted, x: Features): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const name of ["transform", "predict", "predictProba", "decisionFunction"]) {
    const method = (fitted as unknown as Record<string, unknown>)[name];
    if (typeof method !== "function") continue;
    const result = (method as (x: Features) => unknown)(x) as { toArray?: () => unknown };
    out[name] = typeof result.toArray === "function" ? result.toArray() : result;
  }
  return out;
}
