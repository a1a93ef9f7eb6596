// Two directions to take a derivative in, and when each is cheap.
//
// A function from n numbers to m numbers has n · m derivatives, its Jacobian. Forward mode (`jvp`) takes a
// direction of the inputs along through the computation and gives the change of all outputs: one column of
// the Jacobian a pass, n passes for all of it. Reverse mode (`vjp`) takes weights of the outputs back and
// gives the derivatives by all inputs: one row a pass, m passes. A loss has one output and millions of
// inputs, so that one backward pass gives all of its gradient where forward mode needs millions: this is
// why networks are trained by reverse mode. Its price is memory, for it needs all intermediate values.
import { compile, jacobian, jvp, random, setThreads, tensor, vjp } from "inkgrad";
import { curves } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { fastest } from "./support/fastest.mjs";
import { table } from "./support/table.mjs";

const hidden = 64;

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("The Jacobian of a function from n to m numbers, by columns (jvp) and by rows (vjp).");
  setThreads(1);
  const most = small ? 32 : 256;
  const shapes = [
    [1, most],
    [4, most],
    [most / 4, most / 4],
    [most, 4],
    [most, 1],
  ];
  const rows = shapes.map(([n, m]) => bothWays(n, m, small ? 3 : 5));
  print("\nPasses, and processor time of all of them, on one core:");
  print(
    table(
      [
        "inputs n",
        "outputs m",
        "jvp: passes",
        "ms",
        "vjp: passes",
        "ms",
        "jvp ÷ vjp",
        "difference",
      ],
      rows.map(({ n, m, forward, reverse, difference }) => [
        ...[n, m, forward.passes, forward.ms, reverse.passes, reverse.ms],
        ...[+(forward.ms / reverse.ms).toFixed(2), difference],
      ]),
    ),
  );
  print("`jacobian` makes one batch of all passes, and takes the mode with the fewer.");

  // One output, ever more inputs: the gradient of a loss.
  const counts = small ? [4, 16, 64] : [4, 16, 64, 256, 1024];
  const gradients = counts.map((n) => bothWays(n, 1, small ? 3 : 5));
  print("\nThe gradient of one number, by the number of inputs:");
  print(
    table(
      ["inputs", "jvp, ms", "vjp, ms", "times"],
      gradients.map(({ n, forward: f, reverse: r }) => [n, f.ms, r.ms, +(f.ms / r.ms).toFixed(1)]),
    ),
  );
  const points = (mode) => gradients.map((row) => ({ x: row.n, y: row[mode].ms }));
  await plot(
    "gradient",
    curves(
      { "forward (jvp)": points("forward"), "reverse (vjp)": points("reverse") },
      { x: "inputs, one output", y: "milliseconds", xScale: "log", yScale: "log" },
    ),
  );
  return { rows, gradients };
}

/** A network with one hidden layer from n numbers to m, and its Jacobian, one unit vector at a time. */
function bothWays(n, m, runs) {
  const [a, b, c] = random.split(random.key(n + 1000 * m), 3);
  const first = random.normal(a, [n, hidden]).div(Math.sqrt(n));
  const second = random.normal(b, [hidden, m]).div(Math.sqrt(hidden));
  const f = (x) => x.matmul(first).tanh().matmul(second);
  const x = random.normal(c, [n]);

  const column = compile((x, direction) => jvp(f, [x], [direction])[1]);
  const row = compile((x, weights) => vjp(f, x)[1](weights)[0]);
  const forward = pass(column, x, units(n));
  const reverse = pass(row, x, units(m));
  const whole = jacobian(f)(x).toArray(); // [m, n]
  const [columns, rows] = [forward(), reverse()];
  const difference = Math.max(
    ...whole.flatMap((line, i) =>
      line.flatMap((d, j) => [Math.abs(d - columns[j][i]), Math.abs(d - rows[i][j])]),
    ),
  );
  return {
    ...{ n, m, difference },
    forward: { passes: columns.length, ms: fastest(forward, { runs }) },
    reverse: { passes: rows.length, ms: fastest(reverse, { runs }) },
  };
}

/** One call of `derivative` for each vector. */
const pass = (derivative, x, vectors) => () => vectors.map((v) => derivative(x, v).toArray());

/** The unit vectors of a space: (1, 0, 0), (0, 1, 0), … */
const units = (n) =>
  Array.from({ length: n }, (_, i) => tensor(Array.from({ length: n }, (_, j) => +(i === j))));

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
