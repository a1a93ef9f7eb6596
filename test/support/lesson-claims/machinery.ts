import { expect } from "vitest";
import type { Claims } from "../lessons.js";

const close = (a: number, b: number, share = 1e-3): boolean =>
  Math.abs(a - b) <= share * Math.abs(b) + 1e-7;

/**
 * Lessons about how derivatives and programs work. The times that they print depend on the machine:
 * what is held here is what the times come from (calls, runs, passes).
 */
export const machineryClaims: Claims = {
  "clipping-against-logits": (f) => {
    const [naive, clipped, logits] = [0, 1, 2];
    expect(f.names).toEqual(["naive", "clipped", "from logits"]);
    const [wrong, right] = [f.rows[0], f.rows.at(-1)];
    expect([wrong.z, right.z]).toEqual([-1000, 1000]);
    // From logits, value and gradient are right everywhere.
    for (const { exact, exactSlope, values, slopes } of f.rows) {
      expect(close(values[logits], exact)).toBe(true);
      expect(close(slopes[logits], exactSlope)).toBe(true);
    }
    expect(wrong.values[logits]).toBe(1000);
    expect(wrong.slopes[logits]).toBe(-1);
    expect([wrong.values[naive], wrong.slopes[naive]]).toEqual([Infinity, NaN]);
    // Clipped, the loss ends at -log 1e-7, and nothing is learned beyond.
    for (const { z, values, slopes } of f.rows)
      if (z <= -20) {
        expect(values[clipped]).toBeCloseTo(-Math.log(1e-7), 4);
        expect(slopes[clipped]).toBe(0);
      }
    expect(f.ends.clipped).toBe(-100);
    expect(f.ends["from logits"]).toBeGreaterThan(0);
    expect(f.many).toBe(2000);
    expect(f.manySlope).toEqual([1, 0, -1]);
  },
  "vectorised-against-loops": (f) => {
    expect(f.gradient.difference).toBeLessThan(1e-6);
    expect(f.gradient.examples).toBe(500);
    expect(f.gradient.times.map(({ calls }: { calls: number }) => calls)).toEqual([500, 0, 1]);
    expect(f.products).toHaveLength(3);
    for (const { n, difference } of f.products) expect(difference).toBeLessThan(1e-6 * n);
  },
  "static-against-dynamic": (f) => {
    for (const { runs, difference } of f.steps) {
      expect(runs).toEqual([10, 1]);
      expect(difference).toBeLessThan(1e-6);
    }
    expect(f.eager).toEqual([
      [1, 4],
      [1, 2],
    ]);
    expect(f.chosen).toEqual(f.eager);
    expect(f.refused.name).toBe("TraceError");
    expect(f.powers).toEqual([4, 8, 4, 8, 8, 4]);
    expect(f.traces).toBe(2);
    expect(f.root).toBeCloseTo(Math.SQRT2, 6);
    expect(f.rounds).toBeLessThan(10);
  },
  "memory-with-checkpoints": (f) => {
    expect(f.difference).toBeLessThan(1e-6);
    const [first, last] = [f.rows[0], f.rows.at(-1)];
    const grown = (i: number): number =>
      (last.memory[i] - first.memory[i]) / f.layerBytes / (last.depth - first.depth);
    // All kept: three values a layer. Each layer checkpointed: one. Groups: fewer.
    expect(grown(0)).toBeCloseTo(3, 1);
    expect(grown(1)).toBeCloseTo(1, 1);
    expect(grown(2)).toBeLessThan(0.8);
    expect(last.memory[2]).toBeLessThan(last.memory[0] / 2.5);
    for (const { work } of f.rows)
      for (const again of work.slice(1)) {
        expect(again / work[0]).toBeGreaterThan(1.1);
        expect(again / work[0]).toBeLessThan(1.5);
      }
  },
  "hessian-and-conditioning": (f) => {
    const [raw, scaled] = f.studies;
    expect(raw.kappa).toBeGreaterThan(50 * scaled.kappa);
    for (const { most, least, kappa, steps, foretold, newton } of f.studies) {
      expect(kappa).toBeCloseTo(most / least, 9);
      expect(least).toBeGreaterThan(0);
      expect(Math.abs(steps - foretold)).toBeLessThanOrEqual(1);
      expect(newton).toBe(1);
    }
    const [below, above] = f.factors;
    expect([below.share, above.share]).toEqual([1.9, 2.1]);
    expect(below.growth).toBeLessThan(1);
    expect(above.growth).toBeGreaterThan(1000);
    expect(f.byProducts).toBeCloseTo(raw.most, 6);
  },
  "forward-against-reverse": (f) => {
    for (const { n, m, forward, reverse, difference } of [...f.rows, ...f.gradients]) {
      expect([forward.passes, reverse.passes]).toEqual([n, m]);
      expect(difference).toBeLessThan(1e-5);
    }
    // Sixteen times the inputs: forward mode has as many more passes to make, reverse mode still one.
    const [few, many] = [f.gradients[0], f.gradients.at(-1)];
    expect(many.n).toBe(16 * few.n);
    expect(many.forward.passes).toBe(16 * few.forward.passes);
    expect([few.reverse.passes, many.reverse.passes]).toEqual([1, 1]);
  },
};
