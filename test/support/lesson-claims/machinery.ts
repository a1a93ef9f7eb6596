import { expect } from "vitest";
import type { Claims } from "../lessons.js";

const close = (a: number, b: number, share = 1e-3): boolean =>
  Math.abs(a - b) <= share * Math.abs(b) + 1e-7;

/** Lessons about how derivatives and programs work. Times are the processor's, and margins wide. */
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
    const [each, loops, whole] = f.gradient.times;
    expect(f.gradient.difference).toBeLessThan(1e-6);
    expect(each.ms).toBeGreaterThan(20 * whole.ms);
    expect(each.ms).toBeGreaterThan(5 * loops.ms);
    for (const { n, loops, matmul, difference } of f.products) {
      expect(difference).toBeLessThan(1e-6 * n);
      if (n >= 64) expect(loops).toBeGreaterThan(4 * matmul);
    }
  },
  "static-against-dynamic": (f) => {
    for (const { runs, eager, compiled, difference } of f.steps) {
      expect(runs).toEqual([10, 1]);
      expect(eager).toBeGreaterThan(1.5 * compiled);
      expect(difference).toBeLessThan(1e-6);
    }
    const [small, large] = [f.steps[0], f.steps.at(-1)].map((s: any) => s.eager / s.compiled);
    expect(small).toBeGreaterThan(large);
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
      if (m >= 8 * n) expect(forward.ms).toBeLessThan(reverse.ms / 2);
      if (n >= 8 * m) expect(reverse.ms).toBeLessThan(forward.ms / 2);
    }
    // Sixteen times the inputs: forward mode takes much longer, reverse mode hardly.
    const [few, many] = [f.gradients[0], f.gradients.at(-1)];
    expect(many.n).toBe(16 * few.n);
    expect(many.forward.ms).toBeGreaterThan(5 * few.forward.ms);
    expect(many.reverse.ms).toBeLessThan(5 * few.reverse.ms);
  },
};
