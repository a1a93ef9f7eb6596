/** Who measures, and how its child is started. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { cpus } from "node:os";
import { fileURLToPath } from "node:url";

const bench = fileURLToPath(new URL("..", import.meta.url));
const timeoutMs = 300_000;

/** The model that onnxruntime reads. */
const modelFile = `${bench}node_modules/.cache/m3.onnx`;

const python = "/usr/bin/python3";
/** PyTorch at its fastest on Debian: the other OpenBLAS, its widest kernels, memory kept. */
const pythonEnvironment = (threads) => ({
  LD_LIBRARY_PATH: "/usr/lib/x86_64-linux-gnu/openblas-openmp",
  OPENBLAS_CORETYPE: "SKYLAKEX",
  MALLOC_TRIM_THRESHOLD_: "1000000000",
  MALLOC_MMAP_THRESHOLD_: "1000000000",
  MALLOC_TOP_PAD_: "100000000",
  OMP_NUM_THREADS: String(threads),
});

/** The program of a Node version: this one, or one of this folder's packages. */
export function nodeOf(version) {
  if (process.versions.node.split(".")[0] === version) return process.execPath;
  const program = `${bench}node_modules/node${version}/bin/node`;
  return existsSync(program) ? program : undefined;
}

/** The newest Node there is, which is best for a peer. */
const newest = () => nodeOf("24") ?? process.execPath;

const versionOf = (name) => {
  const file = `${bench}node_modules/${name}/package.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, "utf8")).version : undefined;
};

/** A peer from a package: absent unless the package is installed. */
const fromPackage = (name, file, version = versionOf(name)) => ({
  label: `${name} ${version ?? ""}`.trimEnd(),
  start: () =>
    version === undefined
      ? { absent: "not installed (npm install --prefix bench)" }
      : { program: newest(), args: [`${bench}${file}`] },
});

/** Ours in a Node version. */
export const ours = (version, flags) => ({
  label: ["inkgrad", `Node ${version}`, ...flags].join(", "),
  start: ({ kind }) => startNode(version, flags, `ours/${kind}.mjs`),
});

function startNode(version, flags, file) {
  const program = nodeOf(version);
  return program === undefined
    ? { absent: `Node ${version} is not installed (npm install --prefix bench)` }
    : { program, args: [...flags, `${bench}${file}`] };
}

/** A peer that is about the engine or about ourselves, and runs in the same Node as ours. */
const beside = (label, file, change = {}) => ({
  label,
  sameEngine: true,
  change,
  start: ({ kind }, { version, flags }) => startNode(version, flags, file ?? `ours/${kind}.mjs`),
});

const bundle = (name) => ({ ...fromPackage(name, "ours/size.mjs"), change: { name } });

export const peers = {
  torch: {
    label: "PyTorch",
    start: ({ threads }) =>
      existsSync(python)
        ? {
            program: python,
            args: [`${bench}peers/torch_peer.py`],
            environment: pythonEnvironment(threads),
          }
        : { absent: "no /usr/bin/python3" },
  },
  tensorflow: fromPackage("@tensorflow/tfjs", "peers/tensorflow.mjs"),
  jax: fromPackage("@jax-js/jax", "peers/jax.mjs"),
  onnxruntime: {
    ...fromPackage("onnxruntime-node", "peers/onnxruntime.mjs"),
    change: { file: modelFile },
    prepare: writeModel,
  },
  peak: beside("peak of 128-bit vectors", "peers/peak.mjs"),
  "one thread": beside("inkgrad, 1 thread", undefined, { threads: 1 }),
  "tensorflow bundle": bundle("@tensorflow/tfjs"),
  "jax bundle": bundle("@jax-js/jax"),
};

/** PyTorch writes the model once; without PyTorch the peer will say that it needs it. */
function writeModel() {
  if (existsSync(modelFile) || !existsSync(python)) return;
  mkdirSync(`${bench}node_modules/.cache`, { recursive: true });
  const task = JSON.stringify({ kind: "export", file: modelFile });
  spawnSync(python, [`${bench}peers/torch_peer.py`, task], { stdio: "ignore" });
}

/**
 * Runs a child and returns what it reports, { values, others }, { absent } or { failed }. `others` is
 * how many cores were busy with something else meanwhile.
 */
export async function measure(runner, task, engine) {
  const asked = { ...task, ...runner.change };
  runner.prepare?.();
  const { absent, program, args, environment } = runner.start(asked, engine);
  if (absent !== undefined) return { absent };
  const [start, before] = [performance.now(), processorSeconds()];
  return new Promise((resolve) => {
    const child = spawn(program, [...args, JSON.stringify(asked)], {
      cwd: bench,
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
      timeout: timeoutMs,
    });
    const output = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"])
      child[stream].setEncoding("utf8").on("data", (text) => (output[stream] += text));
    child.on("error", (error) => resolve({ failed: error.message }));
    child.on("close", (code, signal) => {
      const found = outcome(output, code, signal);
      const passed = processorSeconds() - before;
      const others = (passed - found.cpuSeconds) / ((performance.now() - start) / 1000);
      resolve({ ...found, others: Math.max(0, others) });
    });
  });
}

/** Processor time that the whole machine has spent so far. */
const processorSeconds = () =>
  cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) /
  1000;

function outcome({ stdout, stderr }, code, signal) {
  // Libraries print notes of their own before the result.
  const last = stdout.trim().split("\n").at(-1);
  if (code === 0 && last.startsWith("{")) return JSON.parse(last);
  if (signal !== null) return { failed: `ended by ${signal} after ${timeoutMs / 1000} s` };
  const lines = stderr.trim().split("\n");
  return { failed: lines.find((line) => /error/i.test(line)) ?? lines.at(-1) };
}
