import "./tensor/methods.js";

export * from "./base/errors.js";
export type { DType } from "./base/dtype.js";
export type { Shape } from "./base/shape.js";
export { isTensor, Tensor } from "./tensor/tensor.js";
export {
  elu,
  gelu,
  leakyRelu,
  logSigmoid,
  relu,
  sigmoid,
  silu,
  softplus,
} from "./tensor/functions/activation.js";
export { allClose, isClose } from "./tensor/functions/close.js";
export { full, ones, onesLike, tensor, zeros, zerosLike } from "./tensor/functions/create.js";
export { argWhere, nonZero, searchSorted } from "./tensor/functions/search.js";
export { putAlongAxis } from "./tensor/functions/put-along-axis.js";
export { ellipsis, newAxis, range } from "./tensor/indexing/kinds.js";
export type { Index } from "./tensor/indexing/kinds.js";
export { diag, eye, tril, triu } from "./tensor/functions/diagonal.js";
export { einsum } from "./tensor/functions/einsum.js";
export { clip, tanh } from "./tensor/functions/elementwise.js";
export { bincount, histogram } from "./tensor/functions/histogram.js";
export { concat, split, stack } from "./tensor/functions/join.js";
export { logAddExp } from "./tensor/functions/log-add-exp.js";
export { oneHot } from "./tensor/functions/one-hot.js";
export { median, quantile, topK } from "./tensor/functions/order.js";
export { arange, linspace, meshgrid } from "./tensor/functions/range.js";
export { logSoftmax, logSumExp, softmax } from "./tensor/functions/reduce.js";
export { sparseMatmul } from "./tensor/functions/sparse.js";
export type { CompressedRows } from "./tensor/functions/sparse.js";
export { slidingWindows } from "./tensor/functions/sliding-windows.js";
export { take, takeAlongAxis } from "./tensor/functions/take.js";
export { unique } from "./tensor/functions/unique.js";
export { where } from "./tensor/functions/where.js";
export { xlogy } from "./tensor/functions/xlogy.js";
export { cholesky, eigh, lu, qr, svd, triangularSolve } from "./tensor/functions/linear-algebra.js";
export { cond, inverse, lstsq, matrixRank, pinv, solve, trace } from "./tensor/functions/solve.js";
export { determinant, logDeterminant } from "./tensor/functions/determinant.js";
export { setBackend, setDeterministic, setThreads, setWideVectors } from "./backend/registry.js";
export { grad, valueAndGrad } from "./tensor/transforms/grad.js";
export { directionalDerivative, jvp, vjp } from "./tensor/transforms/linearize.js";
export { hessian, hvp, jacobian } from "./tensor/transforms/jacobian.js";
export { vmap } from "./tensor/transforms/vmap.js";
export { checkpoint, customGradient, stopGradient } from "./tensor/transforms/custom.js";
export { backward, tape, Variable, variable } from "./tensor/transforms/variable.js";
export { compile } from "./tensor/transforms/compile.js";
export type { CompileOptions } from "./tensor/transforms/compile.js";
export { inspect, profile } from "./tensor/transforms/inspect.js";
export type { Inspection, Profile, ProfiledKernel } from "./tensor/transforms/inspect.js";
export { checkGradients } from "./tensor/transforms/check-gradients.js";
export { explain } from "./tensor/transforms/explain.js";
export type { Explanation } from "./tensor/transforms/explain.js";
export {
  conv1d,
  conv2d,
  convTranspose1d,
  convTranspose2d,
} from "./tensor/functions/convolution.js";
export {
  avgPool1d,
  avgPool2d,
  globalAvgPool,
  globalMaxPool,
  maxPool1d,
  maxPool2d,
} from "./tensor/functions/pooling.js";
export { convolve, convolve2d, correlate } from "./tensor/functions/signal.js";
export { fft, fftFrequencies, ifft, irfft, rfft } from "./tensor/functions/fourier.js";
export { fftConvolve } from "./tensor/functions/fft-convolve.js";
export * as random from "./tensor/random/index.js";
export { criticalPoints } from "./tensor/transforms/critical-points.js";
export type { CriticalPoint, CriticalPointsOptions } from "./tensor/transforms/critical-points.js";
export { implicitDerivative, implicitFunction } from "./tensor/transforms/implicit.js";
