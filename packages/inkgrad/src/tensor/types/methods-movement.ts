import type { DType } from "../../base/dtype.js";
import type { Shape } from "../../base/shape.js";
import type { Tensor } from "../tensor.js";
import type { Along, AxisArg, ExpandDims, Squeeze } from "./axes.js";
import type { BroadcastTo } from "./broadcast.js";
import type { Promote } from "./dtype.js";
import type { Dot, MatMul, Outer } from "./matmul.js";
import type { MoveAxis, Permute, SwapAxes, Transpose } from "./permute.js";
import type { Pad, PadWidths, Repeat, Tile } from "./repeat.js";
import type { AssertShape, Flatten, Reshape } from "./reshape.js";
import type { AnyRank, Checked, Of } from "./rule.js";
import type { Range, Slice } from "./slice.js";

/** The same elements in other places. */
export interface MovementMethods {
  /** The same elements in row-major order; one size may be -1 and is worked out. */
  reshape<X extends Tensor, const T extends Shape>(
    this: X,
    shape: Checked<Reshape<X["shape"], T>, readonly [...T]>,
  ): Tensor<Of<Reshape<X["shape"], T>>, X["dtype"]>;
  /** The axes from `startAxis` (default 0) on as one. */
  flatten<X extends Tensor, A extends number = 0>(
    this: X,
    startAxis?: Checked<Flatten<X["shape"], A>, A>,
  ): Tensor<Of<Flatten<X["shape"], A>>, X["dtype"]>;
  /** Axes in another order: axis i of the result is axis `axes[i]` of this. */
  permute<X extends Tensor, const P extends Shape>(
    this: X,
    axes: Checked<Permute<X["shape"], P>, readonly [...P]>,
  ): Tensor<Of<Permute<X["shape"], P>>, X["dtype"]>;
  /** The last two axes swapped. */
  transpose<X extends Tensor>(
    this: Checked<Transpose<X["shape"]>, X>,
  ): Tensor<Of<Transpose<X["shape"]>>, X["dtype"]>;
  /** One axis moved to another place; the others keep their order. */
  moveAxis<X extends Tensor, A extends number, B extends number>(
    this: X,
    from: Checked<Along<X["shape"], A, "moveAxis">, A>,
    to: Checked<Along<X["shape"], B, "moveAxis">, B>,
  ): Tensor<Of<MoveAxis<X["shape"], A, B>>, X["dtype"]>;
  swapAxes<X extends Tensor, A extends number, B extends number>(
    this: X,
    axis1: Checked<Along<X["shape"], A, "swapAxes">, A>,
    axis2: Checked<Along<X["shape"], B, "swapAxes">, B>,
  ): Tensor<Of<SwapAxes<X["shape"], A, B>>, X["dtype"]>;
  /** A new axis of size 1 before `axis`; -1 puts it last. */
  expandDims<X extends Tensor, A extends number>(
    this: X,
    axis: Checked<ExpandDims<X["shape"], A>, A>,
  ): Tensor<Of<ExpandDims<X["shape"], A>>, X["dtype"]>;
  /** Axes of size 1 taken away: those named, or all. */
  squeeze<X extends Tensor, const A extends AxisArg = undefined>(
    this: X,
    axis?: Checked<Squeeze<X["shape"], A>, A>,
  ): Tensor<Of<Squeeze<X["shape"], A>>, X["dtype"]>;
  /** Stretched by the rules of broadcasting. */
  broadcastTo<X extends Tensor, const T extends Shape>(
    this: X,
    shape: Checked<BroadcastTo<X["shape"], T>, readonly [...T]>,
  ): Tensor<Of<BroadcastTo<X["shape"], T>>, X["dtype"]>;
  /** Backwards along an axis, several, or all. */
  flip<X extends Tensor, const A extends AxisArg = undefined>(
    this: X,
    axis?: Checked<Along<X["shape"], A, "flip">, A>,
  ): Tensor<X["shape"], X["dtype"]>;
  /** A part: `x.slice([[1, 3], [], [0, -1, 2]])` takes x[1:3, :, 0:-1:2]. */
  slice<X extends Tensor, const R extends readonly Range[]>(
    this: X,
    ranges: Checked<Slice<X["shape"], R>, R>,
  ): Tensor<Of<Slice<X["shape"], R>>, X["dtype"]>;
  /** The whole tensor over and over, `reps[i]` times along axis i. */
  tile<X extends Tensor, const T extends Shape>(
    this: X,
    reps: readonly [...T],
  ): Tensor<Of<Tile<X["shape"], T>>, X["dtype"]>;
  /** Every element `count` times in a row along an axis, or in the flattened tensor. */
  repeat<X extends Tensor, N extends number, A extends number | undefined = undefined>(
    this: X,
    count: N,
    axis?: Checked<Repeat<X["shape"], N, A>, A>,
  ): Tensor<Of<Repeat<X["shape"], N, A>>, X["dtype"]>;
  /** `value` (default 0) put around: so many on every side, or [before, after] for each axis. */
  pad<X extends Tensor, const P extends PadWidths>(
    this: X,
    widths: Checked<Pad<X["shape"], P>, P>,
    value?: number,
  ): Tensor<Of<Pad<X["shape"], P>>, X["dtype"]>;
  /** For what the types cannot know: checked at run time. -1 leaves a size open. */
  assertShape<X extends Tensor, const T extends Shape>(
    this: X,
    shape: Checked<AssertShape<X["shape"], T>, readonly [...T]>,
  ): Tensor<Of<AssertShape<X["shape"], T>>, X["dtype"]>;
  /** 1 where the last axis' index is the value, else 0: [n] of classes to [n, depth]. */
  oneHot<X extends Tensor, N extends number, E extends DType = "f32">(
    this: X,
    depth: N,
    options?: { dtype?: E },
  ): Tensor<AnyRank<X["shape"]> extends true ? number[] : [...X["shape"], N], NoInfer<E>>;
}

/** Products over a shared axis. */
export interface ProductMethods {
  /** Matrix product; leading axes broadcast, and a vector is a row (left) or a column (right). */
  matmul<X extends Tensor, O extends Tensor>(
    this: X,
    other: Checked<MatMul<X["shape"], O["shape"]>, O>,
  ): Tensor<Of<MatMul<X["shape"], O["shape"]>>, Promote<X["dtype"], O["dtype"]>>;
  /** The product of two vectors; of matrices, the matrix product. */
  dot<X extends Tensor, O extends Tensor>(
    this: X,
    other: Checked<Dot<X["shape"], O["shape"]>, O>,
  ): Tensor<Of<Dot<X["shape"], O["shape"]>>, Promote<X["dtype"], O["dtype"]>>;
  /** Every element of this times every element of the other. */
  outer<X extends Tensor, O extends Tensor>(
    this: X,
    other: O,
  ): Tensor<Of<Outer<X["shape"], O["shape"]>>, Promote<X["dtype"], O["dtype"]>>;
}
