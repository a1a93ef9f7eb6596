import { ShapeError, tensor, ValueError } from "inkgrad";
import { describe, expect, it } from "vitest";
import * as metrics from "@src/learn/metrics/index.js";
import type { Labels } from "inkgrad/data";

const {
  accuracy,
  averagePrecision,
  balancedAccuracy,
  brier,
  calibrationCurve,
  classificationReport,
  confusionMatrix,
  expectedCalibrationError,
  f1,
  fBeta,
  hammingLoss,
  kappa,
  logLoss,
  matthews,
  meanAbsoluteError,
  meanSquaredError,
  precision,
  precisionRecallCurve,
  r2,
  recall,
  rocAuc,
  rocCurve,
  rootMeanSquaredError,
  subsetAccuracy,
  topK,
} = metrics;

type OfLabels = (y: Labels, p: Labels) => unknown;
type OfScores = (y: Labels, p: number[]) => unknown;
const ofLabels: Record<string, OfLabels> = {
  ...{ accuracy, balancedAccuracy, precision, recall, f1, confusionMatrix, matthews, kappa },
  hammingLoss,
  classificationReport: (y, p) => String(classificationReport(y, p)),
  fBeta: (y, p) => fBeta(y, p, { beta: 2 }),
};
const ofScores: Record<string, OfScores> = {
  ...{ rocAuc, rocCurve, precisionRecallCurve, averagePrecision, logLoss, brier, topK },
  ...{ calibrationCurve, expectedCalibrationError },
};
const ofNumbers = { r2, meanSquaredError, rootMeanSquaredError, meanAbsoluteError };
type OfNumbers = (y: number[], p: number[]) => unknown;

describe.each(
  Object.entries({ ...ofLabels, ...ofScores, ...ofNumbers } as Record<string, OfScores>),
)("%s", (name, figure) => {
  it("refuses to judge nothing, saying its name", () => {
    expect(() => figure([], [])).toThrow(ValueError);
    expect(() => figure([], [])).toThrow(new RegExp(`^${name}: there are no rows`));
  });

  it("refuses arrays of different lengths, naming both", () => {
    expect(() => figure([0, 1, 1], [0, 1])).toThrow(ShapeError);
    expect(() => figure([0, 1, 1], [0, 1])).toThrow(/3 rows.* 2;/);
  });

  it("refuses NaN, naming the row", () => {
    expect(() => figure([0, 1, 1], [0, 1, NaN])).toThrow(ValueError);
    expect(() => figure([0, 1, 1], [0, 1, NaN])).toThrow(/row 2 .*NaN/);
    expect(() => figure([0, NaN, 1], [0, 1, 1])).toThrow(/yTrue: row 1 .*NaN/);
  });

  it("takes typed arrays and tensors for plain arrays", () => {
    const [y, p] = [
      [0, 1, 1, 0],
      [0.25, 1, 0, 0],
    ];
    const hard = name in ofLabels ? [0, 1, 0, 0] : p;
    const want = figure(y, hard);
    expect(figure(tensor(y, { dtype: "i32" }) as never, tensor(hard) as never)).toEqual(
      // Clipping is coarser for what is rounded to f32.
      name === "logLoss" ? logLoss(y, hard, { eps: 2 ** -23 }) : want,
    );
    expect(figure(Int32Array.from(y) as never, Float64Array.from(hard) as never)).toEqual(want);
    const halves = tensor(hard, { dtype: "f16" });
    if (name !== "logLoss") expect(figure(y, halves as never)).toEqual(want);
  });
});

describe.each(Object.entries({ ...ofScores, ...ofNumbers } as Record<string, OfNumbers>))(
  "%s",
  (_, figure) => {
    it("refuses infinite scores and what is no number", () => {
      expect(() => figure([0, 1, 1], [0, Infinity, 1])).toThrow(/row 1 is Infinity/);
      expect(() => figure([0, 1], ["0.5", 1] as never)).toThrow(
        /row 0 must be a number, got "0.5"/,
      );
    });
  },
);

