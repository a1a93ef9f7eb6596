import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { backendNamed, backendNames } from "@src/backend/registry.js";
import type { TypedArray } from "@src/base/dtype.js";
import { print } from "@src/graph/print.js";
import { topological } from "@src/graph/schedule.js";
import { evaluateGraph, numbersOf } from "../support/evaluate-graph.js";
import { registerWasmMode, type WasmMode, whyNot } from "../support/wasm-modes.js";
import { randomGraph, type RandomGraph } from "../support/random-graph.js";

/** Operations whose float results may differ in the last places: other series, another order. */
const rounding = new Set<string>([
  ...["exp", "expm1", "log", "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "atan2"],
  ...["sinh", "cosh", "tanh", "erf", "lgamma", "polygamma", "pow", "xlogy", "mod"],
  ...["sum", "prod", "cumsum", "cumprod", "matmul", "fold", "conv", "convInput", "convKernel"],
  ...["fft", "scatter", "lu", "cholesky", "qr", "eigh", "svd", "triangularSolve", "sparseMatmul"],
]);

/** Some backends answer later. */
const evaluateOn = async (
  name: string,
  { inputs, values, outputs }: RandomGraph,
): Promise<TypedArray[]> => evaluateGraph(outputs, inputs, values, backendNamed(name));

const usual = backendNames();
const modes: readonly WasmMode[] = [
  "wasm on 2 threads",
  "wasm, compiled, on 1 thread",
  "wasm with wide vectors",
];
for (const mode of modes) if (whyNot(mode) === null) registerWasmMode(mode);
const runsOn = (name: string): number => (usual.includes(name) ? 1500 : 300);

const isExact = ({ outputs }: RandomGraph): boolean =>
  topological(outputs).every((node) => !rounding.has(node.op));

for (const name of backendNames().filter((other) => other !== "reference"))
  describe(`the backend ${name}`, () => {
    it("gives the reference's bits for random graphs of exact operations", async () => {
      await fc.assert(
        fc.asyncProperty(randomGraph().filter(isExact), async (graph) => {
          const expected = evaluateGraph(graph.outputs, graph.inputs, graph.values);
          const found = await evaluateOn(name, graph);
          graph.outputs.forEach((node, i) => {
            expect(numbersOf(found[i], node.dtype), print(graph.outputs)).toEqual(
              numbersOf(expected[i], node.dtype),
            );
          });
        }),
        { numRuns: runsOn(name) },
      );
    });

    it("agrees with the reference for random graphs of smooth functions", async () => {
      await fc.assert(
        fc.asyncProperty(randomGraph({ smooth: true }), async (graph) => {
          const expected = evaluateGraph(graph.outputs, graph.inputs, graph.values);
          const found = await evaluateOn(name, graph);
          graph.outputs.forEach((node, i) => {
            const [x, y] = [numbersOf(found[i], node.dtype), numbersOf(expected[i], node.dtype)];
            const scale = y.reduce((most, v) => Math.max(most, Math.abs(v)), 1);
            x.forEach((v, k) => {
              const equal = Object.is(v, y[k]) || Math.abs(v - y[k]) <= 1e-9 * scale;
              expect(equal, `${v} for ${y[k]}\n${print(graph.outputs)}`).toBe(true);
            });
          });
        }),
        { numRuns: runsOn(name) },
      );
    });
  });
