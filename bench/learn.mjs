/**
 * Logistic regression against scikit-learn, both with two threads, taking turns in one run:
 *
 *     node bench/learn.mjs [--rounds 5] [--only mnist,l1,small] [--data ../shared/data]
 *
 * Medians of the time of a fit and of its processor time, and the objective penalty(w) + C Σ losses that each
 * has reached, computed from the coefficients in f64 by the same code for both. /usr/bin/python3 must have scikit-learn.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { gunzipSync } from "node:zlib";
import { setThreads, tensor } from "../packages/inkgrad/dist/index.js";
import { logisticRegression } from "../packages/inkgrad/dist/learn/index.js";

const { values: options } = parseArgs({
  options: {
    rounds: { type: "string", default: "5" },
    only: { type: "string", default: "mnist,l1,small" },
    data: { type: "string", default: fileURLToPath(new URL("../../shared/data", import.meta.url)) },
  },
});
const rounds = Number(options.rounds);
setThreads(2);

/** Numbers as in a normal distribution, always the same. */
function normals(seed) {
  let state = seed;
  const uniform = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state + 0.5) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
}

/** Standard normal columns; every fourth has a coefficient. */
function made(rows, columns) {
  const next = normals(7);
  const x = Float64Array.from({ length: rows * columns }, next);
  const w = Float64Array.from({ length: columns }, (_, j) => (j % 4 === 0 ? next() : 0));
  const y = Int32Array.from({ length: rows }, (_, i) => {
    let z = 0;
    for (let j = 0; j < columns; j++) z += x[i * columns + j] * w[j];
    return z + 2 * next() > 0 ? 1 : 0;
  });
  return { x, y, rows, columns, classes: 2 };
}

function mnist() {
  const folder = join(options.data, "mnist");
  if (!existsSync(folder)) return null;
  const read = (name) => gunzipSync(readFileSync(join(folder, `${name}.gz`)));
  const pixels = read("train-images-idx3-ubyte").subarray(16);
  const y = Int32Array.from(read("train-labels-idx1-ubyte").subarray(8));
  return {
    x: Float32Array.from(pixels, (p) => p / 255),
    y,
    rows: 60000,
    columns: 784,
    classes: 10,
  };
}

const cases = {
  mnist: {
    title: "60,000×784 (MNIST), ten classes, L2, C = 1, L-BFGS, 100 iterations",
    data: mnist,
    ours: { solver: "lbfgs", maxIterations: 100, tol: 0 },
    theirs: { solver: "lbfgs", max_iter: 100, tol: 0, multi_class: "multinomial" },
    repeat: 1,
  },
  l1: {
    title: "10,000×100, two classes, L1, C = 0.1, against liblinear (no intercept)",
    data: () => made(10000, 100),
    C: 0.1,
    ours: { penalty: "l1", C: 0.1, fitIntercept: false },
    theirs: { solver: "liblinear", penalty: "l1", C: 0.1, fit_intercept: false },
    repeat: 5,
  },
  small: {
    title: "10,000×20, two classes, L2, C = 1, L-BFGS",
    data: () => made(10000, 20),
    ours: { solver: "lbfgs" },
    theirs: { solver: "lbfgs" },
    repeat: 20,
  },
};

/** penalty(w) + C Σ losses. */
function objective(
  { x, y, rows, columns, classes },
  { coefficients, intercepts },
  { penalty = "l2", C = 1 },
) {
  const outputs = intercepts.length;
  let sum = 0;
  for (const w of coefficients.flat()) sum += penalty === "l1" ? Math.abs(w) : (w * w) / 2;
  const flat = coefficients.map((line) => Float64Array.from(line));
  const z = new Float64Array(outputs);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < outputs; k++) {
      z[k] = intercepts[k];
      for (let j = 0; j < columns; j++) z[k] += x[i * columns + j] * flat[k][j];
    }
    if (classes === 2) {
      const m = y[i] === 1 ? z[0] : -z[0];
      sum += C * (Math.max(-m, 0) + Math.log1p(Math.exp(-Math.abs(m))));
    } else {
      const most = Math.max(...z);
      sum += C * (most + Math.log(z.reduce((s, v) => s + Math.exp(v - most), 0)) - z[y[i]]);
    }
  }
  return sum;
}

