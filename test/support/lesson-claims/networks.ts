import { expect } from "vitest";
import type { Claims } from "../lessons.js";

/** Lessons about losses, networks, and how flexible a model should be. */
export const networkClaims: Claims = {
  "counting-errors": (f) => {
    expect(f.along.length).toBeGreaterThan(50);
    for (const { errors, errorSlope, bound } of f.along) {
      expect(errorSlope).toBe(0);
      expect(bound).toBeGreaterThan(errors);
    }
    expect(f.steps).toBeLessThan(f.along.length / 2);
    // Convex: its slope only grows.
    const slopes = f.along.map((p: any) => p.lossSlope);
    expect(slopes.every((slope: number, i: number) => i === 0 || slope > slopes[i - 1])).toBe(true);
    const [counted, logLoss] = f.ends;
    expect(counted.w).toEqual([-1, 0.3]);
    expect(counted.errors).toBeGreaterThan(0.7);
    expect(logLoss.errors).toBeLessThan(0.25);
    // The factor changes no decision, and the log loss is least where it is 1.
    expect(new Set(f.sure.map((s: any) => s.errors)).size).toBe(1);
    const best = Math.min(...f.sure.map((s: any) => s.loss));
    expect(f.sure.find((s: any) => s.factor === 1).loss).toBe(best);
    expect(f.sure.at(-1).loss).toBeGreaterThan(5 * best);
  },
  "sigmoid-is-softmax": (f) => {
    expect(Object.keys(f.gaps)).toHaveLength(4);
    for (const gap of Object.values(f.gaps)) expect(gap).toBeLessThan(1e-13);
    expect(f.fits.difference).toBeLessThan(1e-8);
    expect(f.fits.sharedOut).toBeLessThan(1e-8);
    expect(f.fits.probabilities).toBeLessThan(1e-8);
    // With the same C it is another model.
    expect(f.fits.sameC).toBeGreaterThan(1e-3);
  },
  "without-activations": (f) => {
    expect(f.results.map((r: any) => r.name)).toEqual(["blobs", "moons", "circles"]);
    for (const { folding, straight, bent } of f.results) {
      expect(folding).toBeLessThan(1e-4);
      expect(straight).toBeLessThan(1e-4);
      expect(bent).toBeGreaterThan(0.1);
    }
    const [blobs, moons, circles] = f.results;
    for (const accuracy of [blobs.linearAccuracy, blobs.regressionAccuracy, blobs.reluAccuracy])
      expect(accuracy).toBeGreaterThan(0.95);
    expect(Math.abs(moons.linearAccuracy - moons.regressionAccuracy)).toBeLessThan(0.05);
    // Inside against outside: no line does better than a coin, and ReLU does.
    expect(circles.linearAccuracy).toBeLessThan(0.7);
    expect(circles.regressionAccuracy).toBeLessThan(0.7);
    expect(circles.reluAccuracy).toBeGreaterThan(0.95);
  },
  "sigmoid-against-relu-in-depth": (f) => {
    const [sigmoid, relu] = f.norms;
    expect([sigmoid.name, relu.name]).toEqual(["sigmoid", "relu"]);
    for (const { byLayer } of f.norms) expect(byLayer).toHaveLength(f.depth + 1);
    // Less of the gradient at every layer, by a third at most of what the one behind it has.
    expect(f.vanishing).toBeLessThan(1 / 3);
    expect(f.kept).toBeGreaterThan(0.7);
    expect(f.kept).toBeLessThan(1.4);
    expect(sigmoid.byLayer[0]).toBeLessThan(1e-3 * sigmoid.byLayer.at(-1));
    expect(relu.byLayer[0]).toBeGreaterThan(0.1 * relu.byLayer.at(-1));
    const [sigmoidAccuracy, reluAccuracy] = f.trained.at(-1).accuracies;
    expect(sigmoidAccuracy).toBeLessThan(0.65);
    expect(reluAccuracy).toBeGreaterThan(0.85);
  },
  "what-convolution-filters-learn": (f) => {
    expect(f.accuracy).toBeGreaterThan(0.75);
    expect(f.rows).toHaveLength(8);
    const mean = (of: (row: any) => number): number =>
      f.rows.reduce((sum: number, row: any) => sum + of(row) / f.rows.length, 0);
    expect(Math.abs(mean((r) => r.alikeBefore))).toBeLessThan(0.15);
    expect(mean((r) => r.alike)).toBeGreaterThan(0.5);
    for (const { alikeBefore, alike } of f.rows) expect(alike).toBeGreaterThan(alikeBefore + 0.2);
    // They look for different strokes, and are excited by different digits.
    expect(new Set(f.rows.map((r: any) => r.angle)).size).toBeGreaterThanOrEqual(4);
    expect(new Set(f.rows.map((r: any) => r.most[0])).size).toBeGreaterThanOrEqual(3);
    expect(mean((r) => r.selectivity)).toBeGreaterThan(1.2);
    for (const { most, least } of f.rows) expect(most).not.toContain(least[0]);
  },
  "bias-and-variance": (f) => {
    const { results, noise, rows, best } = f;
    expect(results.length).toBeGreaterThan(10);
    for (const { biasSquared, variance, error } of results) {
      const sum = biasSquared + variance + noise ** 2;
      expect(Math.abs(error - sum)).toBeLessThan(0.02 * sum);
    }
    const falls = (of: string): boolean =>
      results.every((r: any, i: number) => i === 0 || r[of] < results[i - 1][of]);
    expect(falls("learned")).toBe(true);
    expect(falls("variance")).toBe(false);
    for (const [i, { variance }] of results.entries())
      if (i > 0) {
        const added = variance - results[i - 1].variance;
        expect(added).toBeGreaterThan((0.5 * noise ** 2) / rows);
        expect(added).toBeLessThan((2 * noise ** 2) / rows);
      }
    // The least error lies in between, and what is left of it there is noise for the most part.
    expect(best).toBe(5);
    expect(results[1].biasSquared).toBeGreaterThan(10 * results[1].variance);
    expect(results.at(-1).biasSquared).toBeLessThan(0.1 * results.at(-1).variance);
    expect(results[1].error).toBeGreaterThan(2 * results[best].error);
    expect(results.at(-1).error).toBeGreaterThan(1.1 * results[best].error);
  },
};
