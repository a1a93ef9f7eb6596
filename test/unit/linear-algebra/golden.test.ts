import {
  cholesky,
  cond,
  determinant,
  eigh,
  inverse,
  logDeterminant,
  lstsq,
  lu,
  matrixRank,
  pinv,
  qr,
  solve,
  svd,
  type Tensor,
  trace,
  triangularSolve,
} from "inkgrad";
import { describe, test } from "vitest";
import { expectClose, expectGradients, golden, isWritten, read, readAll } from "./support.js";

/** Each takes and gives what the golden files write. */
const functions: Record<string, unknown> = {
  lu,
  cholesky,
  qr,
  eigh,
  svd,
  triangularSolve,
  solve,
  inverse,
  determinant,
  logDeterminant,
  lstsq,
  pinv,
  trace,
  matrixRank,
  cond,
};
const primitiveLu = (x: Tensor): Tensor[] => {
  const [permutation, lower, upper] = lu(x);
  return [lower, upper, permutation];
};

for (const path of ["primitives/linalg.json", "composites/linalg.json"])
  describe(`${path}: values and gradients agree with PyTorch`, () => {
    golden(path).forEach((one, i) => {
      const name = (one.op ?? one.fn)!;
      test(`${name}, case ${i}`, () => {
        const written = one.src ?? one.args!;
        const args = written.filter(isWritten).map(read);
        const options = one.attrs ?? written.find((x) => !isWritten(x));
        const f = (one.op === "lu" ? primitiveLu : functions[name]) as (
          ...xs: unknown[]
        ) => Tensor | Tensor[];
        const call = (...xs: Tensor[]): Tensor[] => [f(...xs, options)].flat();
        const expected = readAll(one.out);
        call(...args).forEach((y, k) => expectClose(y, expected[k], 1e-11));
        expectGradients(call, args, one);
      });
    });
  });
