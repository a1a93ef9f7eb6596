import type { Tensor } from "../../tensor/tensor.js";
import type { Json, Variables } from "../layer.js";
import type { Schedule } from "../schedules/schedule.js";

/** A learning rate: a number, or a function of the step. */
export type LearningRate = number | Schedule;

/** What changes parameters by their gradients. It has no state of its own: that is handed through. */
export interface Optimizer<State extends Variables = Variables> {
  /** "adam". */
  readonly kind: string;
  readonly learningRate: LearningRate;
  /** What it is made from, the learning rate among it; null stands for functions of one's own. */
  readonly options: Json;
  /** First state, for parameters of these shapes. */
  init(params: Variables): State;
  /**
   * One step. Neither the state nor the parameters given are changed.
   *
   * @param options.learningRate  of this step, a scalar; needed if the optimizer's own is a schedule
   */
  update<P extends Variables>(
    state: State,
    gradients: P,
    params: P,
    options?: UpdateOptions,
  ): Updated<State, P>;
  /** The parameters to evaluate and save, if they are others than those learned (averages). */
  averaged?<P extends Variables>(state: State, params: P): P;
}

export interface UpdateOptions {
  readonly learningRate?: Tensor | number;
}

export interface Updated<State, P> {
  readonly params: P;
  readonly state: State;
}