describe("labels", () => {
  it("may be strings, numbers or booleans, and booleans go with zeros and ones", () => {
    expect(accuracy(["a", "b", "b"], ["a", "b", "a"])).toBeCloseTo(2 / 3, 15);
    expect(accuracy([true, false], [true, true])).toBe(0.5);
    expect(f1([true, false, true], [1, 0, 0])).toBeCloseTo(2 / 3, 15);
    expect(f1(tensor([true, false, true]), [true, false, false])).toBeCloseTo(2 / 3, 15);
  });

  it("of two kinds are refused, naming the kinds", () => {
    expect(() => accuracy(["1", "0"], [1, 0])).toThrow(/yTrue has strings, yPred numbers/);
  });

  it("that are missing are refused, naming the row", () => {
    expect(() => accuracy(["a", null as never], ["a", "b"])).toThrow(/yTrue: row 1 .*null/);
    expect(() => accuracy(["a", "b"], [undefined as never, "b"])).toThrow(/yPred: row 0/);
  });

  it("of more than two classes need an average, which the message names", () => {
    expect(() => f1([0, 1, 2], [0, 1, 2])).toThrow(/0, 1, 2.*"macro".*"weighted"/);
    expect(() => precision([[0, 1]], [[0, 1]])).toThrow(/several labels a row/);
  });

  it("that are strings need a positive class, and one that occurs", () => {
    expect(() => f1(["a", "b"], ["a", "b"])).toThrow(/positive class is 1.* "a", "b"/);
    expect(() => f1([1, 0], [1, 1], { positive: 2 })).toThrow(/positive class is 2/);
    expect(f1(["a", "b"], ["a", "b"], { positive: "a" })).toBe(1);
    expect(() => rocCurve(["a", "b"], [0, 1])).toThrow(/not clear which of "a", "b"/);
    expect(() => rocCurve([0, 1, 2], [0, 1, 2])).toThrow(/3 classes/);
    expect(() => brier(["a", "b"], [0, 1])).toThrow(/not clear/);
    expect(brier([3, 7], [0, 1])).toBe(0);
    expect(rocAuc(["a", "b"], [0, 1])).toBe(1);
    expect(rocAuc(["a", "b"], [0, 1], { positive: "a" })).toBe(0);
  });

  it("that nothing is of count as the division by zero says, but not in the matrix", () => {
    const options = { labels: ["a", "c"], average: null } as const;
    expect(precision(["a", "b"], ["a", "a"], options)).toEqual([0.5, 0]);
    expect(precision(["a", "b"], ["a", "a"], { ...options, zeroDivision: 1 })).toEqual([0.5, 1]);
    expect(() => confusionMatrix(["a"], ["a"], { labels: ["c"] })).toThrow(/none of the labels/);
    expect(() => confusionMatrix(["a"], ["a"], { labels: [] })).toThrow(/at least one/);
    expect(() => f1(["a"], ["b"], { labels: ["a", "a"], average: "macro" })).toThrow(/once/);
  });

  it("that are none of those given are refused with their row", () => {
    const p = [
      [0.5, 0.5],
      [0.1, 0.9],
    ];
    expect(() => logLoss(["a", "z"], p, { labels: ["a", "b"] })).toThrow(/row 1 .*"z".*"a", "b"/);
    expect(() => topK(["b", "a"], p, { labels: ["b", "a"] })).toThrow(/in order/);
  });
});

describe("one class only", () => {
  it("has no area under the ROC curve", () => {
    expect(() => rocAuc([1, 1], [0.2, 0.3])).toThrow(ValueError);
    expect(() => rocAuc([0, 0], [0.2, 0.3])).toThrow(/all 2 rows are not of the positive class/);
    const p = [
      [0.5, 0.3, 0.2],
      [0.2, 0.2, 0.6],
    ];
    expect(() => rocAuc([0, 2], p, { labels: [0, 1, 2] })).toThrow(/undefined of column 1/);
    expect(() => rocAuc([0, 2], p, { labels: [0, 1, 2], multiClass: "ovo" })).toThrow(/class 1/);
  });

  it("has NaN for the rates of the other in the curve", () => {
    const { falsePositiveRate, truePositiveRate } = rocCurve([1, 1], [0.2, 0.3]);
    expect([...falsePositiveRate]).toEqual([NaN, NaN, NaN]);
    expect([...truePositiveRate]).toEqual([0, 0.5, 1]);
  });

  it("has average precision 0 without ones, and 1 without zeros", () => {
    expect(averagePrecision([0, 0], [0.2, 0.3])).toBe(0);
    expect(averagePrecision([1, 1], [0.2, 0.3])).toBe(1);
  });

  it("has a log loss only if the other is named", () => {
    expect(() => logLoss([1, 1], [0.5, 0.5])).toThrow(/labels/);
    expect(logLoss([1, 1], [0.5, 0.5], { labels: [0, 1] })).toBeCloseTo(Math.LN2, 15);
  });

  it("has correlation 0, and no kappa", () => {
    expect(matthews([1, 1], [1, 1])).toBe(0);
    expect(kappa([1, 1], [1, 1])).toBeNaN();
  });
});

