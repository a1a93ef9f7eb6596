import type { Access, MatmulKernel, ReduceKernel, Value } from "../../program.js";

/** A product of matrices as a fold over k: right for any layout and type, and slow. */
export function matmulAsReduce({ batch, m, n, k, dtype, x, y, to }: MatmulKernel): ReduceKernel {
  const rank = batch.length;
  const load = (
    from: Access,
    place: (batch: number[], row: number, column: number) => number[],
  ) => {
    const { strides } = from.layout;
    const [row, column] = strides.slice(rank);
    const layout = { ...from.layout, strides: place(strides.slice(0, rank), row, column) };
    return { kind: "load", dtype, from: { buffer: from.buffer, layout } } satisfies Value;
  };
  // Over the axes [batch…, m, n, k].
  const left = load(x, (outer, row, column) => [...outer, row, 0, column]);
  const right = load(y, (outer, row, column) => [...outer, 0, column, row]);
  return {
    kind: "reduce",
    outer: [...batch, m, n],
    inner: [k],
    folds: [{ fn: "sum", value: { kind: "call", dtype, fn: "mul", args: [left, right] }, to }],
  };
}
