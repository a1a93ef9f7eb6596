import { expect } from "vitest";
import type { Claims } from "../lessons.js";

const column = (rows: readonly any[], name: string): number[] => rows.map((row) => row[name]);
const falls = (list: readonly number[]): boolean =>
  list.every((value, i) => i === 0 || value <= list[i - 1] + 1e-9);
const least = (list: readonly number[]): number => list.indexOf(Math.min(...list));

/** Lessons about overfitting, about decisions, and about what a model can say. */
export const decisionClaims: Claims = {
  "penalty-strength": ({ sweeps, best }) => {
    for (const sweep of [sweeps.l2, sweeps.l1]) {
      expect(falls(column(sweep, "sum")) || falls(column(sweep, "length"))).toBe(true);
      expect(falls(column(sweep, "trainLoss").reverse())).toBe(true);
      // Neither hardly any penalty nor a very strong one is best on new rows.
      const place = least(column(sweep, "testLoss"));
      expect(place).toBeGreaterThan(0);
      expect(place).toBeLessThan(sweep.length - 1);
      expect(sweep[0].testLoss).toBeGreaterThan(2 * sweep[place].testLoss);
    }
    expect(falls(column(sweeps.l2, "length"))).toBe(true);
    expect(falls(column(sweeps.l1, "used"))).toBe(true);
    expect(column(sweeps.l2, "used").every((used) => used === 40)).toBe(true);
    expect(sweeps.l1.at(-1).used).toBe(0);
    expect(best.l1.used).toBeLessThan(20);
  },
  "early-stopping": ({ epochs, patience, best, losses, validationLosses, ran, onTest }) => {
    expect(losses).toHaveLength(epochs);
    expect(losses.at(-1)).toBeLessThan(losses[best] / 2);
    expect(validationLosses.at(-1)).toBeGreaterThan(1.2 * validationLosses[best]);
    expect(best).toBeLessThan(epochs / 2);
    expect(ran).toBe(best + 1 + patience);
    expect(onTest.stopped.loss).toBeLessThan(onTest.toTheEnd.loss / 1.2);
    expect(onTest.stopped.accuracy).toBeGreaterThan(onTest.toTheEnd.accuracy);
  },
  "correlated-features": ({ results }) => {
    for (const { correlation, inflation, spread, standardError, sumSpread } of results) {
      // Of two features that go together, 1 / (1 − r²).
      expect(inflation * (1 - correlation ** 2)).toBeCloseTo(1, 1);
      expect(spread / standardError).toBeGreaterThan(0.6);
      expect(spread / standardError).toBeLessThan(1.7);
      // As the root of the inflation, within what 20 samples can say.
      expect(spread / results[0].spread / Math.sqrt(inflation)).toBeGreaterThan(0.6);
      expect(spread / results[0].spread / Math.sqrt(inflation)).toBeLessThan(1.7);
      expect(sumSpread).toBeLessThan(0.3);
    }
    const last = results.at(-1);
    expect(last.wrongSign).toBeGreaterThan(0.1);
    expect(results[0].wrongSign).toBe(0);
    expect(last.ridgeSpread).toBeLessThan(last.spread / 20);
    expect(Math.min(...column(results, "auc"))).toBeGreaterThan(0.8);
  },
  thresholds: ({ rows, half, tuned }) => {
    expect(column(rows, "threshold")).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    expect(falls(column(rows, "recall"))).toBe(true);
    expect(falls(column(rows, "fp"))).toBe(true);
    expect(falls(column(rows, "fn").reverse())).toBe(true);
    expect(rows.at(-1).precision).toBeGreaterThan(rows[0].precision + 0.2);
    const cheapest = rows[least(column(rows, "cost"))];
    expect(cheapest.threshold).toBeLessThan(0.4);
    for (const { tp, fp, fn, tn } of rows) expect(tp + fp + fn + tn).toBe(500);
    const forCost = tuned.find((row: any) => row.goal === "least cost");
    expect(forCost.cost).toBeLessThan(half.cost);
  },
  imbalance: ({ share, results: [nothing, ...remedies] }) => {
    expect(remedies).toHaveLength(6);
    expect(nothing.accuracy).toBeGreaterThan(0.9);
    for (const way of remedies) {
      expect(way.recall, way.name).toBeGreaterThan(nothing.recall + 0.1);
      expect(way.balanced, way.name).toBeGreaterThan(nothing.balanced + 0.05);
      // Nobody ranks better.
      expect(Math.abs(way.auc - nothing.auc), way.name).toBeLessThan(0.02);
    }
    expect(nothing.meanProbability).toBeCloseTo(share, 1);
    for (const way of remedies.slice(0, 4)) {
      expect(way.meanProbability, way.name).toBeGreaterThan(3 * share);
      expect(way.brier, way.name).toBeGreaterThan(2 * nothing.brier);
    }
    const [weights, balanced, forF1] = [remedies[0], ...remedies.slice(4)];
    for (const way of [balanced, forF1]) {
      expect(way.brier).toBe(nothing.brier);
      expect(way.threshold).toBeLessThan(0.5);
    }
    expect(Math.abs(balanced.balanced - weights.balanced)).toBeLessThan(0.03);
    expect(forF1.f1).toBeGreaterThan(Math.max(nothing.f1, weights.f1));
  },
  calibration: ({ found: { "learned by heart": heart, "a plateau": plateau } }) => {
    const of = (results: readonly any[], method: string, rows: number): any =>
      results.find((way) => way.method === method && way.rows === rows);
    const [before, ...after] = heart;
    expect(before.error).toBeGreaterThan(0.15);
    for (const way of after) {
      expect(way.error, way.method).toBeLessThan(before.error / 2);
      expect(way.brier, way.method).toBeLessThan(before.brier);
      expect(way.logLoss, way.method).toBeLessThan(before.logLoss);
      // A rising curve does not change the order (isotonic: but for ties).
      expect(way.auc).toBeCloseTo(before.auc, way.method === "isotonic" ? 1 : 10);
    }
    // Of few rows Platt makes more.
    expect(of(heart, "isotonic", 50).error).toBeGreaterThan(1.5 * of(heart, "sigmoid", 50).error);
    // A plateau it cannot make; isotonic regression can.
    expect(of(plateau, "sigmoid", 1500).error).toBeGreaterThan(0.8 * plateau[0].error);
    expect(of(plateau, "isotonic", 1500).error).toBeLessThan(plateau[0].error / 2);
  },
  "softmax-from-nothing": ({ right, caught, difference, maxError, losses, figures }) => {
    expect(right).toBeLessThan(1e-8);
    expect(caught).toBeGreaterThan(1e6 * right);
    expect(difference).toBeLessThan(1e-12);
    expect(maxError).toBeLessThan(1e-8);
    expect(losses[0]).toBeCloseTo(Math.log(3), 12);
    expect(falls(losses)).toBe(true);
    const { "from nothing": ours, logisticRegression: library } = figures;
    expect(ours.accuracy).toBeGreaterThan(0.9);
    expect(Math.abs(ours.loss - library.loss)).toBeLessThan(0.01);
    expect(library.loss).toBeLessThan(ours.loss);
  },
  "linear-limits": ({ blobs, moons, circles, xor, spirals }) => {
    expect(blobs.linear).toBeGreaterThan(0.95);
    expect(moons.linear).toBeGreaterThan(0.8);
    for (const set of [circles, xor, spirals]) expect(set.linear).toBeLessThan(0.75);
    for (const set of [circles, xor]) expect(set.squares).toBeGreaterThan(0.95);
    expect(spirals.squares).toBeLessThan(0.75);
    for (const set of [blobs, moons, circles, xor, spirals])
      expect(set.network).toBeGreaterThan(0.95);
  },
};
