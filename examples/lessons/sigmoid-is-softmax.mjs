// The sigmoid is the softmax of two classes.
//
// Softmax makes probabilities of several scores: e^zₖ divided by the sum of all e^zⱼ. With two scores, divide above
// and below by e^z₁: what is left is 1 / (1 + e^(z₀ - z₁)), the sigmoid of the difference. So two scores are
// one too many: only their difference counts, and adding the same to both changes nothing. Logistic
// regression keeps one score and holds the other at 0. The losses agree too: binary cross-entropy of z is
// categorical cross-entropy of (0, z). Where a penalty looks at the weights there is one difference left: softmax
// shares the difference w out as -w/2 and w/2, whose squares add up to half of w². So softmax with C equals
// the sigmoid with 2C.
import { ellipsis, grad, linspace, random, softmax, stack, zerosLike } from "inkgrad";
import { toy } from "inkgrad/data";
import { logisticRegression } from "inkgrad/learn";
import { losses } from "inkgrad/nn";
import { curves } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { table } from "./support/table.mjs";

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("One score and a sigmoid, or two scores and a softmax: the same.");
  const z = linspace(-6, 6, small ? 13 : 49, { dtype: "f64" });
  const pair = (z, shift = 0) => stack([zerosLike(z).add(shift), z.add(shift)], 1);
  const [bySigmoid, bySoftmax] = [z.sigmoid(), softmax(pair(z)).at(ellipsis, 1).get()];
  const shifted = softmax(pair(z, 100)).at(ellipsis, 1).get();
  const labels = z.greater(1).cast("f64");
  const binary = losses.binaryCrossEntropy();
  const categorical = losses.sparseCategoricalCrossEntropy();
  const classes = labels.cast("i32");
  const lossOfOne = (z) => binary(z, labels);
  const lossOfTwo = (z) => categorical(pair(z), classes);
  const apart = (a, b) => a.sub(b).abs().max().item();
  const gaps = {
    "sigmoid(z) and softmax(0, z)": apart(bySigmoid, bySoftmax),
    "softmax(0, z) and softmax(100, z + 100)": apart(bySoftmax, shifted),
    "the two losses": apart(lossOfOne(z), lossOfTwo(z)),
    "their gradients": apart(grad(lossOfOne)(z), grad(lossOfTwo)(z)),
  };
  print("\nLargest differences for z from -6 to 6:");
  print(table(["between", "difference"], Object.entries(gaps)));

  const { x, y } = toy.classification({
    ...{
      n: small ? 200 : 1000,
      features: 4,
      informative: 3,
      redundant: 0,
      flipY: 0.1,
      dtype: "f64",
    },
    key: random.key(5),
  });
  const fit = (multiClass, C) =>
    logisticRegression({ multiClass, C, solver: "newton", tol: 1e-12 }).fit(x, y);
  const one = await fit("auto", 0.2);
  const two = await fit("multinomial", 0.1);
  const same = await fit("multinomial", 0.2);
  const [w] = one.coefficients.toArray();
  const [w0, w1] = two.coefficients.toArray();
  const other = same.coefficients.toArray();
  print("\nCoefficients of a logistic regression with C = 0.2, and of a softmax with C = 0.1:");
  print(
    table(
      ["feature", "sigmoid w", "softmax w₀", "softmax w₁", "w₁ - w₀", "with C = 0.2"],
      w.map((value, k) => [k, value, w0[k], w1[k], w1[k] - w0[k], other[1][k] - other[0][k]]),
    ),
  );
  const most = (list) => Math.max(...list.map(Math.abs));
  const fits = {
    difference: most(w.map((value, k) => value - (w1[k] - w0[k]))),
    sharedOut: most(w.map((value, k) => w1[k] - value / 2)),
    sameC: most(w.map((value, k) => value - (other[1][k] - other[0][k]))),
    probabilities: apart(one.predictProba(x), two.predictProba(x)),
  };
  print(`Their probabilities differ by at most ${fits.probabilities.toExponential(1)}.`);
  const points = (p) => z.toArray().map((x, i) => ({ x, y: p[i] }));
  await plot(
    "probabilities",
    curves(
      {
        "sigmoid(z)": points(bySigmoid.toArray()),
        "softmax(0, z)₀": points(softmax(pair(z)).at(ellipsis, 0).get().toArray()),
      },
      { x: "z", y: "probability" },
    ),
  );
  return { gaps, fits };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
