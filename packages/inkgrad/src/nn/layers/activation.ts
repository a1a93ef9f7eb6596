import { type ActivationName, activationOf } from "../activations.js";
import type { Layer } from "../layer.js";
import type { SameShape } from "../types/rules.js";

const of = (name: ActivationName): (() => Layer<SameShape>) => {
  const f = activationOf(name, name);
  return () => ({
    kind: name,
    options: {},
    apply(_params, x, { observe, path }) {
      const output = f(x);
      observe?.({ path, kind: name, output });
      return output;
    },
  });
};

/** max(x, 0). */
export const relu = of("relu");
/** The hyperbolic tangent. */
export const tanh = of("tanh");
/** 1 / (1 + e^−x). */
export const sigmoid = of("sigmoid");
/** e^x over its sum along the last axis. Losses take logits: as a last layer it is not needed. */
export const softmax = of("softmax");
