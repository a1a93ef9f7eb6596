import { describe, it } from "vitest";
import { checkConvolution, type ConvolutionCase, upTo67 } from "../../support/convolutions.js";
import { onTwoThreads } from "../../support/two-threads.js";

onTwoThreads();

/**
 * Each dimension from 1 to 67, with channels and features in {1, 7, 64}; all three operations, exactly.
 * The dimensions besides stay small, and of what has 7 × 64 or 64 × 64 channels and features only every
 * third or eleventh size is taken: the reference's plain loops would take minutes over 64 images of
 * 64 × 64 places with 64 channels. f64 has the same code in other vectors: 7 × 7 stands for it.
 */
async function sweep(caseOf: (size: number, depth: Depth) => ConvolutionCase): Promise<void> {
  for (const channels of [1, 7, 64])
    for (const features of [1, 7, 64]) {
      const products = channels * features;
      const types = products === 49 ? (["f32", "f64"] as const) : (["f32"] as const);
      const every = products > 448 ? 11 : products > 64 ? 3 : 1;
      for (const size of upTo67)
        if (size % every === 1 % every)
          await checkConvolution(caseOf(size, { channels, features }), types);
    }
}

interface Depth {
  readonly channels: number;
  readonly features: number;
}

describe("each dimension from 1 to 67", () => {
  it("images", () =>
    sweep((n, { channels, features }) => ({ x: [n, 2, 2, channels], window: [2, 1], features })));

  it("lines", () =>
    sweep((h, { channels, features }) => ({
      x: [1, h, 2, channels],
      window: [Math.min(h, 2), 2],
      features,
    })));

  it("lines of several images, longer windows", async () => {
    for (const h of upTo67)
      await checkConvolution({ x: [2, h, 4, 2], window: [h > 1 ? 2 : 1, 3], features: 3 });
  });

  it("columns", () =>
    sweep((w, { channels, features }) => ({
      x: [1, 2, w, channels],
      window: [1, Math.min(w, 2)],
      features,
    })));

  it("columns of windows of one place, and of two by two", async () => {
    for (const w of upTo67) {
      await checkConvolution({ x: [1, 3, w, 3], window: [2, Math.min(w, 2)], features: 9 });
      await checkConvolution({ x: [1, 2, w, 1], window: [1, 1], features: 4 });
    }
  });

  it("channels", async () => {
    for (const c of upTo67)
      for (const features of [1, 7, 64])
        await checkConvolution(
          { x: [1, 3, 4, c], window: [2, 2], features },
          features === 64 ? ["f32"] : undefined,
        );
  });

  it("features", async () => {
    for (const features of upTo67)
      for (const c of [1, 7, 64])
        await checkConvolution(
          { x: [1, 3, 4, c], window: [2, 2], features },
          c === 64 ? ["f32"] : undefined,
        );
  });

  it("window, along one axis", () =>
    sweep((size, { channels, features }) => ({
      x: [1, size + 1, channels],
      window: [size],
      features,
    })));

  it("window, along the second axis and along both", async () => {
    for (const size of upTo67)
      await checkConvolution({ x: [1, 2, 68, 2], window: [1, size], features: 2 }, ["f32"]);
    for (const size of [1, 2, 3, 5, 7])
      await checkConvolution({ x: [1, 8, 9, 3], window: [size, size], features: 5 });
  });

  it("length along one axis", () =>
    sweep((size, { channels, features }) => ({
      x: [1, size, channels],
      window: [3],
      features,
      padding: [[1, 1]],
    })));
});
