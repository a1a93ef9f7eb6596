import { expect, it } from "vitest";
import { checkpoint, grad, inspect, ones, type Tensor, zeros } from "inkgrad";
import { schedule } from "@src/graph/schedule.js";

/** Bytes planned for the gradient of a deep chain of blocks. */
function plannedPeak(wrap: (block: (x: Tensor) => Tensor) => (x: Tensor) => Tensor): number {
  const block = wrap((x) => x.sin().exp().tanh().cos());
  const deep = (x: Tensor): Tensor<[]> => {
    let y = x;
    for (let i = 0; i < 16; i++) y = block(y);
    return y.cast("f32").sum();
  };
  const gradient = grad(deep)(ones([1000]));
  return schedule([gradient.node]).peakBytes;
}

it("checkpoint lowers the planned peak memory of a backward pass", () => {
  const kept = plannedPeak((block) => block);
  const recomputed = plannedPeak(checkpoint);
  // 16 blocks keep some 4 intermediate results each; with checkpoints only the blocks' ends stay.
  expect(kept).toBeGreaterThan(16 * 3 * 4000);
  expect(recomputed).toBeLessThan(kept / 2);
});

const [depth, width, rows] = [16, 8, 512];
const weights = Array.from({ length: depth }, () => zeros([width, width]));
const x0 = zeros([rows, width]);
const oneResult = 4 * rows * width;

/** Results of a layer that fit into the arena of a step with weights of their own in each layer. */
function resultsKept(group: number): number {
  const layers = (x: Tensor, ...ws: Tensor[]): Tensor =>
    ws.reduce<Tensor>((y, w) => y.matmul(w).tanh(), x);
  const block = group === 0 ? layers : (checkpoint(layers as never) as unknown as typeof layers);
  const size = group === 0 ? depth : group;
  const loss = (ws: Tensor[]): Tensor<[]> => {
    let y: Tensor = x0;
    for (let i = 0; i < depth; i += size) y = block(y, ...ws.slice(i, i + size));
    return y.cast("f32").sum();
  };
  return inspect(grad(loss), weights).arenaBytes / oneResult;
}

it("a backward pass keeps one result a layer, and with checkpoints fewer, where each layer has weights of its own", () => {
  expect(resultsKept(0)).toBeLessThan(depth + 6);
  // Groups of four: the ends of four groups, and one group's results at a time.
  expect(resultsKept(4)).toBeLessThan(13);
});
