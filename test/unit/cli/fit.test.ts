import { describe, expect, it } from "vitest";
import { stopsOf } from "@src/cli/fit/slider.js";
import { goalOf } from "@src/cli/fit/objective.js";
import { judge } from "@src/cli/fit/judge.js";

describe("--optimise", () => {
  it("is understood in all its forms", () => {
    expect(goalOf("f1").objective).toBe("f1");
    expect(goalOf("f0.5").objective).toEqual({ fBeta: 0.5 });
    expect(goalOf("balanced").objective).toBe("balancedAccuracy");
    expect(goalOf("recall@p=.8").objective).toEqual({ recallAtPrecision: 0.8 });
    expect(goalOf("precision@r=0.9").objective).toEqual({ precisionAtRecall: 0.9 });
    expect(goalOf("cost@fp=1,fn=5")).toMatchObject({
      objective: { cost: { fp: 1, fn: 5 } },
      cost: { fp: 1, fn: 5 },
    });
  });

  it.each([
    "",
    "f",
    "f-1",
    "cost",
    "cost@fp=1",
    "cost@fp=-1,fn=2",
    "recall@p=2",
    "recall@r=.5",
    "recall@p=",
    "x@p=1",
  ])("refuses %j", (text) => expect(() => goalOf(text)).toThrow("--optimise"));
});

describe("the slider's stops", () => {
  it("count what has at least the threshold as positive", () => {
    const stops = stopsOf({ truth: ["n", "y", "y"], scores: [0.25, 0.5, 1], positive: "y" });
    const at = (threshold: number) => stops[Math.round(threshold * 200)];
    expect(stops).toHaveLength(201);
    expect(at(0)).toEqual({ threshold: 0, tp: 2, fp: 1 });
    expect(at(0.25)).toEqual({ threshold: 0.25, tp: 2, fp: 1 });
    expect(at(0.255)).toEqual({ threshold: 0.255, tp: 2, fp: 0 });
    expect(at(0.5)).toMatchObject({ tp: 2 });
    expect(at(1)).toEqual({ threshold: 1, tp: 1, fp: 0 });
  });
});

describe("a judgement", () => {
  const truth = ["a", "b", "c", "a", "b", "c"];
  const probabilities = truth.map((label) =>
    ["a", "b", "c"].map((name) => (name === label ? 0.8 : 0.1)),
  );

  it("of three classes is a mean over them", () => {
    const { rocAuc, brier, averagePrecision, logLoss, confusion } = judge({
      ...{ classes: ["a", "b", "c"], positive: null, truth, said: truth, probabilities },
    });
    expect(rocAuc.value).toBe(1);
    expect(averagePrecision.value).toBe(1);
    expect(brier.value).toBeCloseTo(0.04 + 2 * 0.01, 12);
    expect(logLoss.value).toBeCloseTo(-Math.log(0.8), 12);
    expect(confusion).toEqual([
      [2, 0, 0],
      [0, 2, 0],
      [0, 0, 2],
    ]);
  });

  it("of two classes speaks of the positive one, also if that is the first", () => {
    const two = ["a", "b", "b", "a"];
    const p = [0.9, 0.4, 0.1, 0.3].map((a) => [a, 1 - a]);
    const said = ["a", "b", "b", "b"];
    const of = (positive: string) =>
      judge({ classes: ["a", "b"], positive, truth: two, said, probabilities: p });
    expect(of("a").f1.value).toBeCloseTo(2 / 3, 12);
    expect(of("b").f1.value).toBeCloseTo(0.8, 12);
    expect(of("a").rocAuc.value).toBe(0.75);
    expect(of("a").brier.value).toBeCloseTo((0.01 + 0.16 + 0.01 + 0.49) / 4, 12);
  });
});
