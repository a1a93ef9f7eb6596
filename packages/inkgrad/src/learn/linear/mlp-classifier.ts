import { ValueError } from "../../base/errors.js";
import { tensorOf } from "../../data/tensor-of.js";
import type { ActivationName } from "../../nn/activations.js";
import { earlyStopping } from "../../nn/callbacks/early-stopping.js";
import { inference } from "../../nn/layer.js";
import { chain } from "../../nn/layers/chain.js";
import { dense } from "../../nn/layers/dense.js";
import { model } from "../../nn/model.js";
import { adam } from "../../nn/optimizers/adam.js";
import { tensorsOf, withTensors } from "../../nn/optimizers/trees.js";
import { tensor } from "../../tensor/functions/create.js";
import { elementsOf } from "../../tensor/operand.js";
import { key } from "../../tensor/random/key.js";
import type { Tensor } from "../../tensor/tensor.js";
import { encoded, weightsOf } from "../input/labels.js";
import { denseOf, namesOf } from "../input/matrix.js";
import type { State } from "../saving/state.js";
import type { Classifier, FittedClassifier, FitOptions, Label, Labels, Matrix } from "../types.js";
import { type ClassWeight, withClassWeight } from "./class-weight.js";
import { matrixTensor, vectorTensor } from "./linear-model.js";
import { probabilitiesOf, winners } from "./probabilities.js";
import { convergenceWarning, type FitWarning, type OnWarning, printWarning } from "./warnings.js";

export interface MlpClassifierOptions {
  /** Units of each hidden layer (default [100]); none: softmax regression. */
  readonly hidden?: readonly number[];
  /** Default "relu". */
  readonly activation?: ActivationName;
  /** Of Adam (default 1e-3). */
  readonly learningRate?: number;
  /** The penalty ½ l2 ‖W‖² on the weights, beside the mean loss (default 1e-4). */
  readonly l2?: number;
  /** Passes over the rows at most (default 200). */
  readonly epochs?: number;
  /** Rows of a step (default 200, or all if they are fewer). */
  readonly batchSize?: number;
  /** This share of the rows is held out, and training ends when their loss gets no better (default 0: none). */
  readonly validationFraction?: number;
  /** Epochs without a better loss, by 1e-4, before training ends (default 10). */
  readonly patience?: number;
  readonly classWeight?: ClassWeight;
  /** For first values and the order of rows (default 0). */
  readonly seed?: number;
}

export interface FittedMlpClassifier<L extends Label = Label> extends FittedClassifier<L> {
  /** The mean loss of each epoch. */
  readonly losses: Float64Array;
  readonly converged: boolean;
  readonly warnings: readonly FitWarning[];
  predict(x: Matrix): L[];
  predictProba(x: Matrix): Tensor<[number, number], "f64">;
  decisionFunction(x: Matrix): Tensor<number[], "f64">;
}

export interface MlpClassifier extends Classifier {
  fit<L extends Label>(
    x: Matrix,
    y: Labels<L>,
    options?: FitOptions & { readonly onWarning?: OnWarning },
  ): Promise<FittedMlpClassifier<L>>;
}

interface MlpClassifierState extends State {
  readonly kind: "mlpClassifier";
  readonly names: readonly string[] | null;
  readonly features: number;
  readonly classes: readonly Label[];
  readonly hidden: readonly number[];
  readonly activation: string;
  /** Kernels and biases, in the order of the model's parameters. */
  readonly weights: readonly Float64Array[];
  readonly losses: Float64Array;
  readonly converged: boolean;
  readonly warnings: readonly { readonly name: string; readonly message: string }[];
}

/**
 * A network of dense layers that ends in softmax, trained by Adam. Computes in f32; columns should be standardised
 * (`preprocessing.standardScaler`).
 *
 * @source scikit-learn `MLPClassifier`
 */
