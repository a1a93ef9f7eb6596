import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random, type Tensor, tensor, ValueError } from "inkgrad";
import { csv } from "inkgrad/data";
import { type Classifier, imbalance } from "inkgrad/learn";
import { imbalanceKinds } from "@src/learn/imbalance/kinds.js";
import { resample } from "@src/learn/imbalance/resample.js";
import { makerOf } from "@src/learn/saving/kinds.js";
import { nearestCentroid, restoreNearestCentroid } from "../../support/nearest-centroid.js";

const { balancedWeights, classWeights, resampled, tuneThreshold, withThreshold } = imbalance;
const { randomOverSampler, randomUnderSampler, smote } = imbalance;
const key = random.key(7);

/** 40 rows of "common" around 0, 8 of "rare" around 1. */
const noise = random.normal(random.key(1), [48, 2], { dtype: "f64" }).toArray();
const y = noise.map((_, i) => (i % 6 === 0 ? "rare" : "common"));
const x = noise.map((row, i) => row.map((value) => value + (y[i] === "rare" ? 1 : 0)));
const countOf = (labels: readonly unknown[], label: unknown) =>
  labels.filter((other) => other === label).length;

describe("class weights", () => {
  it("balanced: n / (classes · rows of the class)", () => {
    const { classes, weights } = classWeights(y);
    expect(classes).toEqual(["common", "rare"]);
    expect([...weights]).toEqual([48 / 80, 48 / 16]);
    expect(balancedWeights(["a", "b", "a"])).toEqual(Float64Array.of(0.75, 1.5, 0.75));
  });

  it("given by name, 1 where nothing is said", () => {
    expect([...balancedWeights([0, 1, 1], { 1: 4 })]).toEqual([1, 4, 4]);
    expect(() => classWeights(y, { rair: 2 })).toThrow("there is no class rair");
    expect(() => classWeights(y, { rare: -1 })).toThrow(ValueError);
  });
});

describe("samplers", () => {
  it("over: all rows and repeated ones of the smaller class", () => {
    const drawn = resample(randomOverSampler({ key }), x, y, undefined);
    expect(countOf(drawn.y, "rare")).toBe(40);
    expect((drawn.x as number[][]).slice(0, 48)).toEqual(x);
    for (const row of (drawn.x as number[][]).slice(48))
      expect(y[x.findIndex((own) => own.every((v, k) => v === row[k]))]).toBe("rare");
  });

  it("under: as many of each class, no row twice, in order", () => {
    const drawn = resample(randomUnderSampler({ key }), x, y, undefined);
    expect([countOf(drawn.y, "rare"), countOf(drawn.y, "common")]).toEqual([8, 8]);
    const places = (drawn.x as number[][]).map((row) => x.indexOf(row));
    expect(places).toEqual([...new Set(places)].sort((a, b) => a - b));
  });

  it("take a ratio, or counts by class", () => {
    const rare = (sampler: Parameters<typeof resample>[0]) => {
      const labels = resample(sampler, x, y, undefined).y;
      return [countOf(labels, "common"), countOf(labels, "rare")];
    };
    expect(rare(randomOverSampler({ key, ratio: 0.5 }))).toEqual([40, 20]);
    expect(rare(randomUnderSampler({ key, ratio: 0.5 }))).toEqual([16, 8]);
    expect(rare(smote({ key, counts: { rare: 9 } }))).toEqual([40, 9]);
    expect(() => rare(randomOverSampler({ key, counts: { rare: 3 } }))).toThrow("cannot come to 3");
    expect(() => rare(randomOverSampler({ key, ratio: 2 }))).toThrow(ValueError);
    expect(() => rare({ sampler: "other" } as never)).toThrow("expected a sampler");
    expect(() => rare(smote({} as never))).toThrow("needs a key");
  });

  it("SMOTE: each new row lies between two of its class, of which one is a near neighbour", () => {
    const drawn = resample(
      smote({ key, neighbours: 3 }),
      tensor(x, { dtype: "f64" }),
      y,
      undefined,
    );
    const rows = (drawn.x as { toArray(): unknown }).toArray() as number[][];
    expect(rows.slice(0, 48)).toEqual(x);
    const own = x.filter((_, i) => y[i] === "rare");
    const far = (a: number[], b: number[]) => Math.hypot(...a.map((v, k) => v - b[k]));
    for (const row of rows.slice(48)) {
      const between = own.some((a) =>
        own
          .filter((b) => b !== a)
          .sort((b, c) => far(a, b) - far(a, c))
          .slice(0, 3)
          .some((b) => Math.abs(far(a, row) + far(row, b) - far(a, b)) < 1e-9),
      );
      expect(between).toBe(true);
    }
    expect(new Set(rows.map(String)).size).toBe(rows.length);
    expect(() => resample(smote({ key }), [[1], [2], [3]], [0, 0, 1], undefined)).toThrow(
      "class 1 has one row",
    );
  });

  it("SMOTE keeps the names of a table's columns", () => {
    const table = csv.decode("a,b\n1,2\n3,4\n5,9\n7,7\n8,8");
    const drawn = resample(smote({ key }), table, [0, 0, 1, 1, 1], undefined);
    expect(drawn.x).toMatchObject({ names: ["a", "b"], rows: 6 });
  });

  it("give the same rows for the same key", () => {
    const over = () => resample(randomOverSampler({ key }), x, y, undefined).x;
    expect(over()).toEqual(over());
    const synthetic = () => (resample(smote({ key }), x, y, undefined).x as Tensor).toArray();
    expect(synthetic()).toEqual(synthetic());
  });
});

