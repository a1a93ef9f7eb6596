// Too simple, too flexible: bias and variance by the degree of a polynomial.
//
// Draw many samples of the same wavy line with noise, fit a polynomial to each, and look at what comes out at
// one place. The mean of the fits may lie beside the truth: that is the bias, what the model cannot say however
// much it sees. And the fits lie around their mean: that is the variance, what they owe to the accidents
// of their sample. The squared error on new rows is, on average, bias² + variance + the noise of the rows
// themselves. A straight line has bias; a polynomial of high degree has variance; the error is least in
// between. The error on the rows that were learned from falls with every degree, and so says nothing of it.
import { linspace, lstsq, random } from "inkgrad";
import { preprocessing } from "inkgrad/learn";
import { lineChart } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

const f64 = { dtype: "f64" };
const rows = 20;
const noise = 0.3;

const truth = (x) => x.mul(4).sin();
/** 1, x, x², … as columns: [rows, degree + 1]. */
async function powers(x, degree) {
  const column = x.expandDims(1);
  return (await preprocessing.polynomialFeatures({ degree }).fit(column)).transform(column);
}

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("Polynomials of rising degree, fitted to many samples of the same line with noise.");
  const samples = small ? 200 : 2000;
  const [learnKey, newKey] = random.split(random.key(3));
  const x = linspace(-1, 1, rows, f64);
  const places = linspace(-0.95, 0.95, 39, f64);
  // A column for each sample, so that one call fits them all.
  const drawn = (key, x) =>
    truth(x)
      .expandDims(1)
      .add(random.normal(key, [x.shape[0], samples], f64).mul(noise));
  const [y, fresh] = [drawn(learnKey, x), drawn(newKey, places)];

  const results = [];
  for (let degree = 0; degree < (small ? 11 : 13); degree++) {
    const [learned, asked] = [await powers(x, degree), await powers(places, degree)];
    const coefficients = lstsq(learned, y);
    const fits = asked.matmul(coefficients); // [places, samples]
    const mean = fits.mean(1);
    results.push({
      degree,
      biasSquared: mean.sub(truth(places)).square().mean().item(),
      variance: fits.sub(mean.expandDims(1)).square().mean().item(),
      learned: learned.matmul(coefficients).sub(y).square().mean().item(),
      error: fits.sub(fresh).square().mean().item(),
      first: fits
        .slice([[], [0, 3]])
        .transpose()
        .toArray(),
    });
  }
  print(
    `\n${samples} samples of ${rows} rows, noise of variance ${noise ** 2}. Mean squared errors:`,
  );
  print(
    table(
      ["degree", "bias²", "variance", "bias² + variance + noise", "new rows", "rows learned from"],
      results.map((r) => [
        ...[r.degree, r.biasSquared, r.variance, r.biasSquared + r.variance + noise ** 2],
        ...[r.error, r.learned],
      ]),
    ),
  );
  const best = results.reduce((least, r) => (r.error < least.error ? r : least)).degree;
  print(
    `Least on new rows: degree ${best}. Each coefficient adds about ${noise ** 2} / ${rows} of variance.`,
  );

  const points = (of) => results.map((r) => ({ x: r.degree, y: r[of] }));
  await plot(
    "errors",
    lineChart({
      description:
        "bias falls with the degree, variance rises, the error on new rows falls and rises",
      x: "degree",
      y: "mean squared error",
      whole: true,
      series: Object.entries({
        "new rows": "error",
        learned: "learned",
        "bias²": "biasSquared",
        variance: "variance",
      }).map(([name, of]) => ({ name, points: points(of) })),
    }),
  );
  const line = (values) => places.toArray().map((x, i) => ({ x, y: values[i] }));
  for (const degree of [1, best, results.length - 1])
    await plot(
      `degree-${degree}`,
      lineChart({
        description: `the line, and polynomials of degree ${degree} fitted to three samples of it`,
        x: "x",
        yDomain: [-2, 2],
        series: [
          { name: "truth", points: line(truth(places).toArray()), dashed: true },
          ...results[degree].first.map((values, i) => ({
            name: `fit ${i + 1}`,
            points: line(values),
          })),
        ],
        ...{ names: false, dots: false },
      }),
    );
  return {
    rows,
    noise,
    best,
    results: results.map(({ degree, biasSquared, variance, error, learned }) => ({
      degree,
      biasSquared,
      variance,
      error,
      learned,
    })),
  };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
