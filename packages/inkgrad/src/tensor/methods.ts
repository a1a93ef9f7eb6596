import * as activation from "./functions/activation.js";
import * as at from "./functions/at.js";
import * as elementwise from "./functions/elementwise.js";
import * as movement from "./functions/movement.js";
import * as products from "./functions/products.js";
import * as reduce from "./functions/reduce.js";
import * as slice from "./functions/slice.js";
import { Tensor } from "./tensor.js";

/** Gives `Tensor` its methods: each a function of this folder with the tensor as first argument. */

const functions: Record<string, unknown> = {
  ...elementwise,
  ...reduce,
  ...movement,
  ...slice,
  ...at,
  ...products,
  ...activation,
};

for (const name of Object.keys(functions)) {
  const f = functions[name] as (x: Tensor, ...rest: unknown[]) => unknown;
  Object.defineProperty(Tensor.prototype, name, {
    value(this: Tensor, ...rest: unknown[]) {
      return f(this, ...rest);
    },
    writable: true,
    configurable: true,
  });
}
