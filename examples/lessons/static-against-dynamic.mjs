// A graph that is made anew at every call, against a graph that is made once.
//
// Written as it stands, a function of tensors is run by JavaScript at every call: each operation adds a
// node to a graph, which is then computed ("eager", or dynamic). That is flexible: an `if` may ask for a
// value, a loop may go on until something has converged. `compile` runs the function once, with
// stand-ins for its arguments, keeps the graph, and makes a program of it (static): later calls skip
// JavaScript, and operations are fused. The price: what the function does besides computing happens only
// that once, and a branch on a value cannot be taken, for there is no value yet. `where` takes both
// sides and chooses among the results.
import { compile, random, setThreads, tensor, valueAndGrad, where } from "inkgrad";
import { losses } from "inkgrad/nn";
import { curves } from "inkgrad/learn/plot";
import { isMain, runLesson } from "./run-lesson.mjs";
import { fastest } from "./support/fastest.mjs";
import { table } from "./support/table.mjs";

export async function lesson({ small = false, print = console.log, plot = async () => {} } = {}) {
  print("A graph made at every call (eager), against one made once (compiled), on one core.");
  setThreads(1);
  const widths = small ? [8, 64] : [8, 32, 128, 512];
  const steps = widths.map((width) => trainingStep(width, small ? 3 : 7));
  print("\nA training step of a network 16 - width - 1, 64 examples:");
  print(
    table(
      ["width", "eager, ms", "compiled, ms", "times faster", "runs in 10 calls", "difference"],
      steps.map((s) => [
        ...[s.width, s.eager, s.compiled, +(s.eager / s.compiled).toFixed(1)],
        ...[s.runs.join(" and "), s.difference],
      ]),
    ),
  );
  print(
    "The smaller the work, the more of the time is JavaScript's: compiling matters most there.",
  );

  const branches = onValues(print);
  const points = (of) => steps.map((s) => ({ x: s.width, y: s[of] }));
  await plot(
    "steps",
    curves(
      { eager: points("eager"), compiled: points("compiled") },
      { x: "width", y: "milliseconds a step", xScale: "log", yScale: "log" },
    ),
  );
  return { steps, ...branches };
}

function trainingStep(width, runs) {
  const [a, b, c, d] = random.split(random.key(width), 4);
  const x = random.normal(a, [64, 16]);
  const y = random.bernoulli(b, [64, 1]).cast("f32");
  const first = random.normal(c, [16, width]).mul(0.25);
  const params = { first, second: random.normal(d, [width, 1]).mul(0.1) };
  const loss = losses.binaryCrossEntropy();
  let count = 0;
  const step = (p, x, y) => {
    count++;
    const [value, g] = valueAndGrad((p) => loss(x.matmul(p.first).tanh().matmul(p.second), y))(p);
    const update = (name) => p[name].sub(g[name].mul(0.1));
    return { value, params: { first: update("first"), second: update("second") } };
  };
  // The program computes everything; eagerly, asking for the parameters does the same.
  const read = ({ params }) => params.first.toArray();
  const program = compile(step);
  const ways = [step, program].map((f) => {
    count = 0;
    const results = Array.from({ length: 10 }, () => f(params, x, y));
    return { runs: count, value: results.at(-1).value.item() };
  });
  return {
    width,
    eager: fastest(() => read(step(params, x, y)), { runs }),
    compiled: fastest(() => read(program(params, x, y)), { runs }),
    runs: ways.map(({ runs }) => runs),
    difference: Math.abs(ways[0].value - ways[1].value),
  };
}

/** What becomes of branches and loops that depend on values. */
function onValues(print) {
  print("\nBranches on values, f(x) = x² if the sum of x is positive, else -x:");
  const branching = (x) => (x.sum().item() > 0 ? x.square() : x.neg());
  const choosing = (x) => where(x.sum().greater(0), x.square(), x.neg());
  const [up, down] = [tensor([1, 2]), tensor([-1, -2])];
  const eager = [up, down].map((x) => branching(x).toArray());
  print(`  if, eager:       f([1, 2]) = [${eager[0]}], f([-1, -2]) = [${eager[1]}]`);
  let refused = null;
  try {
    compile(branching)(up);
  } catch (error) {
    refused = error;
  }
  print(`  if, compiled:    ${refused?.name}: ${refused?.message}`);
  const program = compile(choosing);
  const chosen = [up, down].map((x) => program(x).toArray());
  print(`  where, compiled: f([1, 2]) = [${chosen[0]}], f([-1, -2]) = [${chosen[1]}]`);

  print("\nBranches on numbers that are no tensors are taken when the graph is made:");
  let traces = 0;
  const power = compile((x, n) => {
    traces++;
    let result = x;
    for (let i = 1; i < n; i++) result = result.mul(x);
    return result;
  });
  const powers = [2, 3, 2, 3, 3, 2].map((n) => power(tensor(2), n).item());
  print(
    `  2ⁿ for n = 2, 3, 2, 3, 3, 2: ${powers.join(", ")}; the function was run ${traces} times,`,
  );
  print("  once for each n: each has a program of its own. A loop is written out in it.");

  print("\nA loop that ends when it has converged (√2 by Newton's steps) is for eager code:");
  let [root, rounds] = [tensor(1), 0];
  for (let last = Infinity; Math.abs(root.item() - last) > 1e-6; rounds++) {
    last = root.item();
    root = root.add(tensor(2).div(root)).div(2);
  }
  print(`  √2 = ${root.item().toFixed(6)} after ${rounds} rounds`);
  return { eager, refused, chosen, powers, traces, root: root.item(), rounds };
}

if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);
