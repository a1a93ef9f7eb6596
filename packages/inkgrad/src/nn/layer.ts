import type { Shape } from "../base/shape.js";
import type { Key } from "../tensor/random/types.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Rule } from "../tensor/types/rule.js";

/**
 * Parameters, or what layers keep beside them: objects, lists and tensors. Keys are the names under
 * which they are saved.
 */
export type Variables = Tensor | readonly Variables[] | { readonly [name: string]: Variables };

/** What can be written as JSON: what layers are made from, if they can be made again. */
export type Json =
  string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };

/**
 * How a layer changes the shape of one example, as a type: `(F & { input: S })["result"]` is the
 * rule for examples of shape S.
 */
export interface LayerRule {
  /** A shape. Of unknown type, so that the intersection above is S itself. */
  readonly input: unknown;
  readonly result: Rule;
}

/** What a layer is told besides its parameters and its input. */
export interface Context {
  /** Are parameters being learned? Dropout and noise act only then. */
  readonly training: boolean;
  /** A key of this layer and step alone. There is one only while training. */
  readonly key?: Key;
  /** What the layer keeps between steps that is not learned, as of now (running means). */
  readonly state?: Variables;
  /**
   * The share of running statistics that stays, in place of a layer's own momentum: there is one when they
   * are taken anew, and (k − 1) / k at the k-th batch makes them the mean over all batches.
   */
  readonly momentum?: Tensor;
  /** Hands over what the layer keeps from now on. */
  readonly keep: (state: Variables) => void;
  /** Shows an activation's results to whoever looks on (gradient health). */
  readonly observe?: (activation: Observed) => void;
  /** Tells whoever looks on of every layer within: what is returned is called when it is done. */
  readonly watch?: (layer: NamedLayer, path: readonly string[], x: Tensor) => Done;
  /** Names of the layers that this one stands in, outermost first, and its own. */
  readonly path: readonly string[];
}

export type Done = (output: Tensor) => void;

/** What an activation gave, and where it stands. */
export interface Observed {
  readonly path: readonly string[];
  /** "relu". */
  readonly kind: string;
  readonly output: Tensor;
}

/** A layer: how its parameters begin, and what it makes of them and its input. */
export interface Layer<F extends LayerRule = LayerRule> {
  /** What it is: "dense". */
  readonly kind: string;
  /** The name its parameters go by among its siblings; default: its kind, numbered. */
  readonly name?: string;
  /** What the function of its kind takes to make it again; null if it cannot be (own functions). */
  readonly options: Json;
  /** The layers it is made of, in order, with the names of their parameters. */
  readonly inner?: readonly NamedLayer[];
  /** First values of the parameters, for examples of this shape (without the batch's axis). */
  init?(key: Key, input: Shape): Variables;
  /** First values of what it keeps, for examples of this shape. */
  initState?(input: Shape): Variables;
  /** @param x  [n, ...]: a batch of examples */
  apply(params: Variables, x: Tensor, context: Context): Tensor;
  /** Exists in types alone. */
  readonly rule?: F;
}

export interface NamedLayer {
  readonly name: string;
  readonly layer: Layer;
}

/** For using a model as it is. */
export const inference: Context = Object.freeze({ training: false, keep: () => {}, path: [] });
