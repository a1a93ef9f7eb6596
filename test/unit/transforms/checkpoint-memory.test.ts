import { expect, it } from "vitest";
import { checkpoint, grad, ones, type Tensor } from "inkgrad";
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
