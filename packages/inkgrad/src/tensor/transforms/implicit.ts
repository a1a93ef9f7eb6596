import { ShapeError } from "../../base/errors.js";
import { sameShape, show, sizeOf } from "../../base/shape.js";
import { solve } from "../functions/solve.js";
import { nodeOf } from "../operand.js";
import type { Tensor } from "../tensor.js";
import { customGradient, stopGradient } from "./custom.js";
import { jacobian } from "./jacobian.js";
import { vjp } from "./linearize.js";

/** An equation F(x, y) = 0 with as many numbers in its result as in y. */
export type Equation<X extends Tensor, Y extends Tensor> = (x: X, y: Y) => Tensor;

/**
 * How the y with F(x, y) = 0 changes with x: dy/dx = −(∂F/∂y)⁻¹ ∂F/∂x, without a formula for y.
 *
 * @param f  takes x and y, returns a tensor of y's shape
 * @returns  the function that takes x and a y for which F is 0, and gives [...y, ...x]
 * @throws ShapeError          if F's result is not shaped like y
 * @throws LinearAlgebraError  when run, where ∂F/∂y is singular: y is no function of x there
 * @source implicit function theorem
 */
export const implicitDerivative =
  <X extends Tensor, Y extends Tensor>(f: Equation<X, Y>) =>
  (x: X, y: Y): Tensor => {
    requireLikeY(f(x, y), y);
    const [m, n] = [sizeOf(y.shape), sizeOf(x.shape)];
    const byY = matrix(jacobian((v: Y) => f(x, v))(y), m, m);
    const byX = matrix(jacobian((v: X) => f(v, y))(x), m, n);
    return (solve(byY, byX) as Tensor).neg().reshape([...y.shape, ...x.shape]);
  };

/**
 * The function x → y given by F(x, y) = 0, from whatever finds y: an iteration, a search, a library.
 * Its gradient comes from F alone; nothing is recorded of how y was found.
 *
 * @param f       the equation
 * @param finder  gives a y with F(x, y) = 0
 */
export const implicitFunction = <X extends Tensor, Y extends Tensor>(
  f: Equation<X, Y>,
  finder: (x: X) => Y,
): ((x: X) => Y) =>
  customGradient(
    (x: X) => stopGradient(finder(x)),
    (cotangent, y, x) => {
      requireLikeY(f(x, y), y);
      const size = sizeOf(y.shape);
      const byY = matrix(jacobian((v: Y) => f(x, v))(y), size, size);
      const weights = solve(byY.transpose(), (cotangent as Tensor).reshape([size])) as Tensor;
      const [, pullBack] = vjp((v: X) => f(v, y), x);
      const [flow] = pullBack(weights.neg().reshape([...y.shape])) as [Tensor];
      return [flow];
    },
  );

const matrix = (x: Tensor, rows: number, columns: number): Tensor => x.reshape([rows, columns]);

function requireLikeY(result: Tensor, y: Tensor): void {
  nodeOf(result, "implicit derivative: F");
  nodeOf(y, "implicit derivative: y");
  if (!sameShape(result.shape, y.shape))
    throw new ShapeError(
      `implicit derivative: F must give as many numbers as y has, shape ${show(y.shape)}, ` +
        `it gives ${show(result.shape)}`,
    );
}