describe("probabilities", () => {
  it("outside 0 … 1 are refused, naming the row", () => {
    for (const figure of [logLoss, brier, calibrationCurve, expectedCalibrationError])
      expect(() => figure([0, 1, 1], [0.5, 0.5, 1.5])).toThrow(/row 2 has 1.5.*logits/);
    expect(() =>
      logLoss(
        [0, 1],
        [
          [0.5, 0.5],
          [-0.1, 1.1],
        ],
      ),
    ).toThrow(/row 1, column 0/);
    expect(() =>
      rocAuc(
        [0, 1, 2],
        [
          [1, 2, 3],
          [1, 0, 0],
          [0, 1, 0],
        ],
      ),
    ).toThrow(/row 0 sums to 6/);
  });

  it("of 0 and 1 give a finite log loss, by the precision they are given in", () => {
    expect(logLoss([0, 1], [1, 1])).toBeCloseTo(26 * Math.LN2, 12);
    expect(logLoss([0, 1], tensor([1, 1]))).toBeCloseTo(11.5 * Math.LN2, 6);
    expect(logLoss([0, 1], Float32Array.of(1, 1))).toBeCloseTo(11.5 * Math.LN2, 6);
    expect(logLoss([0, 1], [0, 1], { eps: 0 })).toBe(0);
    expect(() => logLoss([0, 1], [0, 1], { eps: 0.5 })).toThrow(/eps/);
  });

  it("need a column for each class", () => {
    expect(() =>
      logLoss(
        [0, 1],
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ),
    ).toThrow(/3 classes, and 2 occur/);
    expect(() => logLoss([0, 1, 2], [0, 1, 1])).toThrow(/2 classes, and 3 occur/);
    expect(() => logLoss([0, 1], [[1, 0], [1]])).toThrow(/row 1 has 1, the first has 2/);
    expect(() =>
      rocCurve(
        [0, 1],
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
      ),
    ).toThrow(ShapeError);
    expect(() =>
      brier(
        ["b", "b"],
        [
          [1, 0],
          [0, 1],
        ],
        { positive: "b" },
      ),
    ).toThrow(/alone/);
  });
});

describe("weights", () => {
  it("are checked, naming the row", () => {
    const y = [0, 1, 1];
    expect(() => accuracy(y, y, { sampleWeight: [1, 1] })).toThrow(ShapeError);
    expect(() => accuracy(y, y, { sampleWeight: [1, -1, 1] })).toThrow(/row 1 is -1/);
    expect(() => r2(y, y, { sampleWeight: [1, 1, NaN] })).toThrow(/row 2 is NaN/);
    expect(() => rocAuc(y, y, { sampleWeight: [0, 0, 0] })).toThrow(/all weights are 0/);
  });

  it.each([0, 1, 2])("of %i count a row so often", (times) => {
    const y = [0, 1, 1, 0, 1, 0, 1];
    const p = [0.3, 0.8, 0.2, 0.6, 0.9, 0.1, 0.6];
    const said = p.map((x) => Number(x > 0.5));
    const sampleWeight = [1, 1, times, 1, 1, times, 1];
    const repeat = (list: number[]): number[] =>
      list.flatMap((x, i) => new Array<number>(sampleWeight[i]).fill(x));
    const figures: [OfScores & ((y: any, p: any, o: any) => any), number[]][] = [
      ...[rocAuc, averagePrecision, logLoss, brier, r2, meanAbsoluteError].map(
        (figure): [any, number[]] => [figure, p],
      ),
      ...[f1, recall, matthews, kappa, balancedAccuracy, hammingLoss].map(
        (figure): [any, number[]] => [figure, said],
      ),
    ];
    for (const [figure, list] of figures)
      expect(figure(y, list, { sampleWeight })).toBeCloseTo(
        figure(repeat(y), repeat(list), {}),
        12,
      );
  });
});

