import type { KernelName } from "../../ops/lowering.js";
import { conv, convInput, convKernel } from "./convolution.js";
import { matmul } from "./contraction.js";
import { fft } from "./fourier.js";
import { eigh } from "./linear-eigh.js";
import { cholesky, lu, triangularSolve } from "./linear-factors.js";
import { qr } from "./linear-qr.js";
import { svd } from "./linear-svd.js";
import { argsort, gather, scatter, sort } from "./indexing.js";
import type { Kernel } from "./kernel.js";
import { concat, fold, pad } from "./movement.js";
import { all, any, argmax, argmin, cumprod, cumsum, max, min, prod, sum } from "./reduce.js";
import { sparseMatmul } from "./sparse.js";
import { constant, full, iota, placeholder, randomBits } from "./source.js";

/** One kernel for each name; a missing one is a type error. */
export const kernels: { readonly [K in KernelName]: Kernel } = {
  constant,
  placeholder,
  full,
  iota,
  randomBits,
  pad,
  concat,
  fold,
  sum,
  prod,
  max,
  min,
  any,
  all,
  argmax,
  argmin,
  cumsum,
  cumprod,
  matmul,
  sparseMatmul,
  conv,
  convInput,
  convKernel,
  gather,
  scatter,
  sort,
  argsort,
  fft,
  lu,
  cholesky,
  triangularSolve,
  qr,
  eigh,
  svd,
};
