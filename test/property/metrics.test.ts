import fc from "fast-check";
import { describe, expect, it } from "vitest";
import * as metrics from "@src/learn/metrics/index.js";

const { accuracy, averagePrecision, confusionMatrix, f1, precision, recall, rocAuc, rocCurve } =
  metrics;

/** Labels of a few classes beside others, and an order of the rows. */
const labelled = fc.integer({ min: 1, max: 30 }).chain((n) => {
  const labels = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: n, maxLength: n });
  const order = fc.shuffledSubarray(
    Array.from({ length: n }, (_, i) => i),
    { minLength: n },
  );
  return fc.record({ y: labels, p: labels, order });
});

/** Zeros and ones, both there, and scores with ties. */
const scored = fc
  .array(fc.record({ y: fc.integer({ min: 0, max: 1 }), s: fc.integer({ min: -5, max: 5 }) }), {
    minLength: 2,
    maxLength: 30,
  })
  .map((rows) => ({ y: rows.map(({ y }) => y), s: rows.map(({ s }) => s) }))
  .filter(({ y }) => y.includes(0) && y.includes(1));

const close = (a: number, b: number): void =>
  expect(Math.abs(a - b)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(b)));
const permuted = <T>(list: readonly T[], order: readonly number[]): T[] =>
  order.map((i) => list[i]);

describe("one label a row", () => {
  it("F1, precision and recall of all counts together are the accuracy", () => {
    fc.assert(
      fc.property(labelled, ({ y, p }) => {
        for (const figure of [f1, precision, recall])
          close(figure(y, p, { average: "micro" }), accuracy(y, p));
      }),
    );
  });

  it("figures do not depend on the order of the rows", () => {
    const figures: ((y: number[], p: number[]) => number)[] = [
      metrics.balancedAccuracy,
      metrics.matthews,
      (y, p) => f1(y, p, { average: "weighted" }),
      (y, p) => metrics.fBeta(y, p, { beta: 0.5, average: "macro" }),
      metrics.hammingLoss,
      metrics.meanSquaredError,
    ];
    fc.assert(
      fc.property(labelled, ({ y, p, order }) => {
        for (const figure of figures)
          close(figure(permuted(y, order), permuted(p, order)), figure(y, p));
      }),
    );
  });

  it("new names for the classes change nothing that has no order", () => {
    const names = ["d", "a", "c", "b"];
    const named = (list: readonly number[]): string[] => list.map((c) => names[c]);
    fc.assert(
      fc.property(labelled, ({ y, p }) => {
        close(metrics.matthews(named(y), named(p)), metrics.matthews(y, p));
        close(metrics.kappa(named(y), named(p)) || 0, metrics.kappa(y, p) || 0);
        const macro = { average: "macro" } as const;
        close(f1(named(y), named(p), macro), f1(y, p, macro));
      }),
    );
  });

  it("the confusion matrix has every row once, and turned over it is that of the other way round", () => {
    fc.assert(
      fc.property(labelled, ({ y, p }) => {
        const { matrix } = confusionMatrix(y, p);
        expect(matrix.flat().reduce((sum, x) => sum + x, 0)).toBe(y.length);
        const turned = matrix.map((_, i) => matrix.map((row) => row[i]));
        expect(confusionMatrix(p, y).matrix).toEqual(turned);
        close(matrix.reduce((sum, row, i) => sum + row[i], 0) / y.length, accuracy(y, p));
      }),
    );
  });
});

describe("ranking", () => {
  it("the area under the ROC curve is the probability that a one ranks above a zero", () => {
    fc.assert(
      fc.property(scored, ({ y, s }) => {
        let [won, pairs] = [0, 0];
        y.forEach((one, i) =>
          y.forEach((zero, j) => {
            if (one !== 1 || zero !== 0) return;
            pairs++;
            won += s[i] > s[j] ? 1 : s[i] === s[j] ? 0.5 : 0;
          }),
        );
        close(rocAuc(y, s), won / pairs);
      }),
    );
  });

  it("it is the area under the points of the curve, whether those on lines are left out or not", () => {
    fc.assert(
      fc.property(scored, fc.boolean(), ({ y, s }, dropIntermediate) => {
        const { falsePositiveRate: x, truePositiveRate: t } = rocCurve(y, s, { dropIntermediate });
        let area = 0;
        for (let i = 1; i < x.length; i++) area += ((x[i] - x[i - 1]) * (t[i] + t[i - 1])) / 2;
        close(area, rocAuc(y, s));
        expect([x[0], t[0], x.at(-1), t.at(-1)]).toEqual([0, 0, 1, 1]);
      }),
    );
  });

  it("rising maps of the scores change nothing, turning them over gives what lacks to 1", () => {
    fc.assert(
      fc.property(scored, ({ y, s }) => {
        const risen = s.map((x) => Math.exp(x / 3) + x ** 3);
        close(rocAuc(y, risen), rocAuc(y, s));
        close(averagePrecision(y, risen), averagePrecision(y, s));
        const turned = s.map((x) => -x);
        close(rocAuc(y, turned), 1 - rocAuc(y, s));
        const others = y.map((c) => 1 - c);
        close(rocAuc(others, turned), rocAuc(y, s));
      }),
    );
  });

  it("two classes as columns, one against the other either way, are one question", () => {
    fc.assert(
      fc.property(scored, ({ y, s }) => {
        const p = s.map((x) => [0.5 - x / 20, 0.5 + x / 20]);
        close(rocAuc(y, p), rocAuc(y, s));
        close(rocAuc(y, p, { positive: 0 }), rocAuc(y, s));
      }),
    );
  });
});

it("log loss is the mean of −log p, and no other probabilities have less than the shares themselves", () => {
  fc.assert(
    fc.property(scored, fc.double({ min: 0.01, max: 0.99, noNaN: true }), ({ y }, q) => {
      const share = y.reduce((sum, c) => sum + c, 0) / y.length;
      const constant = (p: number): number =>
        metrics.logLoss(
          y,
          y.map(() => p),
        );
      close(constant(q), -share * Math.log(q) - (1 - share) * Math.log(1 - q));
      expect(constant(share)).toBeLessThanOrEqual(constant(q) + 1e-12);
    }),
  );
});
