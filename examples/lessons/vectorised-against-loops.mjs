// One operation on a whole array, against loops over its elements.
//
// "Vectorise!" is the first advice to whoever writes numerical code. There are two reasons, and they are
// not the same size. The large one: every call of a library costs some microseconds, whatever it
// works on. A loop that calls it for each example pays that for each example; one call for all examples
// pays once. The other one: inside, the library computes on four numbers at a time, on several cores,
// and takes them from memory in an order that suits the caches; a plain loop does not. Here the gradient
// of a logistic regression is computed in three ways, and a product of two matrices in two.
import { compile, grad, random, setThreads, tensor } from "inkgrad";
import { losses } from "inkgrad/nn";
import { curves } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { fastest } from "./support/fastest.mjs";
import { table } from "./support/table.mjs";

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("The same computation as loops and as operations on whole arrays (all on one core).");
  setThreads(1);
  const gradient = gradientThreeWays(small ? 500 : 2000, 50);
  print(`\nGradient of a logistic regression, ${gradient.examples} examples of 50 features:`);
  const base = gradient.times[0].ms;
  print(
    table(
      ["way", "calls of the library", "ms", "as fast as the first"],
      gradient.times.map(({ way, calls, ms }) => [way, calls, ms, `${(base / ms).toFixed(1)} ×`]),
    ),
  );
  print(`  (largest difference between the results: ${gradient.difference.toExponential(1)})`);

  const sizes = small ? [32, 64, 128] : [32, 64, 128, 256, 512];
  const products = sizes.map((n) => matrixProduct(n, small ? 3 : 5));
  print("\nProduct of two matrices n × n:");
  print(
    table(
      ["n", "three loops, ms", "matmul, ms", "times faster", "largest difference"],
      products.map((p) => [p.n, p.loops, p.matmul, +(p.loops / p.matmul).toFixed(1), p.difference]),
    ),
  );
  print(
    "Both take n³ multiply-adds: the loops one at a time, each waiting for the sum of the last;",
  );
  print("matmul four with one instruction, on parts of the matrices that stay in registers.");
  const points = (of) => products.map((p) => ({ x: p.n, y: p[of] }));
  await plot(
    "products",
    curves(
      { "three loops": points("loops"), matmul: points("matmul") },
      { x: "n", y: "milliseconds", xScale: "log", yScale: "log" },
    ),
  );
  return { gradient, products };
}

function gradientThreeWays(examples, features) {
  const [a, b, c] = random.split(random.key(1), 3);
  const x = random.normal(a, [examples, features]);
  const y = random.bernoulli(b, [examples]).cast("f32");
  const w = random.normal(c, [features]).mul(0.1);
  const [rows, answers, weights] = [x.toArray(), y.toArray(), w.toArray()];

  const loss = losses.binaryCrossEntropy();
  let calls = 0;
  const counted =
    (f) =>
    (...args) => {
      calls++;
      return f(...args);
    };
  const whole = counted(compile((w, x, y) => grad((w) => loss(x.matmul(w), y))(w)));
  const ofOne = counted(compile((w, x, y) => x.mul(x.mul(w).sum().sigmoid().sub(y))));
  const examplesOfOne = rows.map((row, i) => [tensor(row), tensor(answers[i])]);

  const ways = {
    "a call for each example": () => {
      const sum = new Float64Array(features);
      for (const [row, answer] of examplesOfOne)
        ofOne(w, row, answer)
          .toArray()
          .forEach((d, k) => (sum[k] += d / examples));
      return sum;
    },
    "plain loops": () => {
      const sum = new Float64Array(features);
      for (let i = 0; i < examples; i++) {
        let z = 0;
        for (let k = 0; k < features; k++) z += weights[k] * rows[i][k];
        const error = 1 / (1 + Math.exp(-z)) - answers[i];
        for (let k = 0; k < features; k++) sum[k] += (error * rows[i][k]) / examples;
      }
      return sum;
    },
    "one call for all": () => whole(w, x, y).toArray(),
  };
  const results = [];
  const times = Object.entries(ways).map(([way, f]) => {
    calls = 0;
    results.push(f());
    return { way, calls, ms: fastest(f) };
  });
  return { examples, times, difference: Math.max(...results.map((r) => apart(r, results[1]))) };
}

function matrixProduct(n, runs) {
  const [a, b] = random.split(random.key(n));
  const [left, right] = [random.normal(a, [n, n]), random.normal(b, [n, n])];
  const [l, r] = [left, right].map((m) => Float32Array.from(m.toArray().flat()));
  const product = new Float32Array(n * n);
  const loops = () => {
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) {
        let sum = 0;
        for (let k = 0; k < n; k++) sum += l[i * n + k] * r[k * n + j];
        product[i * n + j] = sum;
      }
  };
  const matmul = compile((left, right) => left.matmul(right));
  loops();
  const difference = apart(matmul(left, right).toArray().flat(), product);
  return {
    n,
    loops: fastest(loops, { runs }),
    matmul: fastest(() => matmul(left, right), { runs }),
    difference,
  };
}

const apart = (a, b) => a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i])), 0);

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
