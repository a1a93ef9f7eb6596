import { tensorOf } from "../../../data/tensor-of.js";
import { elementsOf } from "../../../tensor/operand.js";
import type { Tensor } from "../../../tensor/tensor.js";
import { compile } from "../../../tensor/transforms/compile.js";
import { binomial } from "../losses/binomial.js";
import type { Loss } from "../losses/loss.js";
import { multinomial } from "../losses/multinomial.js";
import { squared } from "../losses/squared.js";
import type { Design, Sums, Weights } from "./design.js";

/** Loss and margins of a linear model over rows in blocks, in whichever form these lie in memory. */

/** Rows that one program goes over. */
export interface Block<X> {
  readonly from: number;
  readonly rows: number;
  /** As X·W takes them. */
  readonly x: X;
  /** As Xᵀ·r takes them too. */
  readonly whole: () => X;
}

/** How rows of a form are multiplied, within a program. */
export interface Products<X> {
  /** "", or what the rows are, for the programs' names: " with sparse rows". */
  readonly about: string;
  /** X·W [rows, outputs] */
  readonly forward: (x: X, w: Tensor) => Tensor;
  /** Xᵀ·r [columns, outputs] of r [rows, outputs], in f64 */
  readonly backward: (x: X, r: Tensor, columns: number) => Tensor;
}

export type Programs<X> = ReturnType<typeof programsOf<X>>;

export function programsOf<X>({ about, forward, backward }: Products<X>) {
  /** Value and gradient of a loss over some rows, as one program. */
  const lossProgram = (loss: Loss) =>
    compile(
      (x: X, y: Tensor, weights: Tensor | null, w: Tensor, b: Tensor) => {
        const z = forward(x, w).add(b as never) as Tensor;
        const { loss: plain, residual } = loss.forward(z, y);
        const losses = weights === null ? plain : plain.mul(weights as never);
        const r = weights === null ? residual : residual.mul(weights.reshape([-1, 1]) as never);
        return {
          value: losses.cast("f64").sum(),
          W: backward(x, r, w.shape[0]),
          b: r.sum(0).cast("f64"),
        };
      },
      { name: `${loss.name} loss of a linear model${about}` },
    );
  const margins = compile(
    (x: X, w: Tensor, b: Tensor) =>
      forward(x, w)
        .add(b as never)
        .cast("f64"),
    { name: `margins of a linear model${about}` },
  );
  return {
    binomial: lossProgram(binomial),
    multinomial: lossProgram(multinomial),
    squared: lossProgram(squared),
    margins,
  };
}

type Float = Design["dtype"];

/** Numbers of the solvers, which are f64, as a tensor of the rows' type. */
export const typedAs =
  (dtype: Float) =>
  (list: Float64Array, shape: readonly number[]): Tensor =>
    tensorOf(dtype === "f32" ? new Float32Array(list) : list.slice(), shape, dtype);

/** What a design does by going over all rows at once. */
export function overBlocks<X>(
  { rows, columns, dtype }: Pick<Design, "rows" | "columns" | "dtype">,
  blocks: readonly Block<X>[],
  programs: Programs<X>,
): Pick<Design, "lossOf" | "margins"> {
  const typed = typedAs(dtype);
  return {
    lossOf({ loss, outputs, targets, weights }) {
      const program = programs[loss.name];
      const parts = blocks.map(({ from, rows, whole }) => ({
        x: whole(),
        y: typed(targets.subarray(from, from + rows), [rows]),
        weights: weights === null ? null : typed(weights.subarray(from, from + rows), [rows]),
      }));
      return ({ W, b }) => {
        const [w, c] = [typed(W, [columns, outputs]), typed(b, [outputs])];
        let value = 0;
        const sums: Weights = { W: new Float64Array(W.length), b: new Float64Array(b.length) };
        for (const { x, y, weights } of parts) {
          const found = program(x, y, weights, w, c);
          value += elementsOf(found.value.node)[0];
          add(sums.W, elementsOf(found.W.node) as Float64Array);
          add(sums.b, elementsOf(found.b.node) as Float64Array);
        }
        return { value, ...sums } satisfies Sums;
      };
    },
    margins({ W, b }) {
      const out = new Float64Array(rows * b.length);
      const [w, c] = [typed(W, [columns, b.length]), typed(b, [b.length])];
      for (const { x, from } of blocks)
        out.set(elementsOf(programs.margins(x, w, c).node), from * b.length);
      return out;
    },
  };
}

/** Adds numbers to others. */
export function add(to: Float64Array, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i] += from[i];
}
