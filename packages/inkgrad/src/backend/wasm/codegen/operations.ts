import type { DType } from "../../../base/dtype.js";
import type { OpName } from "../../../ops/table.js";
import type { Buffer, OperationKernel } from "../../program.js";
import { convSteps } from "./convolution/forward.js";
import { convInputSteps } from "./convolution/input.js";
import { convKernelSteps } from "./convolution/weights.js";
import { foldSteps } from "./fold.js";
import { cumulative } from "./operations/cumulative.js";
import { gather } from "./operations/gather.js";
import { position } from "./operations/position.js";
import { randomBits } from "./operations/random-bits.js";
import { scatter } from "./operations/scatter.js";
import { sort } from "./operations/sort.js";
import { sparseMatmul } from "./operations/sparse-matmul.js";
import type { Step } from "./step.js";
import type { TileMode } from "./tile-shapes.js";

/** Makes a buffer for what one step leaves to the next. */
export type Scratch = (dtype: DType, elements: number) => Buffer;

/**
 * Writes an operation's steps; null where it cannot (a type or a form it does not know), and the
 * host computes it.
 */
export type OperationLowering = (
  kernel: OperationKernel,
  scratch: Scratch,
  tiles: TileMode,
) => Step[] | null;

/** Operations with kernels of their own here, one file each. */
const lowerings: { readonly [K in OpName]?: OperationLowering } = {
  conv: convSteps,
  convInput: convInputSteps,
  convKernel: convKernelSteps,
  fold: foldSteps,
  argmax: position,
  argmin: position,
  argsort: sort,
  cumprod: cumulative,
  cumsum: cumulative,
  gather,
  randomBits,
  scatter,
  sort,
  sparseMatmul,
};

export const operationSteps: OperationLowering = (kernel, scratch, tiles) =>
  lowerings[kernel.node.op]?.(kernel, scratch, tiles) ?? null;
