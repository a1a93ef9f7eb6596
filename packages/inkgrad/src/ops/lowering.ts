import type { ReadonlyShape } from "../base/shape.js";
import type { Expr } from "./scalar.js";

/** How the elements of an array lie in memory: index → offset + Σ index[i]·strides[i]. */
export interface Layout {
  readonly shape: ReadonlyShape;
  readonly strides: readonly number[];
  readonly offset: number;
}

/** Operations that have a kernel of their own in every backend. */
export type KernelName =
  | "constant"
  | "placeholder"
  | "full"
  | "iota"
  | "pad"
  | "concat"
  | "sum"
  | "prod"
  | "max"
  | "min"
  | "any"
  | "all"
  | "argmax"
  | "argmin"
  | "cumsum"
  | "cumprod"
  | "matmul"
  | "sparseMatmul"
  | "conv"
  | "convInput"
  | "convKernel"
  | "fold"
  | "gather"
  | "scatter"
  | "sort"
  | "argsort"
  | "fft"
  | "lu"
  | "cholesky"
  | "triangularSolve"
  | "qr"
  | "eigh"
  | "svd"
  | "randomBits";

/**
 * How an operation is computed:
 * * `map`: one scalar expression for each element;
 * * `view`: the same elements seen through another layout, nothing computed. Null where no layout
 *   can say it, and a copy is needed first;
 * * `forward`: the first input as it is;
 * * `kernel`: loops of its own.
 */
export type Lowering<A = never> =
  MapLowering<A> | ViewLowering<A> | ForwardLowering | KernelLowering;

interface MapLowering<A> {
  readonly kind: "map";
  readonly expr: (inputs: readonly Expr[], attrs: A) => Expr;
}
interface ViewLowering<A> {
  readonly kind: "view";
  readonly layout: (source: Layout, attrs: A, shape: ReadonlyShape) => Layout | null;
}
interface ForwardLowering {
  readonly kind: "forward";
}
interface KernelLowering {
  readonly kind: "kernel";
  readonly kernel: KernelName;
}

export const map = <A>(expr: MapLowering<A>["expr"]): MapLowering<A> => ({ kind: "map", expr });
export const view = <A>(layout: ViewLowering<A>["layout"]): ViewLowering<A> => ({
  kind: "view",
  layout,
});
export const kernel = (name: KernelName): KernelLowering => ({ kind: "kernel", kernel: name });
export const forward: ForwardLowering = { kind: "forward" };
