import { runInNewContext } from "node:vm";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { inflationOf } from "@src/cli/fit/coefficients.js";
import { slider, sliderScript, stopsOf } from "@src/cli/fit/slider.js";
import { goalOf } from "@src/cli/fit/objective.js";
import { judge } from "@src/cli/fit/judge.js";

describe("--optimise", () => {
  it("is understood in all its forms", () => {
    expect(goalOf("f1").objective).toBe("f1");
    expect(goalOf("f0.5").objective).toEqual({ fBeta: 0.5 });
    expect(goalOf("balanced").objective).toBe("balancedAccuracy");
    expect(goalOf("recall@p=.8").objective).toEqual({ recallAtPrecision: 0.8 });
    expect(goalOf("precision@r=0.9").objective).toEqual({ precisionAtRecall: 0.9 });
    expect(goalOf("cost")).toMatchObject({ objective: { cost: { fp: 1, fn: 1 } } });
    expect(goalOf("cost@fp=1,fn=5")).toMatchObject({
      objective: { cost: { fp: 1, fn: 5 } },
      cost: { fp: 1, fn: 5 },
    });
  });

  it.each([
    "",
    "f",
    "f-1",
    "cost@",
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

describe("the slider", () => {
  it("counts anew and writes what the threshold leads to, wherever it is moved", () => {
    const made = slider({
      truth: ["n", "n", "y", "y", "y"],
      scores: [0.1, 0.6, 0.3, 0.7, 0.9],
      positive: "y",
      negative: "n",
      threshold: 0.5,
      goal: goalOf("cost@fp=1,fn=5"),
    });
    const { document, Event } = parseHTML(`<html><body>${made.html}</body></html>`);
    runInNewContext(sliderScript, { document });
    const text = (...ids: string[]) => ids.map((id) => document.getElementById(id)!.textContent);
    const cells = ["tn", "fp", "fn", "tp"];
    expect(text("at", ...cells)).toEqual(["0.500", "1", "1", "1", "2"]);
    expect(text("precision", "recall", "f1", "accuracy", "cost")).toEqual([
      ...["66.7 %", "66.7 %", "66.7 %", "60.0 %", "1.200"],
    ]);
    const input = document.getElementById("threshold") as unknown as {
      value: string;
      dispatchEvent(event: unknown): void;
    };
    input.value = "40";
    input.dispatchEvent(new Event("input"));
    expect(text("at", ...cells)).toEqual(["0.200", "1", "1", "0", "3"]);
    input.value = "200";
    input.dispatchEvent(new Event("input"));
    expect(text("at", ...cells, "precision")).toEqual(["1.000", "2", "0", "3", "0", "–"]);
  });
});

describe("variance inflation in the report", () => {
  it("leaves out a category of each column, so that the others have one", () => {
    const rows = Array.from({ length: 40 }, (_, i) => [
      Math.sin(i),
      Number(i % 4 === 0),
      Number(i % 4 === 1),
      Number(i % 4 > 1),
    ]);
    const found = inflationOf(rows, ["size", "place_a", "place_b", "place_c"], ["place"]);
    expect(found[3]).toBeNaN();
    // Of two exclusive categories of a quarter each: correlation −1/3, and hardly any with the wave.
    for (const k of [1, 2]) expect(found[k]).toBeCloseTo(9 / 8, 1);
    expect(found[0]).toBeLessThan(1.05);
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
