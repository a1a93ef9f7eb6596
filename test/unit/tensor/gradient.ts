import { grad, type Tensor } from "inkgrad";

/** The derivative of the sum of f(x), itself a function of x: twice gives the second derivative. */
export const derivative = (f: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) =>
  grad((x: Tensor) => f(x).sum());
