import { ValueError } from "../../base/errors.js";
import type { Shape } from "../../base/shape.js";
import { writeFileSafely } from "../../data/system-write.js";
import { storedElements } from "../../data/tensor-of.js";
import { concat } from "../../tensor/functions/join.js";
import { tensor } from "../../tensor/functions/create.js";
import type { Tensor } from "../../tensor/tensor.js";
import type { Json, Variables } from "../layer.js";
import { modelBytes } from "../saving/model-file.js";
import { summarize, type Summary } from "../summary.js";
import { evaluate, evaluateAll } from "./evaluate.js";
import { type Examples, requireBatch } from "./examples.js";
import { type EpochFigures, type History, historyOf } from "./history.js";
import type { FitOptions, Learner } from "./learner.js";
import { classesOf, type Output, probabilitiesOf } from "./output.js";
import { copy, type Start } from "./run.js";
import { type BatchSize, type BatchStream, requireBatchSize } from "./source.js";
import { statisticsOf } from "./statistics.js";
import { predictStep } from "./step.js";
import type { Figures, Tables } from "./tally.js";

/** What is known of a model besides its parameters. */
export interface TrainedFacts {
  /** Shape of an example. */
  readonly input: Shape;
  readonly output: Output;
  readonly history: readonly EpochFigures[];
  /** Why training ended early, if it did. */
  readonly stopped: string | null;
  /** Names of the classes, by number. */
  readonly classes?: readonly string[] | undefined;
  readonly preprocessing?: Json | undefined;
}

export interface SaveOptions {
  /** What is done to data before they come to the model: for whoever loads it. */
  readonly preprocessing?: Json;
  /** Names of the classes, by number (default: those of the data set). */
  readonly classes?: readonly string[];
}

export interface PredictOptions {
  /** Examples that are gone through at once (default 256). */
  readonly batchSize?: BatchSize;
}

/** What was saved. */
export interface Saved {
  readonly bytes: number;
  /** Are the layers in the file? If not, whoever loads it has to make them. */
  readonly withLayers: boolean;
  /** What to know about the file, if anything. */
  readonly note: string | null;
}

/** A model that has been trained. */
export class Trained {
  readonly params: Variables;
  /** What layers keep besides (running means). */
  readonly state: Variables;
  /** The figures of each epoch; as text a table. */
  readonly history: History;
  /** Why training ended early, if it did. */
  readonly stopped: string | null;
  /** Names of the classes, by number. */
  readonly classes: readonly string[] | undefined;
  /** What is done to data before they come to the model, as it was saved. */
  readonly preprocessing: Json | undefined;
  private readonly predictBatch: ReturnType<typeof predictStep>;

  constructor(
    private readonly learner: Learner,
    private readonly now: Start,
    private readonly facts: TrainedFacts,
  ) {
    const { optimizer, model, deterministic } = learner.learning;
    this.params = optimizer.averaged?.(now.optimizer, now.params) ?? now.params;
    this.state = now.state;
    this.history = historyOf(facts.history);
    this.stopped = facts.stopped;
    this.classes = facts.classes;
    this.preprocessing = facts.preprocessing;
    this.predictBatch = predictStep(model, deterministic);
  }

  /** Shape of an example. */
  get input(): Shape {
    return this.facts.input;
  }

  /** Layers, shapes, parameters, multiply-adds and memory; as text a table. */
  summary(): Summary {
    return summarize(this.learner.learning.model, this.input);
  }

  /** Trains on, from where it is. This one stays as it is. */
  fit(data: Examples | BatchStream, options: FitOptions = {}): Promise<Trained> {
    const { classes, preprocessing } = this;
    return this.learner.train(data, options, mapStart(this.now), { classes, preprocessing });
  }

  /**
   * The same model with running statistics (batch norm's) that are means over these examples, as the
   * model is used: nothing dropped, nothing distorted, and of averaged parameters, where there are such. Those
   * that training leaves behind are of its last batches, of distorted pictures if it learned from such,
   * and of parameters before averaging. A model that keeps nothing stays as it is.
   *
   * @param data  those it was trained on, or some of them; their targets are not looked at
   * @source `update_bn` in torch.optim.swa_utils; Izmailov et al., arXiv:1803.05407, section 3.2
   */
  async withStatisticsOf(
    data: Examples | BatchStream,
    { batchSize = 512 }: { readonly batchSize?: BatchSize } = {},
  ): Promise<Trained> {
    const state = await statisticsOf(this.learner.learning, this, { data, batchSize });
    return new Trained(this.learner, { ...mapStart(this.now), state }, this.facts);
  }

