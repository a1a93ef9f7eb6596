import type { Classifier, Transformer } from "../../learn/types.js";
import type { Audit, ColumnAudit } from "../../learn/audit/index.js";
import { columnTransformer, pipeline } from "../../learn/compose/index.js";
import { logisticRegression, mlpClassifier } from "../../learn/linear/index.js";
import type { PenaltyName } from "../../learn/linear/penalty.js";
import * as preprocessing from "../../learn/preprocessing/index.js";
import { UsageError } from "../errors.js";

/** The pipeline for a table: what becomes of its columns, and the model behind them. */

export interface PlanOptions {
  readonly model: "logistic" | "mlp";
  readonly penalty: PenaltyName;
  readonly seed: number;
}

/** Categories of fewer rows share a column. */
const rareBelow = 10;
/** A category's columns at most. */
const mostColumns = 40;
const mostWords = 5000;

/** What is searched over: the strength of the penalty, or of the weights' decay. */
export const strengths = {
  logistic: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100],
  mlp: [0.1, 1, 10],
} as const;

/** The network: its weights decay by so much divided by C, and training ends when held-out rows say so. */
const network = { hidden: [64], l2: 1e-3, epochs: 500, validationFraction: 0.15 } as const;
/** Of few rows it takes small batches: otherwise an epoch would be a step or two. */
const batchOf = (rows: number): number => Math.min(200, Math.max(16, Math.round(rows / 20)));

/** The pipeline with a model of the strength C. */
export function planOf(audit: Audit, { model, penalty, seed }: PlanOptions) {
  if (model === "mlp" && penalty !== "l2")
    throw new UsageError(
      `--penalty ${penalty}: that is for --model logistic; the weights of a network decay, by as much as cross-validation finds best`,
    );
  const prepared = preparing(audit);
  return ({ C }: { readonly C: number }): Classifier =>
    pipeline([
      prepared,
      model === "mlp"
        ? mlpClassifier({ ...network, batchSize: batchOf(audit.rows), l2: network.l2 / C, seed })
        : logisticRegression({ penalty, C, maxIterations: 1000 }),
    ]);
}

function preparing(audit: Audit): Transformer {
  const ofRole = (role: ColumnAudit["role"]): readonly string[] =>
    audit.columns.filter((column) => column.role === role).map(({ name }) => name);
  const [numbers, categories, documents] = [ofRole("number"), ofRole("category"), ofRole("text")];
  if (numbers.length + categories.length + documents.length === 0)
    throw new UsageError(
      "there is no column left to learn from: all are identifiers, constants or empty",
    );
  const { imputer, oneHotEncoder, standardScaler, tfidfVectorizer } = preprocessing;
  const parts = [
    ...(numbers.length > 0
      ? [
          {
            name: "numbers",
            columns: numbers,
            transformer: pipeline([
              imputer({ strategy: "median", indicator: true }),
              standardScaler(),
            ]) as unknown as Transformer,
          },
        ]
      : []),
    ...(categories.length > 0
      ? [
          {
            name: "categories",
            columns: categories,
            transformer: oneHotEncoder({
              unknown: "infrequent",
              minFrequency: rareBelow,
              maxCategories: mostColumns,
              missing: "category",
              drop: "ifBinary",
            }) as Transformer,
          },
        ]
      : []),
    ...documents.map((column) => ({
      name: column,
      columns: [column],
      transformer: tfidfVectorizer({ minDf: 2, maxFeatures: mostWords }),
    })),
  ];
  return columnTransformer({ parts, prefix: false });
}
