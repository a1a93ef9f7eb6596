// How likely is heads? A first lesson of maximum likelihood.
//
// A coin fell on heads i times in N tosses. If p is the probability of heads, the probability of just
// these tosses is p^i (1 - p)^(N - i): as a function of p, with the tosses fixed, it is called the
// likelihood. It is a product of many small numbers, so we take its logarithm, a sum: i log p + (N - i)
// log(1 - p). The best p is the one under which what happened is most likely. There the derivative,
// i / p - (N - i) / (1 - p), is 0, and that gives p = i / N: the share that anybody would have guessed. So
// the principle agrees with common sense where there is a formula. It is worth having because it works
// where there is none: logistic regression is this coin with a p of its own for each row.
import { grad, random, tensor, xlogy } from "inkgrad";
import { logisticRegression, logOddsToProbability } from "inkgrad/learn";
import { lineChart } from "inkgrad/learn/plot";
import { minimize } from "inkgrad/nn";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const truth = 0.7;

/** i log p + (N - i) log(1 - p), for a tensor p. */
const logLikelihood = (heads, tosses) => (p) =>
  xlogy(heads, p).add(xlogy(tosses - heads, p.neg().add(1)));

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print(
    "A coin, and how likely heads is: the p under which what happened is most likely is i / N.",
  );
  const tosses = 100;
  const list = random.bernoulli(random.key(0), [tosses], { p: truth }).cast("i32").toArray();
  const heads = list.reduce((sum, toss) => sum + toss, 0);
  const likelihood = logLikelihood(heads, tosses);
  const at = (p) => tensor(p, { dtype: "f64" });

  print(`\n${heads} heads in ${tosses} tosses. The logarithm of the likelihood, and its slope:`);
  const slope = grad(likelihood);
  const grid = Array.from({ length: 19 }, (_, k) => (k + 1) / 20);
  const rows = grid.map((p) => [p, likelihood(at(p)).item(), slope(at(p)).item()]);
  print(table(["p", "log-likelihood", "slope"], rows));

  // Four ways to the same number.
  const closedForm = heads / tosses;
  const slopeThere = slope(at(closedForm)).item();
  const found = minimize((z) => likelihood(z.sigmoid()).neg(), at(0))
    .x.sigmoid()
    .item();
  // A logistic regression that is told nothing about the tosses has an intercept only.
  const nothing = list.map(() => [0]);
  const fitted = await logisticRegression({ penalty: "none" }).fit(nothing, list);
  const byRegression = logOddsToProbability(fitted.intercepts.toArray()[0]);
  print("\nThe best p:");
  const ways = [
    ["by the formula i / N", closedForm],
    ["where the slope is 0, by a search", found],
    ["by logistic regression without features", byRegression],
  ];
  print(table(["way", "p"], ways));
  print(`At i / N the slope is ${slopeThere.toExponential(1)}.`);

  print(`\nMore tosses of a coin with p = ${truth}: the error shrinks as 1 / sqrt(N).`);
  const counts = small ? [10, 100, 1000] : [10, 100, 1000, 10_000, 100_000, 1_000_000];
  const estimates = counts.map((n, k) => {
    const tossed = random.bernoulli(random.key(10 + k), [n], { p: truth });
    const p = tossed.cast("f64").mean().item();
    return { n, p, standardError: Math.sqrt((p * (1 - p)) / n) };
  });
  print(
    table(
      ["N", "i / N", "error", "standard error"],
      estimates.map(({ n, p, standardError }) => [n, p, Math.abs(p - truth), standardError]),
    ),
  );

  const fine = Array.from({ length: 199 }, (_, k) => (k + 1) / 200);
  await plot(
    "likelihood",
    lineChart({
      description: "the likelihood of p: the more tosses, the narrower its peak, which is at i / N",
      x: "p, the probability of heads",
      y: "likelihood (1 at its peak)",
      dots: false,
      series: [10, 100, 1000].map((n) => {
        const [i, all] = [closedForm * n, n];
        const most = logLikelihood(i, all)(at(closedForm)).item();
        const height = (p) => Math.exp(logLikelihood(i, all)(at(p)).item() - most);
        return { name: `N = ${n}`, points: fine.map((p) => ({ x: p, y: height(p) })) };
      }),
    }),
  );
  return {
    truth,
    heads,
    tosses,
    grid: rows,
    closedForm,
    slopeThere,
    found,
    byRegression,
    estimates,
  };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
