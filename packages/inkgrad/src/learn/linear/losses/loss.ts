import type { Tensor } from "../../../tensor/tensor.js";

/** How far the margins z = X·W + b of a row are from its target y, in the two forms that are needed. */
export interface Loss {
  readonly name: "binomial" | "multinomial" | "squared";
  /**
   * For many rows, within a program.
   *
   * @param z  [rows, outputs]
   * @param y  [rows] targets: the class number, or a value, in the type of z
   * @returns  the loss of each row [rows], and its derivative by the margins [rows, outputs]
   */
  forward(z: Tensor, y: Tensor): { readonly loss: Tensor; readonly residual: Tensor };
  /**
   * For one row, whose margins are `z[at … at + outputs)`: the derivative takes their place.
   *
   * @returns the loss
   */
  row(z: Float64Array, at: number, outputs: number, y: number): number;
  /** The second derivative by margins k and l, for one row. */
  curvature(z: Float64Array, at: number, outputs: number, k: number, l: number): number;
}
