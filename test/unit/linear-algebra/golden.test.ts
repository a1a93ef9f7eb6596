import {
  cholesky,
  determinant,
  eigh,
  inverse,
  logDeterminant,
  lstsq,
  lu,
  pinv,
  qr,
  solve,
  svd,
  type Tensor,
  triangularSolve,
} from "inkgrad";
import { describe, test } from "vitest";
import { expectClose, expectGradients, golden, read, readAll } from "./support.js";

type Function = (...args: never[]) => unknown;

/** The results in the order in which the golden file writes them. */
const functions: Record<string, Function> = {
  lu: (x: Tensor) => {
    const [permutation, lower, upper] = lu(x);
    return [lower, upper, permutation];
  },
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
};

for (const path of ["primitives/linalg.json", "composites/linalg.json"])
  describe(`${path}: values and gradients agree with PyTorch`, () => {
    golden(path).forEach((one, i) => {
      const name = (one.op ?? one.fn)!;
      test(`${name}, case ${i}`, () => {
        const args = (one.src ?? one.args)!.map(read);
        const f = functions[name] as (...args: unknown[]) => Tensor | Tensor[];
        const call = (...xs: Tensor[]): Tensor[] => [f(...xs, one.attrs)].flat();
        const expected = readAll(one.out);
        call(...args).forEach((y, k) => expectClose(y, expected[k], 1e-11));
        expectGradients(call, args, one);
      });
    });
  });