export const mlpClassifier = (options: MlpClassifierOptions = {}): MlpClassifier => ({
  kind: "mlpClassifier",
  options: { ...options },
  async fit<L extends Label>(
    x: Matrix,
    y: Labels<L>,
    {
      sampleWeight,
      onWarning = printWarning,
    }: FitOptions & { readonly onWarning?: OnWarning } = {},
  ) {
    const op = "mlpClassifier.fit";
    const { hidden = [100], activation = "relu", learningRate = 1e-3, l2 = 1e-4 } = options;
    const { epochs = 200, validationFraction = 0, patience = 10, seed = 0 } = options;
    if (
      !Array.isArray(hidden) ||
      hidden.some((units) => !(Number.isSafeInteger(units) && units >= 1))
    )
      throw new ValueError(
        `${op}: hidden must be numbers of units, such as [100, 50], got ${JSON.stringify(hidden)}`,
      );
    const matrix = denseOf(x, op);
    const labels = encoded(y, matrix.rows, op);
    const { classes, numbers } = labels;
    if (classes.length < 2)
      throw new ValueError(`${op}: y has one class only; there must be two at least to tell apart`);
    const weights = withClassWeight(
      weightsOf(sampleWeight, matrix.rows, op),
      options.classWeight,
      labels,
      op,
    );
    const trained = await network(hidden, activation, classes.length)
      .compile({
        loss: "sparseCategoricalCrossEntropy",
        optimizer: adam(learningRate, { l2 }),
      })
      .fit(
        {
          x: single(matrix.values, matrix.rows, matrix.columns),
          y: tensor(numbers, { dtype: "i32" }),
          ...(weights === null ? {} : { weights: tensor(Float32Array.from(weights)) }),
        },
        {
          epochs,
          batchSize: options.batchSize ?? Math.min(200, matrix.rows),
          seed,
          callbacks: [earlyStopping({ patience, minDelta: 1e-4 })],
          ...(validationFraction > 0 ? { validationSplit: validationFraction } : {}),
        },
      );
    const converged = trained.stopped !== null;
    const warnings = converged
      ? []
      : [
          convergenceWarning(
            `${op}: the loss was still falling after ${epochs} epochs; raise epochs or the learning rate, ` +
              "and scale the columns (standardScaler)",
          ),
        ];
    warnings.forEach(onWarning);
    return restoreMlpClassifier<L>({
      kind: "mlpClassifier",
      names: namesOf(x),
      features: matrix.columns,
      classes,
      hidden,
      activation,
      weights: tensorsOf(trained.params).map((one) =>
        Float64Array.from(elementsOf(one.node) as Float32Array),
      ),
      losses: Float64Array.from(trained.history.column("loss")),
      converged,
      warnings: warnings.map(({ name, message }) => ({ name, message })),
    });
  },
});

const network = (hidden: readonly number[], activation: string, classes: number) =>
  model(
    chain([
      ...hidden.map((units) => dense(units, { activation: activation as ActivationName })),
      dense(classes),
    ]),
  );

const single = (values: Float64Array | Float32Array, rows: number, columns: number): Tensor =>
  tensorOf(Float32Array.from(values), [rows, columns], "f32");

export function restoreMlpClassifier<L extends Label>(
  state: MlpClassifierState,
): FittedMlpClassifier<L> {
  const { features, names, hidden, activation } = state;
  const classes = state.classes as readonly L[];
  const like = { features, featureNames: names };
  const made = network(hidden, activation, classes.length);
  const first = made.init(key(0), [features]);
  const params = withTensors(
    first,
    tensorsOf(first).map(({ shape }, i) =>
      tensorOf(Float32Array.from(state.weights[i]), shape, "f32"),
    ),
  );
  const logits = (x: Matrix, op: string): { rows: number; z: Float64Array } => {
    const { rows, columns, values } = denseOf(x, `mlpClassifier.${op}`, { like });
    const out = made.apply(params, single(values, rows, columns), inference);
    return { rows, z: Float64Array.from(elementsOf(out.node) as Float32Array) };
  };
  return {
    state,
    ...like,
    classes,
    losses: state.losses,
    converged: state.converged,
    warnings: state.warnings as readonly FitWarning[],
    predict(x) {
      const { rows, z } = logits(x, "predict");
      return Array.from(winners(z, rows), (k) => classes[k]);
    },
    predictProba(x) {
      const { rows, z } = logits(x, "predictProba");
      return matrixTensor(probabilitiesOf(z, rows, "multinomial"), rows, classes.length);
    },
    decisionFunction(x) {
      const { rows, z } = logits(x, "decisionFunction");
      if (classes.length > 2) return matrixTensor(z, rows, classes.length);
      return vectorTensor(Float64Array.from({ length: rows }, (_, i) => z[2 * i + 1] - z[2 * i]));
    },
  };
}
