import { minimum } from "../../tensor/functions/elementwise.js";
import type { Tensor } from "../../tensor/tensor.js";
import { requirePositive, targetsLike } from "./checks.js";
import { type Loss, lossOfParts } from "./loss.js";

/** Losses of the error p − y, averaged within each example. The shapes must be equal. */

const ofErrors = (kind: string, options: object, losses: (error: Tensor) => Tensor): Loss =>
  lossOfParts(kind, options, {
    losses: (predictions, targets) =>
      losses(predictions.sub(targetsLike(predictions, targets, kind))),
  });

/**
 * (p − y)².
 *
 * @throws ShapeError  unless the shapes are equal: [n] against [n, 1] too
 */
export const meanSquaredError = (): Loss =>
  ofErrors("meanSquaredError", {}, (error) => error.square());

/**
 * |p − y|; its derivative at 0 is 0.
 *
 * @throws ShapeError  unless the shapes are equal: [n] against [n, 1] too
 */
export const meanAbsoluteError = (): Loss =>
  ofErrors("meanAbsoluteError", {}, (error) => error.abs());

/**
 * ½e² for errors up to `delta` (default 1), and δ(|e| − ½δ) beyond, where it goes on straight.
 *
 * @throws ShapeError  unless the shapes are equal: [n] against [n, 1] too
 * @source Huber, Robust estimation of a location parameter, 1964
 */
export function huber({ delta = 1 }: { readonly delta?: number } = {}): Loss {
  requirePositive(delta, "delta", "huber");
  return ofErrors("huber", { delta }, (error) => {
    const size = error.abs();
    const within = minimum(size, delta);
    return within.mul(size.sub(within.mul(0.5)));
  });
}