describe("resampled", () => {
  it("resamples in fit only: what it gives is what the estimator fitted on resampled rows", async () => {
    const sampler = randomUnderSampler({ key });
    const drawn = resample(sampler, x, y, undefined);
    const seen: number[] = [];
    const spying: Classifier = {
      ...nearestCentroid(),
      fit(rows, labels, options) {
        seen.push((labels as ArrayLike<unknown>).length);
        return nearestCentroid().fit(rows, labels, options);
      },
    };
    const fitted = await resampled(spying, sampler).fit(x, y);
    expect(seen).toEqual([16]);
    expect(fitted.state.kind).toBe("nearestCentroid");
    expect(fitted.state).toEqual((await nearestCentroid().fit(drawn.x, drawn.y)).state);
    expect(fitted.predict(x)).toHaveLength(48);
  });

  it("has no way to resample what is to be predicted", () => {
    for (const sampler of [randomOverSampler({ key }), randomUnderSampler({ key }), smote({ key })])
      expect(Object.values(sampler).filter((value) => typeof value === "function")).toEqual([]);
  });
});

const labels = [1, 0, 1, 1, 0, 0];
const scores = [0.9, 0.8, 0.8, 0.4, 0.3, 0.1];

describe("tuneThreshold", () => {
  it("counts tied scores on one side, from nothing positive to all", () => {
    const { curve } = tuneThreshold(labels, scores, "f1");
    expect([...curve.thresholds]).toEqual([Infinity, 0.9, 0.8, 0.4, 0.3, 0.1]);
    expect([...curve.truePositives]).toEqual([0, 1, 2, 3, 3, 3]);
    expect([...curve.falsePositives]).toEqual([0, 0, 1, 1, 2, 3]);
    expect([...curve.recall]).toEqual([0, 1 / 3, 2 / 3, 1, 1, 1]);
    expect([...curve.precision]).toEqual([1, 1, 2 / 3, 3 / 4, 3 / 5, 1 / 2]);
  });

  it("finds the best F-beta, cost and accuracy", () => {
    expect(tuneThreshold(labels, scores, "f1")).toMatchObject({ threshold: 0.4, reached: true });
    expect(tuneThreshold(labels, scores, { fBeta: 0 }).threshold).toBe(0.9);
    expect(tuneThreshold(labels, scores, { cost: { fp: 10, fn: 1 } })).toMatchObject({
      threshold: 0.9,
      value: 2,
    });
    expect(tuneThreshold(labels, scores, { cost: { fp: 1, fn: 0 } }).threshold).toBe(Infinity);
    expect(tuneThreshold(labels, scores, "accuracy")).toMatchObject({
      threshold: 0.4,
      value: 5 / 6,
    });
  });

  it("keeps floors, and says where they cannot be reached", () => {
    expect(tuneThreshold(labels, scores, { recallAtPrecision: 0.7 })).toMatchObject({
      threshold: 0.4,
      value: 1,
      reached: true,
    });
    expect(tuneThreshold(labels, scores, { precisionAtRecall: 0.5 })).toMatchObject({
      threshold: 0.4,
      value: 0.75,
    });
    const worse = tuneThreshold([0, 1, 0, 1], [4, 3, 2, 1], { recallAtPrecision: 0.9 });
    expect(worse).toMatchObject({ threshold: 1, value: 1, reached: false });
  });

  it("is best: no threshold has a better value", () => {
    const row = fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 5 }));
    fc.assert(
      fc.property(
        fc.array(row, { minLength: 1, maxLength: 30 }),
        fc.integer({ max: 9, min: 0 }),
        (rows, fp) => {
          fc.pre(rows.some(([is]) => is) && rows.some(([is]) => !is));
          const [is, score] = [rows.map(([a]) => a), rows.map(([, b]) => b)];
          const { threshold, value } = tuneThreshold(is, score, { cost: { fp, fn: 3 } });
          const costAt = (t: number) =>
            rows.reduce((sum, [a, s]) => sum + (s >= t ? (a ? 0 : fp) : a ? 3 : 0), 0);
          expect(value).toBe(costAt(threshold));
          for (const t of [Infinity, ...score]) expect(costAt(t)).toBeGreaterThanOrEqual(value);
        },
      ),
    );
  });

  it("refuses what makes no sense", () => {
    const tune = (objective: unknown) => tuneThreshold(labels, scores, objective as never);
    expect(() => tune("f2")).toThrow("the objective must be");
    expect(() => tune({ recallAtPrecision: 1.2 })).toThrow("from 0 to 1");
    expect(() => tune({ cost: { fp: 1 } })).toThrow("the cost fn");
    expect(() => tuneThreshold([0, 0], [1, 2], "f1", { positive: 1 })).toThrow(
      "no row is positive",
    );
  });
});