describe("tables of several labels", () => {
  const y = [
    [1, 0],
    [1, 1],
    [0, 0],
  ];
  const p = [
    [1, 0],
    [0, 1],
    [0, 1],
  ];

  it("are judged by label and by row", () => {
    expect(hammingLoss(y, p)).toBeCloseTo(2 / 6, 15);
    expect(subsetAccuracy(y, p)).toBeCloseTo(1 / 3, 15);
    expect(f1(y, p, { average: null })).toEqual([2 / 3, 2 / 3]);
    expect(hammingLoss(tensor(y), tensor(p))).toBeCloseTo(2 / 6, 15);
  });

  it("have zeros and ones, as many columns, and no single labels beside them", () => {
    expect(() =>
      hammingLoss(y, [
        [1, 0],
        [0, 2],
        [0, 1],
      ]),
    ).toThrow(/row 1, column 1 is 2/);
    expect(() =>
      hammingLoss(y, [
        [1, 0, 0],
        [0, 0, 1],
        [0, 1, 0],
      ]),
    ).toThrow(/2 columns, yPred 3/);
    expect(() => accuracy(y, [0, 1, 1])).toThrow(/table/);
    expect(() => subsetAccuracy([0, 1], [0, 1])).toThrow(/use accuracy/);
    expect(() => matthews(y, p)).toThrow(/one label a row/);
    expect(() => f1(y, p, { average: "macro", labels: [2] })).toThrow(/no column 2/);
    expect(() => f1([0, 1], [0, 1], { average: "samples" })).toThrow(/tables/);
  });
});

describe("options", () => {
  it("that are wrong are refused by name", () => {
    const y = [0, 1];
    expect(() => f1(y, y, { average: "mean" as never })).toThrow(/average must be .*"mean"/);
    expect(() => f1(y, y, { zeroDivision: 2 as never })).toThrow(/zeroDivision must be 0, 1/);
    expect(() => fBeta(y, y, { beta: -1 })).toThrow(/beta must be a number ≥ 0/);
    expect(() => fBeta(y, y, undefined as never)).toThrow(/beta/);
    expect(() => kappa(y, y, { weights: "cubic" as never })).toThrow(/weights/);
    expect(() => confusionMatrix(y, y, { normalize: "rows" as never })).toThrow(/normalize/);
    expect(() => rocAuc(y, y, { maxFpr: 0 })).toThrow(/maxFpr/);
    expect(() => rocAuc(y, y, { multiClass: "ova" as never })).toThrow(/multiClass/);
    expect(() => topK(y, y, { k: 0 })).toThrow(/k must be/);
    expect(() => calibrationCurve(y, y, { bins: 0 })).toThrow(/bins/);
    expect(() => calibrationCurve(y, y, { strategy: "log" as never })).toThrow(/strategy/);
    expect(() => r2(y, y, { multiOutput: "mean" as never })).toThrow(/multiOutput/);
    expect(() => classificationReport(y, y, { digits: -1 })).toThrow(/digits/);
    expect(() => classificationReport(y, y, { names: ["one"] })).toThrow(/1 names for 2 classes/);
  });
});

it("the report has as numbers what it prints, halves rounded to the even digit", () => {
  const y = [0, 0, 0, 0, 0, 0, 0, 0, 1];
  const report = classificationReport(y, [0, 0, 0, 0, 0, 1, 1, 1, 1]);
  expect(report.classes.map(({ name, support }) => [name, support])).toEqual([
    ["0", 8],
    ["1", 1],
  ]);
  expect(report.classes[0].recall).toBe(0.625);
  expect(String(report)).toMatch(/^ +0 +1\.00 +0\.62 /m);
  expect(report.accuracy).toBeCloseTo(6 / 9, 15);
  expect(report.micro).toBeUndefined();
  expect(classificationReport(y, y, { labels: [1] }).micro?.support).toBe(1);
});

it("the calibration error of more than two classes is about the class that is said", () => {
  const p = [
    [0.8, 0.1, 0.1],
    [0.8, 0.1, 0.1],
    [0.2, 0.6, 0.2],
  ];
  expect(expectedCalibrationError([0, 1, 2], p, { bins: 5 })).toBeCloseTo(
    (2 / 3) * 0.3 + (1 / 3) * 0.6,
    12,
  );
  expect(expectedCalibrationError([0, 1, 2], p, { bins: 5, norm: "max" })).toBeCloseTo(0.6, 12);
  const squares = (2 / 3) * 0.09 + (1 / 3) * 0.36;
  expect(expectedCalibrationError([0, 1, 2], p, { bins: 5, norm: "rms" })).toBeCloseTo(
    Math.sqrt(squares),
    12,
  );
});
