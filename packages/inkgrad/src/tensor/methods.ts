import type { DType } from "../base/dtype.js";
import type { Shape } from "../base/shape.js";
import * as activation from "./functions/activation.js";
import * as at from "./functions/at.js";
import { elementwise } from "./functions/elementwise.js";
import * as movement from "./functions/movement.js";
import * as oneHot from "./functions/one-hot.js";
import * as products from "./functions/products.js";
import * as reduce from "./functions/reduce.js";
import * as slice from "./functions/slice.js";
import * as repeat from "./functions/repeat.js";
import { Tensor } from "./tensor.js";
import type { TensorMethods } from "./types/methods.js";

/** Gives `Tensor` its methods: each a function of this folder with the tensor as first argument. */

const functions = {
  ...elementwise,
  ...reduce,
  ...movement,
  ...slice,
  ...at,
  ...repeat,
  ...oneHot,
  ...products,
  ...activation,
};

type Declared = keyof TensorMethods<Shape, DType>;
type Given = keyof typeof functions;
type Function = (x: Tensor, ...rest: never[]) => unknown;

/** Takes the functions if they are just those whose types are declared: no fewer and no more. */
function install(
  methods: Record<Declared, Function> & Record<Exclude<Given, Declared>, never>,
): void {
  for (const [name, f] of Object.entries<Function>(methods))
    Object.defineProperty(Tensor.prototype, name, {
      value(this: Tensor, ...rest: never[]) {
        return f(this, ...rest);
      },
      writable: true,
      configurable: true,
    });
}

install(functions);