describe("withThreshold", () => {
  it("decides by the threshold, of either class", async () => {
    const fitted = await nearestCentroid().fit(x, y);
    const p = fitted.predictProba(x).toArray();
    const rare = withThreshold(fitted, { threshold: 0.2 });
    expect(rare.predict(x)).toEqual(p.map(([, q]) => (q >= 0.2 ? "rare" : "common")));
    const common = withThreshold(fitted, { threshold: 0.9, positive: "common" });
    expect(common.predict(x)).toEqual(p.map(([q]) => (q >= 0.9 ? "common" : "rare")));
    const decision = common.decisionFunction(x).toArray() as number[];
    expect(common.predict(x)).toEqual(decision.map((d) => (d > 0 ? "rare" : "common")));
    expect(() => withThreshold(fitted, { threshold: 0.5, positive: "no" })).toThrow("is none of");
  });

  it("tuned by folds or on a held-out part, costs less than ½ would, on new rows", async () => {
    const cost = { fp: 1, fn: 20 };
    const priceOf = (predicted: string[]) =>
      predicted.reduce((s, p, i) => s + (p === y[i] ? 0 : p === "rare" ? cost.fp : cost.fn), 0);
    const even = x.map((row) => row.map((value) => value - 0.3));
    for (const part of [{ folds: 3 }, { heldOut: 0.5, key }]) {
      const model = withThreshold(nearestCentroid(), { objective: { cost }, ...part });
      const fitted = await model.fit(x, y);
      expect(priceOf(fitted.predict(even))).toBeLessThan(priceOf(fitted.classifier.predict(even)));
    }
  });

  it("is the same after its state was restored", async () => {
    const { restore, make } = makerOf({
      ...imbalanceKinds,
      nearestCentroid: { make: nearestCentroid, restore: restoreNearestCentroid as never },
    });
    const fitted = await withThreshold(nearestCentroid(), { objective: "f1" }).fit(x, y);
    const again = restore(fitted.state) as typeof fitted;
    expect(again.predict(x)).toEqual(fitted.predict(x));
    expect(
      make({
        estimator: "resampled",
        options: { estimator: { estimator: "nearestCentroid", options: {} } },
      }).kind,
    ).toBe("resampled");
  });

  it("refuses more than two classes", async () => {
    const three = y.map((label, i) => (i % 5 === 0 ? "third" : label));
    const model = withThreshold(nearestCentroid(), { threshold: 0.3 });
    await expect(model.fit(x, three)).rejects.toThrow("there are 3");
  });
});
