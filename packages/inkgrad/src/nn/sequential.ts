import type { Layer } from "./layer.js";
import { chain } from "./layers/chain.js";
import { type Model, model } from "./model.js";
import type { CheckedLayers, InputOf, OutputOf } from "./types/chain.js";
import type { ChainRule } from "./types/composites.js";

/**
 * A model of layers one after another. Begins with `input(…)`, and shapes are checked as it is
 * written: a layer that does not take what comes to it is a type error. It is a layer too, and can
 * stand in others.
 */
export const sequential = <const L extends readonly Layer[]>(
  ...layers: CheckedLayers<L>
): Model<InputOf<L>, OutputOf<L>, ChainRule<L>> =>
  model(chain(layers as unknown as readonly Layer[])) as never;
