// What coefficients mean when features go together.
//
// Two features that say nearly the same, say a length in centimetres and in inches with errors of
// measurement, share one effect, and the data can hardly tell which of them has it: only the sum of their
// coefficients is determined. Each alone may come out large, small, or with the wrong sign, and another
// sample gives others. The predictions do not suffer. The variance inflation factor of a feature,
// 1 / (1 - R²) with R² of a regression of it on the others, says how many times larger the variance of its
// coefficient is for that reason; above 5 or 10 do not read a meaning into it. Leave one of them out,
// or let an L2 penalty share the effect between them.
import { random, stack, tensor } from "inkgrad";
import { logisticRegression, metrics, varianceInflation } from "inkgrad/learn";
import { lineChart } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const truth = [1, 1, -1];

/** Three features, the first two with a correlation; labels with log-odds x0 + x1 - x2. */
function sample(n, correlation, key) {
  const [a, b, c, luck] = random.split(key, 4);
  const normal = (key) => random.normal(key, [n], { dtype: "f64" });
  const first = normal(a);
  const own = Math.sqrt(1 - correlation ** 2);
  const x = stack([first, first.mul(correlation).add(normal(b).mul(own)), normal(c)], 1);
  const p = x.matmul(tensor(truth, { dtype: "f64" })).sigmoid();
  const y = random.uniform(luck, [n], { dtype: "f64" }).less(p).cast("i32");
  return { x, y };
}

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Two features that say the same: their coefficients, from many samples.");
  const [n, samples] = small ? [300, 20] : [500, 100];
  const results = [];
  for (const correlation of [0, 0.5, 0.9, 0.99, 0.999]) {
    const found = { plain: [], ridge: [] };
    const [errors, aucs] = [[], []];
    for (let k = 0; k < samples; k++) {
      const { x, y } = sample(n, correlation, random.key(100 + k));
      const plain = await logisticRegression({ penalty: "none" }).fit(x, y);
      const ridge = await logisticRegression({ C: 0.1 }).fit(x, y);
      found.plain.push(plain.coefficients.toArray()[0]);
      found.ridge.push(ridge.coefficients.toArray()[0]);
      errors.push(plain.coefficientTable()[0].standardError);
      const fresh = sample(n, correlation, random.key(100_000 + k));
      aucs.push(metrics.rocAuc(fresh.y, plain.predictProba(fresh.x)));
    }
    const [inflation] = varianceInflation(sample(10_000, correlation, random.key(99)).x);
    const firsts = found.plain.map(([w0]) => w0);
    results.push({
      ...{ correlation, inflation, found },
      spread: deviation(firsts),
      standardError: mean(errors),
      sumSpread: deviation(found.plain.map(([w0, w1]) => w0 + w1)),
      wrongSign: firsts.filter((w) => w < 0).length / samples,
      ridgeSpread: deviation(found.ridge.map(([w0]) => w0)),
      auc: mean(aucs),
    });
  }
  print(`\n${samples} samples of ${n} rows each; the truth is ${truth.join(", ")}:`);
  print(
    table(
      ["correlation", "VIF", "spread of w0", "its standard error", "spread of w0 + w1"],
      results.map((r) => [r.correlation, r.inflation, r.spread, r.standardError, r.sumSpread]),
    ),
  );
  print(
    table(
      ["correlation", "w0 < 0", "spread of w0 with L2", "AUC on new rows"],
      results.map((r) => [r.correlation, r.wrongSign, r.ridgeSpread, r.auc]),
    ),
  );
  print("The spread grows as the square root of the VIF; the sum and the predictions stay.");

  const first = results[0];
  await plot(
    "spread",
    lineChart({
      description: "the spread of a coefficient grows as the root of its variance inflation",
      ...{ x: "variance inflation factor", y: "spread of w0", xScale: "log", yScale: "log" },
      series: [
        { name: "without penalty", points: results.map((r) => ({ x: r.inflation, y: r.spread })) },
        { name: "L2", points: results.map((r) => ({ x: r.inflation, y: r.ridgeSpread })) },
        {
          ...{ name: "root of VIF", dashed: true },
          points: results.map((r) => ({ x: r.inflation, y: first.spread * r.inflation ** 0.5 })),
        },
      ],
    }),
  );
  return { truth, results };
}

const mean = (list) => list.reduce((sum, value) => sum + value, 0) / list.length;
const deviation = (list) => {
  const centre = mean(list);
  return Math.sqrt(mean(list.map((value) => (value - centre) ** 2)));
};

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