const peer = String.raw`
import json, sys, time, warnings
import numpy as np
from sklearn.linear_model import LogisticRegression
warnings.simplefilter("ignore")
spec = json.loads(sys.argv[1])
x = np.fromfile(spec["x"], spec["dtype"]).reshape(spec["rows"], spec["columns"])
y = np.fromfile(spec["y"], np.int32)
print("ready", flush=True)
for line in sys.stdin:
    times, cpu = [], []
    for _ in range(int(line)):
        t, c = time.perf_counter(), time.process_time()
        m = LogisticRegression(**spec["options"]).fit(x, y)
        times.append(1000 * (time.perf_counter() - t)); cpu.append(1000 * (time.process_time() - c))
    print(json.dumps({"times": times, "cpu": cpu, "iterations": int(np.max(m.n_iter_)),
                      "coefficients": m.coef_.tolist(), "intercepts": np.broadcast_to(m.intercept_, len(m.coef_)).tolist()}), flush=True)
`;

const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
const show = (ms) => (ms < 10 ? ms.toFixed(2) : ms.toFixed(0)) + " ms";

async function measure(name) {
  const { title, data: makeData, ours, theirs, C = 1, repeat } = cases[name];
  const data = makeData();
  if (data === null) return console.log(`${title}: skipped, there is no ${options.data}/mnist`);
  const folder = mkdtempSync(join(tmpdir(), "inkgrad-bench-"));
  try {
    const spec = {
      x: join(folder, "x"),
      y: join(folder, "y"),
      dtype: data.x instanceof Float32Array ? "float32" : "float64",
      rows: data.rows,
      columns: data.columns,
      options: { C, ...theirs },
    };
    writeFileSync(spec.x, data.x);
    writeFileSync(spec.y, data.y);
    const child = spawn("/usr/bin/python3", ["-c", peer, JSON.stringify(spec)], {
      env: { ...process.env, OMP_NUM_THREADS: "2", OPENBLAS_NUM_THREADS: "2" },
      stdio: ["pipe", "pipe", "inherit"],
    });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    await lines.next();
    const ask = async () => {
      child.stdin.write(`${repeat}\n`);
      return JSON.parse((await lines.next()).value);
    };

    const x = tensor(data.x, {
      shape: [data.rows, data.columns],
      dtype: spec.dtype === "float32" ? "f32" : "f64",
    });
    const y = tensor(data.y, { dtype: "i32" });
    const quiet = { onWarning: () => {} };
    const model = logisticRegression({ C, ...ours });
    const mine = async () => {
      const times = [];
      const cpu = [];
      let fitted;
      for (let i = 0; i < repeat; i++) {
        const [start, before] = [performance.now(), process.cpuUsage()];
        fitted = await model.fit(x, y, quiet);
        times.push(performance.now() - start);
        const used = process.cpuUsage(before);
        cpu.push((used.user + used.system) / 1000);
      }
      return {
        times,
        cpu,
        iterations: Math.max(...fitted.iterations),
        coefficients: fitted.coefficients.toArray(),
        intercepts: fitted.intercepts.toArray(),
      };
    };
    // Warm: programs compiled, data in memory, threads awake.
    for (let i = 0; i < (repeat > 1 ? 3 : 0); i++) {
      await mine();
      await ask();
    }
    const found = { ours: [], theirs: [] };
    for (let round = 0; round < rounds; round++) {
      found.ours.push(await mine());
      found.theirs.push(await ask());
    }
    child.stdin.end();
    console.log(title);
    for (const [who, runs] of Object.entries(found)) {
      const times = runs.flatMap((run) => run.times);
      const last = runs.at(-1);
      console.log(
        `  ${who === "ours" ? "inkgrad     " : "scikit-learn"} median ${show(median(times))}, least ${show(Math.min(...times))}, ` +
          `processor ${show(median(runs.flatMap((run) => run.cpu)))} (least ${show(Math.min(...runs.flatMap((run) => run.cpu)))}), ` +
          `${last.iterations} iterations, objective ${objective(data, last, { ...ours, C }).toPrecision(10)}`,
      );
    }
    const [a, b] = [found.ours, found.theirs].map((runs) =>
      median(runs.flatMap((run) => run.times)),
    );
    console.log(`  ratio ${(b / a).toFixed(2)}`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

for (const name of options.only.split(",")) await measure(name);
process.exit(0);
