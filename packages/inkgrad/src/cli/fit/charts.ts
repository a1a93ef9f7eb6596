import * as metrics from "../../learn/metrics/index.js";
import { effects, lineChart, type Series, type Svg } from "../../learn/plot/index.js";
import { colours } from "../../learn/plot/draw.js";
import type { Answers } from "./judge.js";
import type { Tried } from "./learn.js";
import { stopsOf } from "./slider.js";

/** The charts of a report on a classifier, from its answers on the test rows. */

/** One against the rest for each class; of two classes only the positive one. */
function questions({ classes, positive, truth, probabilities }: Answers) {
  return classes.flatMap((name, c) =>
    positive !== null && name !== positive
      ? []
      : [
          {
            name,
            y: truth.map((label) => Number(label === name)),
            scores: probabilities.map((p) => p[c]),
          },
        ],
  );
}

const points = (xs: ArrayLike<number>, ys: ArrayLike<number>) =>
  Array.from(xs, (x, i) => ({ x, y: ys[i] }));

const square = { xDomain: [0, 1], yDomain: [0, 1], dots: false } as const;

export function rocChart(answers: Answers): Svg {
  const chance: Series = {
    ...{ name: "chance", colour: colours.soft, dashed: true },
    points: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
  };
  const series = questions(answers).map(({ name, y, scores }): Series => {
    const curve = metrics.rocCurve(y, scores);
    return { name, points: points(curve.falsePositiveRate, curve.truePositiveRate) };
  });
  return lineChart({
    description: `ROC curves of ${series.map(({ name }) => name).join(", ")}`,
    x: "false positive rate",
    y: "true positive rate (recall)",
    series: [...series, chance],
    names: answers.positive === null,
    ...square,
  });
}

export function precisionRecallChart(answers: Answers): Svg {
  const series = questions(answers).map(({ name, y, scores }): Series => {
    const curve = metrics.precisionRecallCurve(y, scores);
    return { name, points: points(curve.recall, curve.precision) };
  });
  return lineChart({
    description: `precision by recall of ${series.map(({ name }) => name).join(", ")}`,
    x: "recall",
    y: "precision",
    series,
    ...square,
  });
}

export function calibrationChart(answers: Answers): Svg {
  const ideal: Series = {
    ...{ name: "ideal", colour: colours.soft, dashed: true },
    points: [
      { x: 0, y: 0 },
      { x: 1, y: 1 },
    ],
  };
  const series = questions(answers).map(({ name, y, scores }): Series => {
    const bins = Math.min(Math.max(Math.floor(y.length / 30), 3), 10);
    const curve = metrics.calibrationCurve(y, scores, { bins, strategy: "quantile" });
    return { name, points: points(curve.predicted, curve.observed) };
  });
  return lineChart({
    description: "the share of rows that are of a class, by the probability that was given",
    x: "probability given",
    y: "share that is so",
    series: [...series, ideal],
    names: answers.positive === null,
    ...square,
    dots: true,
  });
}

/** Of two classes: what a row costs on average, at each threshold. */
export function costChart(
  answers: Answers,
  positive: string,
  cost: { readonly fp: number; readonly fn: number },
): Svg {
  const { truth, classes, probabilities } = answers;
  const column = classes.indexOf(positive);
  const stops = stopsOf({ truth, scores: probabilities.map((p) => p[column]), positive });
  const positives = truth.filter((label) => label === positive).length;
  const ratios = [
    cost,
    ...[1, 5, 20].flatMap((fn) => (cost.fn === fn * cost.fp ? [] : [{ fp: 1, fn }])),
  ];
  return lineChart({
    description: "what a row costs on average at each threshold, for several costs of mistakes",
    x: "threshold",
    y: "cost a row",
    series: ratios.map(({ fp, fn }, i) => ({
      name: `miss ${fn} : ${fp}`,
      dashed: i > 0,
      points: stops.map((stop) => ({
        x: stop.threshold,
        y: (fp * stop.fp + fn * (positives - stop.tp)) / truth.length,
      })),
    })),
    dots: false,
  });
}

/** Log loss in cross-validation by strength of the penalty. */
export const strengthChart = (tried: readonly Tried[]): Svg =>
  lineChart({
    description: `log loss in cross-validation for ${tried.length} strengths of the penalty`,
    x: "C (weaker penalty →)",
    y: "log loss",
    xScale: "log",
    series: [{ name: "log loss", points: tried.map(({ C, logLoss }) => ({ x: C, y: logLoss })) }],
    dots: true,
  });

export interface Coefficient {
  readonly name: string;
  readonly coefficient: number;
  readonly interval: readonly [number, number] | null;
}

export const coefficientChart = (list: readonly Coefficient[]): Svg =>
  effects(
    list.map(({ name, coefficient, interval }) => ({
      name,
      value: coefficient,
      ...(interval !== null && { interval }),
    })),
    { x: "coefficient (log-odds)" },
  );

export const oddsChart = (list: readonly Coefficient[]): Svg =>
  effects(
    list.map(({ name, coefficient, interval }) => ({
      name,
      value: Math.exp(coefficient),
      ...(interval !== null && {
        interval: [Math.exp(interval[0]), Math.exp(interval[1])] as const,
      }),
    })),
    { x: "odds ratio", scale: "log" },
  );
