import * as binary from "./binary.js";
import * as contraction from "./contraction.js";
import * as convolution from "./convolution.js";
import * as decompositions from "./decompositions.js";
import * as fourier from "./fourier.js";
import * as indexing from "./indexing.js";
import * as linearAlgebra from "./linear-algebra.js";
import * as logic from "./logic.js";
import * as movement from "./movement.js";
import * as reduce from "./reduce.js";
import * as source from "./source.js";
import { sparseMatmul } from "./sparse.js";
import * as unary from "./unary.js";
import * as windows from "./windows.js";

/** Every primitive operation by name: whatever the files of this folder export. */
export const ops = {
  ...unary,
  ...binary,
  ...logic,
  ...reduce,
  ...movement,
  ...contraction,
  ...convolution,
  ...windows,
  ...indexing,
  ...fourier,
  ...linearAlgebra,
  ...decompositions,
  sparseMatmul,
  ...source,
};

export type OpName = keyof typeof ops;
