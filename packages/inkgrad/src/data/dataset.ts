import type { Tensor } from "../tensor/tensor.js";

/**
 * Examples in memory, the first axis counting them. What is stored in bytes stays in bytes: a model
 * casts it inside its program.
 */
export interface Dataset<X extends Tensor = Tensor, Y extends Tensor = Tensor> {
  /** What messages and reports call it. */
  readonly name: string;
  /** [n, ...]: images are [n, h, w, c]. */
  readonly x: X;
  /** [n] class numbers, or [n, ...] targets. */
  readonly y: Y;
  /** [n] how much each example counts; left out: all the same. */
  readonly weights?: Tensor;
  /** Names of the classes, by number. */
  readonly classes?: readonly string[];
}
