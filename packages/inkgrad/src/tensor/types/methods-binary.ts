import type { Tensor } from "../tensor.js";
import type { Broadcast } from "./broadcast.js";
import type { FloatWith, KeepWith, Operand, PromoteWith, ShapeIn } from "./operand.js";
import type { Checked, Of } from "./rule.js";

/** O where it broadcasts with X, else a sentence. */
type With<X extends Tensor, O, Op extends string> = Checked<
  Broadcast<X["shape"], ShapeIn<O>, Op>,
  O
>;
type Joint<X extends Tensor, O> = Of<Broadcast<X["shape"], ShapeIn<O>>>;
type Sum<X extends Tensor, O> = PromoteWith<X["dtype"], O>;
type Kept<X extends Tensor, O> = KeepWith<X["dtype"], O>;
type Quotient<X extends Tensor, O> = FloatWith<X["dtype"], O>;

/**
 * Elementwise operations on two tensors, or a tensor and a number: shapes broadcast. All are
 * written over `this: X`, since a rule over the class's own parameters would make it invariant.
 */
export interface BinaryMethods {
  // ---- arithmetic

  add<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "add">,
  ): Tensor<Joint<X, O>, Sum<X, O>>;
  sub<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "sub">,
  ): Tensor<Joint<X, O>, Sum<X, O>>;
  mul<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "mul">,
  ): Tensor<Joint<X, O>, Sum<X, O>>;
  /** True division: integers give floats. */
  div<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "div">,
  ): Tensor<Joint<X, O>, Quotient<X, O>>;
  /** This to the power of the other. */
  pow<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "pow">,
  ): Tensor<Joint<X, O>, Sum<X, O>>;
  /** The remainder, with the sign of the divisor. */
  mod<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "mod">,
  ): Tensor<Joint<X, O>, Sum<X, O>>;
  /** The quotient rounded down. */
  floorDivide<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "floorDivide">,
  ): Tensor<Joint<X, O>, Sum<X, O>>;
  /** The greater of the two; NaN if either is. */
  maximum<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "maximum">,
  ): Tensor<Joint<X, O>, Kept<X, O>>;
  /** The lesser of the two; NaN if either is. */
  minimum<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "minimum">,
  ): Tensor<Joint<X, O>, Kept<X, O>>;
  /** The angle of the point (other, this), between −π and π. */
  atan2<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "atan2">,
  ): Tensor<Joint<X, O>, Quotient<X, O>>;

  // ---- comparisons

  equal<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "equal">,
  ): Tensor<Joint<X, O>, "bool">;
  notEqual<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "notEqual">,
  ): Tensor<Joint<X, O>, "bool">;
  less<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "less">,
  ): Tensor<Joint<X, O>, "bool">;
  lessEqual<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "lessEqual">,
  ): Tensor<Joint<X, O>, "bool">;
  greater<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "greater">,
  ): Tensor<Joint<X, O>, "bool">;
  greaterEqual<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "greaterEqual">,
  ): Tensor<Joint<X, O>, "bool">;

  // ---- logic and bits

  logicalAnd<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "logicalAnd">,
  ): Tensor<Joint<X, O>, "bool">;
  logicalOr<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "logicalOr">,
  ): Tensor<Joint<X, O>, "bool">;
  logicalXor<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "logicalXor">,
  ): Tensor<Joint<X, O>, "bool">;
  bitwiseAnd<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "bitwiseAnd">,
  ): Tensor<Joint<X, O>, Kept<X, O>>;
  bitwiseOr<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "bitwiseOr">,
  ): Tensor<Joint<X, O>, Kept<X, O>>;
  bitwiseXor<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "bitwiseXor">,
  ): Tensor<Joint<X, O>, Kept<X, O>>;
  /** Bits moved up by `other` places: a multiplication by 2 to the other. */
  leftShift<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "leftShift">,
  ): Tensor<Joint<X, O>, Sum<X, O>>;
  /** Bits moved down by `other` places; the sign stays. */
  rightShift<X extends Tensor, O extends Operand>(
    this: X,
    other: With<X, O, "rightShift">,
  ): Tensor<Joint<X, O>, Sum<X, O>>;
}
