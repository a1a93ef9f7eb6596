// Counting errors, against the logarithm of the probability of what was right.
//
// What we want of a classifier is few errors. Why then is it trained on the log loss? Counted errors (the
// "0-1 loss") change only when a row crosses the boundary: as a function of the weights they are a
// staircase, flat nearly everywhere, and their gradient is 0. A gradient that is 0 says nothing about where
// to go. The log loss -log p(right class) is smooth and convex for a linear model, it still sees a
// difference between barely right and surely right, and it bounds what we want: an error has p ≤ 1/2 for
// the right class, so it costs at least log 2, and log loss / log 2 is never less than the share of errors.
import { grad, random, tensor, where } from "inkgrad";
import { toy } from "inkgrad/data";
import { losses } from "inkgrad/nn";
import { curves } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const logLoss = losses.binaryCrossEntropy();

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print(
    "Counted errors are a staircase without a slope; the log loss is a smooth bound above them.",
  );
  const { x, y } = toy.blobs({
    ...{ n: small ? 100 : 400, centers: [[-1, 0], [1, 0.5]], std: 1.1 }, // prettier-ignore
    ...{ dtype: "f64", key: random.key(2) },
  });
  const labels = y.cast("f64");
  const logits = (w) => x.matmul(w);
  /** The share of rows on the wrong side. */
  const errors = (w) =>
    where(logits(w).greater(0).equal(labels.greater(0)), 0, tensor(1, { dtype: "f64" })).mean();
  const loss = (w) => logLoss(logits(w), labels);

  // Both along a line through the weights: w = (t, 0.3).
  const count = small ? 81 : 321;
  const along = Array.from({ length: count }, (_, i) => {
    const t = -2 + (5 * i) / (count - 1);
    const w = tensor([t, 0.3], { dtype: "f64" });
    return {
      t,
      errors: errors(w).item(),
      bound: loss(w).item() / Math.log(2),
      errorSlope: grad(errors)(w).toArray()[0],
      lossSlope: grad(loss)(w).toArray()[0],
    };
  });
  print("\nAlong the line w = (t, 0.3):");
  print(
    table(
      ["t", "errors", "slope of errors", "log loss / log 2", "slope of log loss"],
      along
        .filter((_, i) => i % ((count - 1) / 10) === 0)
        .map((p) => [p.t, p.errors, p.errorSlope, p.bound, p.lossSlope]),
    ),
  );
  const steps = new Set(along.map((p) => p.errors)).size;
  print(`The errors take only ${steps} different values at ${along.length} places.`);

  print("\n200 steps of gradient descent from w = (-1, 0.3):");
  const start = tensor([-1, 0.3], { dtype: "f64" });
  const ends = Object.entries({ errors, "log loss": loss }).map(([name, f]) => {
    let w = start;
    for (let step = 0; step < 200; step++) w = w.sub(grad(f)(w).mul(0.5));
    return { name, w: w.toArray(), errors: errors(w).item(), loss: loss(w).item() };
  });
  print(
    table(
      ["descending", "w₀", "w₁", "errors", "log loss"],
      ends.map((end) => [end.name, ...end.w, end.errors, end.loss]),
    ),
  );

  // Twice as sure makes the same errors. Whether that is better the count cannot say.
  const best = tensor(ends[1].w, { dtype: "f64" });
  const sure = [0.2, 1, 5, 20].map((factor) => {
    const w = best.mul(factor);
    return { factor, errors: errors(w).item(), loss: loss(w).item() };
  });
  print(
    "\nThe weights just found, times a factor: the same decisions, with more or less confidence:",
  );
  print(
    table(
      ["factor", "errors", "log loss"],
      sure.map((s) => [s.factor, s.errors, s.loss]),
    ),
  );
  await plot(
    "staircase",
    curves(
      {
        errors: along.map((p) => ({ x: p.t, y: p.errors })),
        "log loss / log 2": along.map((p) => ({ x: p.t, y: p.bound })),
      },
      { x: "t, the first weight", y: "loss" },
    ),
  );
  return { along, steps, ends, sure };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
