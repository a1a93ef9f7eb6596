import type { Variables } from "inkgrad/nn";
import type { Optimizer } from "@src/nn/optimizers/optimizer.js";
import { mapVariables } from "@src/nn/optimizers/trees.js";

/** p ← p − r·g, and nothing else. */
export const gradientDescent = (learningRate: number): Optimizer<Variables> => ({
  kind: "gradientDescent",
  learningRate,
  init: () => ({}),
  update: (state, gradients, params, { learningRate: rate = learningRate } = {}) => ({
    params: mapVariables((p, g) => p.sub(g.mul(rate as never)), params, gradients),
    state,
  }),
});
