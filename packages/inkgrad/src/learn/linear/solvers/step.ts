import { tensorOf } from "../../../data/tensor-of.js";
import type { Variables } from "../../../nn/layer.js";
import type { Optimizer } from "../../../nn/optimizers/optimizer.js";
import { full } from "../../../tensor/functions/create.js";
import { elementsOf } from "../../../tensor/operand.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { compile } from "../../../tensor/transforms/compile.js";

/** An optimizer's steps over one list of numbers. Nothing given is changed. */
export interface Stepping {
  readonly init: (start: Float64Array) => Variables;
  readonly step: (
    state: Variables,
    x: Float64Array,
    gradient: Float64Array,
    rate: number,
  ) => { readonly state: Variables; readonly x: Float64Array };
  /** What to evaluate at x: an average, for optimizers that keep one. */
  readonly averaged: (state: Variables, x: Float64Array) => Float64Array;
}

/** The optimizer's step as a program. */
export function stepOf(optimizer: Optimizer): Stepping {
  const tensor = (list: Float64Array): Tensor =>
    tensorOf(list as Float64Array<ArrayBuffer>, [list.length, 1], "f64");
  const list = (x: Tensor): Float64Array => elementsOf(x.node) as Float64Array;
  const update = compile(
    (state: Variables, gradient: Tensor, x: Tensor, learningRate: Tensor) =>
      optimizer.update(state, gradient, x, { learningRate }),
    { name: `a step of ${optimizer.kind}` },
  );
  return {
    init: (start) => optimizer.init(tensor(start)),
    step(state, x, gradient, rate) {
      const learningRate = full([], rate, { dtype: "f64" });
      const next = update(state, tensor(gradient), tensor(x), learningRate);
      return { state: next.state, x: list(next.params) };
    },
    averaged: (state, x) =>
      optimizer.averaged === undefined ? x : list(optimizer.averaged(state, tensor(x))),
  };
}