  /** The loss and the metrics on other examples. */
  evaluate(
    data: Examples | BatchStream,
    { batchSize = 256 }: { readonly batchSize?: BatchSize } = {},
  ): Promise<Figures> {
    return evaluate(this.learner.learning, this, { data, batchSize });
  }

  /** What metrics say of other examples that is no single number: confusion matrices, one a class. */
  async tables(
    data: Examples | BatchStream,
    { batchSize = 256 }: { readonly batchSize?: BatchSize } = {},
  ): Promise<Tables> {
    return (await evaluateAll(this.learner.learning, this, { data, batchSize })).tables;
  }

  /** What the model makes of [n, ...]: logits, if it was trained with a loss that takes them. */
  predict(x: Tensor, { batchSize = 256 }: PredictOptions = {}): Tensor {
    requireBatchSize(batchSize, "predict");
    requireBatch(x, "x", "predict");
    const n = x.shape[0];
    if (batchSize === "all" || n <= batchSize)
      return this.predictBatch(this.params, this.state, x, null);
    const parts: Tensor[] = [];
    for (let from = 0; from < n; from += batchSize) {
      const size = Math.min(batchSize, n - from);
      const rows = tensor(Int32Array.from({ length: size }, (_, i) => from + i));
      parts.push(this.predictBatch(this.params, this.state, x, rows));
    }
    return concat(parts, 0);
  }

  /**
   * Probabilities of the classes [n, classes], whether the model gives logits or probabilities.
   *
   * @throws InkgradError  if it was trained to predict numbers
   */
  predictProbabilities(x: Tensor, options: PredictOptions = {}): Tensor {
    return probabilitiesOf(this.predict(x, options), this.facts.output);
  }

  /** The most probable class of each example [n]; with a binary cross-entropy 0 or 1 for each output. */
  predictClasses(x: Tensor, options: PredictOptions = {}): Tensor {
    return classesOf(this.predict(x, options), this.facts.output);
  }

  /** The names of the most probable classes. */
  predictNames(x: Tensor, options: PredictOptions = {}): string[] {
    const { classes } = this;
    if (classes === undefined)
      throw new ValueError(
        "predictNames: the model has no names for its classes; give them with the data, as " +
          "{ x, y, classes }, or use predictClasses",
      );
    return Array.from(storedElements(this.predictClasses(x, options)), (i) => {
      if (i < classes.length) return classes[i];
      throw new ValueError(
        `predictNames: an example is of class ${i}, and there are names for ${classes.length} classes only`,
      );
    });
  }

  /** The model as a safetensors file, for `loadModel`, here or in a page. */
  toBytes(options: SaveOptions = {}): Uint8Array<ArrayBuffer> {
    return this.encoded(options).bytes;
  }

  /**
   * Writes the model to a safetensors file: parameters by their names, layers as JSON. Of functions of
   * one's own only the parameters can be saved; the note says so.
   *
   * @throws FileError  if it cannot be written
   */
  async save(path: string, options: SaveOptions = {}): Promise<Saved> {
    const { bytes, withoutLayers } = this.encoded(options);
    await writeFileSafely(path, bytes);
    const note =
      withoutLayers === null
        ? null
        : `${path} holds the parameters only, since ${withoutLayers}; to load it, make the model and ` +
          "give it: loadModel(path, { model })";
    return { bytes: bytes.length, withLayers: withoutLayers === null, note };
  }

  private encoded(options: SaveOptions): ReturnType<typeof modelBytes> {
    const { classes = this.classes, preprocessing = this.preprocessing } = options;
    const facts = { ...this.facts, classes, preprocessing, history: this.history };
    return modelBytes(this.learner.learning.model, this, facts);
  }
}

const mapStart = ({ params, state, optimizer }: Start): Start => ({
  params: copy(params),
  state: copy(state),
  optimizer: copy(optimizer),
});
