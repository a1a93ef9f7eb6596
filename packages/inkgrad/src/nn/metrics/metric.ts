import type { Tensor } from "../../tensor/tensor.js";
import type { Variables } from "../layer.js";

/** A figure about predictions, put together batch by batch within the program. */
export interface Metric<State extends Variables = Variables> {
  /** Its key in the history: "accuracy". */
  readonly name: string;
  init(): State;
  /**
   * The state after another batch.
   *
   * @param predictions  [n, ...], as the model gives them (logits)
   * @param weights      [n], if examples have any
   */
  update(state: State, predictions: Tensor, targets: Tensor, weights?: Tensor): State;
  /** The figure. */
  result(state: State): number;
}
