import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { FloatOf } from "./dtype.js";
import type { GeluOptions } from "./functions.js";

/** Elementwise operations on one tensor: the shape stays. */
export interface UnaryMethods<S extends Shape, D extends DType> {
  // ---- floats: integers become f32

  /** e to the x. */
  exp(): Tensor<S, FloatOf[D]>;
  /** e to the x, less 1, exact near 0. */
  expm1(): Tensor<S, FloatOf[D]>;
  /** Natural logarithm. */
  log(): Tensor<S, FloatOf[D]>;
  /** Logarithm of 1 + x, exact near 0. */
  log1p(): Tensor<S, FloatOf[D]>;
  sqrt(): Tensor<S, FloatOf[D]>;
  /** 1 / √x. */
  rsqrt(): Tensor<S, FloatOf[D]>;
  sin(): Tensor<S, FloatOf[D]>;
  cos(): Tensor<S, FloatOf[D]>;
  tan(): Tensor<S, FloatOf[D]>;
  asin(): Tensor<S, FloatOf[D]>;
  acos(): Tensor<S, FloatOf[D]>;
  atan(): Tensor<S, FloatOf[D]>;
  sinh(): Tensor<S, FloatOf[D]>;
  cosh(): Tensor<S, FloatOf[D]>;
  tanh(): Tensor<S, FloatOf[D]>;
  /** The error function. */
  erf(): Tensor<S, FloatOf[D]>;
  /** Logarithm of the absolute gamma function. */
  lgamma(): Tensor<S, FloatOf[D]>;
  /** 1 / (1 + e^−x). */
  sigmoid(): Tensor<S, FloatOf[D]>;
  /** log(1 + e^x), finite for every x. */
  softplus(): Tensor<S, FloatOf[D]>;
  /** log of the sigmoid, finite for every x. */
  logSigmoid(): Tensor<S, FloatOf[D]>;
  /** x Φ(x), with the normal distribution's Φ. */
  gelu(options?: GeluOptions): Tensor<S, FloatOf[D]>;
  /** x sigmoid(x), also known as swish. */
  silu(): Tensor<S, FloatOf[D]>;
  /** x where it is positive, else `slope` (default 0.01) times x. */
  leakyRelu(slope?: number): Tensor<S, FloatOf[D]>;
  /** x where it is positive, else `alpha` (default 1) times e^x − 1. */
  elu(alpha?: number): Tensor<S, FloatOf[D]>;

  // ---- the dtype stays

  /** max(x, 0). */
  relu(): Tensor<S, D>;
  /** Held between two bounds. */
  clip(low: number, high: number): Tensor<S, D>;
  /** −x. */
  neg(): Tensor<S, D>;
  abs(): Tensor<S, D>;
  /** −1, 0 or 1. */
  sign(): Tensor<S, D>;
  floor(): Tensor<S, D>;
  ceil(): Tensor<S, D>;
  /** To the nearest whole number, halves to the even one. */
  round(): Tensor<S, D>;
  /** x · x. */
  square(): Tensor<S, D>;
  /** All bits of an integer flipped. */
  bitwiseNot(): Tensor<S, D>;

  // ---- questions

  isNaN(): Tensor<S, "bool">;
  /** Neither NaN nor infinite. */
  isFinite(): Tensor<S, "bool">;
  logicalNot(): Tensor<S, "bool">;

  /** The same values in another dtype; floats lose their fraction on the way to an integer. */
  cast<D2 extends DType>(dtype: D2): Tensor<S, D2>;
}
