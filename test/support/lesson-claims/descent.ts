import { expect } from "vitest";
import type { Claims } from "../lessons.js";

const falls = (list: readonly number[]): boolean =>
  list.every((value, i) => i === 0 || value <= list[i - 1]);
const byName = (runs: readonly any[], name: string): any => runs.find((run) => run.name === name);

/** Lessons about likelihood and the ways down to a minimum. */
export const descentClaims: Claims = {
  "coin-toss": (f) => {
    expect(f.closedForm).toBe(f.heads / f.tosses);
    expect(Math.abs(f.slopeThere)).toBeLessThan(1e-10);
    expect(f.found).toBeCloseTo(f.closedForm, 6);
    expect(f.byRegression).toBeCloseTo(f.closedForm, 4);
    // The slope changes its sign once, at i / N.
    for (const [p, , slope] of f.grid) expect(Math.sign(slope)).toBe(Math.sign(f.closedForm - p));
    for (const { p, standardError } of f.estimates)
      expect(Math.abs(p - f.truth)).toBeLessThan(3 * standardError);
    const errors = f.estimates.map((e: any) => e.standardError);
    expect(errors.at(0) / errors.at(-1)).toBeGreaterThan(8);
  },
  "maximum-likelihood": (f) => {
    expect(f.first).toBeCloseTo(-f.m * Math.LN2, 9);
    expect(f.rises).toBe(true);
    expect(f.identityGap).toBeLessThan(1e-9);
    expect(f.gradientGap).toBeLessThan(1e-9);
    expect(f.coefficientGap).toBeLessThan(1e-4);
    expect(f.ascentGap).toBeLessThan(1e-9);
    // The fitted model is at the top, and the climb just below.
    expect(f.missing).toBeGreaterThanOrEqual(-1e-9);
    expect(f.missing).toBeLessThan(1e-4);
  },
  "learning-rates": (f) => {
    const gaps = f.runs.map((run: any) => run.gap);
    expect(f.runs.map((run: any) => run.rate)).toEqual([0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1]);
    // The larger the better, up to what the curvature allows; beyond, it jumps about.
    for (const { rate, rises, costs } of f.runs)
      if (rate < f.safe) {
        expect(rises).toBe(0);
        expect(costs.at(-1)).toBeLessThan(costs[0]);
      } else expect(rises).toBeGreaterThan(10);
    expect(falls(gaps.slice(0, -1))).toBe(true);
    expect(gaps.at(-1)).toBeGreaterThan(1000 * gaps.at(-2));
    expect(f.safe).toBeGreaterThan(0.3);
    expect(f.safe).toBeLessThan(1);
  },
  "feature-scaling": (f) => {
    const [raw, scaled] = f.runs;
    expect(raw.condition).toBeGreaterThan(1000 * scaled.condition);
    expect(scaled.condition).toBeLessThan(10);
    expect(raw.reached).toBe(-1);
    expect(scaled.reached).toBeGreaterThan(0);
    expect(raw.gap).toBeGreaterThan(0.01);
    expect(raw.rate).toBeLessThan(scaled.rate / 100);
    expect(Math.abs(raw.newton - scaled.newton)).toBeLessThanOrEqual(1);
    expect(f.difference).toBeLessThan(1e-8);
  },
  "batch-sizes": (f) => {
    const [batch, mini, single, decaying] = f.runs;
    expect(batch.steps).toBe(8);
    expect(single.steps).toBe(8 * f.n);
    expect(falls(batch.gaps)).toBe(true);
    expect(mini.gaps[1]).toBeLessThan(batch.gaps[1] / 2);
    expect(mini.gaps.at(-1)).toBeLessThan(batch.gaps.at(-1) / 5);
    expect(single.jitter).toBeGreaterThan(10 * mini.jitter);
    expect(decaying.gaps.at(-1)).toBeLessThan(single.gaps.at(-1) / 20);
  },
  optimizers: ({ steps, results: { dense, sparse } }) => {
    expect(steps.momentum).toBeLessThan(steps.sgd);
    expect(steps.nesterov).toBeLessThan(steps.momentum);
    expect(steps.adagrad).toBeLessThan(steps.sgd / 3);
    expect(steps.rmsprop).toBe(201);
    expect(steps.adam).toBeLessThan(steps.sgd);
    expect(sparse.adagrad.gap).toBeLessThan(sparse.sgd.gap / 2);
    expect(dense.momentum.gap).toBeLessThan(dense.sgd.gap);
    // On dense data nobody is far ahead.
    const gaps = Object.values(dense).map((run: any) => run.gap as number);
    expect(Math.max(...gaps)).toBeLessThan(3 * Math.min(...gaps));
  },
  schedules: ({ runs }) => {
    const constant = byName(runs, "constant");
    for (const { name, rates, gaps } of runs) {
      if (name.startsWith("constant")) continue;
      expect(rates.at(-1), name).toBeLessThan(constant.rates[0] / 10);
      expect(gaps.at(-1), name).toBeLessThan(constant.gaps.at(-1) / 5);
    }
    const slow = byName(runs, "constant, small");
    const third = Math.round(slow.gaps.length / 3);
    expect(slow.gaps[third]).toBeGreaterThan(2 * byName(runs, "cosine").gaps[third]);
    expect(byName(runs, "warm-up, then cosine").rates[0]).toBe(0);
  },
  "newton-against-descent": ({ most, runs: [newton, lbfgs, , plain] }) => {
    const steps = ({ slopes }: any): number => slopes.findIndex((slope: number) => slope <= 1e-8);
    expect(steps(newton)).toBeGreaterThan(0);
    expect(steps(newton)).toBeLessThan(10);
    expect(steps(lbfgs)).toBeGreaterThan(steps(newton));
    expect(steps(lbfgs)).toBeLessThan(60);
    expect(steps(plain)).toBe(-1);
    expect(plain.slopes).toHaveLength(most + 1);
    // Quadratic: where the gradient is g, the next one is about g².
    const [before, after] = newton.slopes.slice(steps(newton) - 1);
    expect(after).toBeLessThan(10 * before ** 2);
    // Linear: each step takes off a fixed share.
    const ratios = [200, 250].map((i) => plain.slopes[i + 1] / plain.slopes[i]);
    expect(ratios[0]).toBeCloseTo(ratios[1], 1);
  },
};
