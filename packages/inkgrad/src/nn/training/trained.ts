import type { Tensor } from "../../tensor/tensor.js";
import { concat } from "../../tensor/functions/join.js";
import { tensor } from "../../tensor/functions/create.js";
import type { Variables } from "../layer.js";
import { evaluate, evaluateAll } from "./evaluate.js";
import type { Examples } from "./examples.js";
import type { EpochFigures } from "./history.js";
import type { FitOptions, Learner } from "./learner.js";
import type { BatchStream } from "./source.js";
import { predictStep } from "./step.js";
import type { Figures, Tables } from "./tally.js";

/** A model that has been trained. */
export class Trained {
  readonly params: Variables;
  /** What layers keep besides (running means). */
  readonly state: Variables;
  private readonly predictBatch: ReturnType<typeof predictStep>;

  constructor(
    private readonly learner: Learner,
    private readonly now: { params: Variables; state: Variables; optimizer: Variables },
    /** The figures of each epoch. */
    readonly history: readonly EpochFigures[],
    /** Why training ended early, if it did. */
    readonly stopped: string | null,
  ) {
    const { optimizer, model } = learner.learning;
    this.params = optimizer.averaged?.(now.optimizer, now.params) ?? now.params;
    this.state = now.state;
    this.predictBatch = predictStep(model);
  }

  /** Trains on, from where it is. */
  fit(data: Examples | BatchStream, options: FitOptions = {}): Promise<Trained> {
    return this.learner.train(data, options, this.now);
  }

  /** The loss and the metrics on other examples. */
  evaluate(
    data: Examples | BatchStream,
    { batchSize = 256 }: { readonly batchSize?: number } = {},
  ): Promise<Figures> {
    return evaluate(this.learner.learning, this, data, batchSize);
  }

  /** What metrics say of other examples that is no single number: confusion matrices, one a class. */
  async tables(
    data: Examples | BatchStream,
    { batchSize = 256 }: { readonly batchSize?: number } = {},
  ): Promise<Tables> {
    return (await evaluateAll(this.learner.learning, this, data, batchSize)).tables;
  }

  /** What the model makes of [n, ...]. */
  predict(x: Tensor, { batchSize = 256 }: { readonly batchSize?: number } = {}): Tensor {
    const n = x.shape[0];
    if (n <= batchSize) return this.predictBatch(this.params, this.state, x, null);
    const parts: Tensor[] = [];
    for (let from = 0; from < n; from += batchSize) {
      const size = Math.min(batchSize, n - from);
      const rows = tensor(Int32Array.from({ length: size }, (_, i) => from + i));
      parts.push(this.predictBatch(this.params, this.state, x, rows));
    }
    return concat(parts, 0);
  }
}
