// What do shape types cost the compiler? A model file of 300 lines is compiled twice: against the
// library's tensors, whose shapes are part of their types, and against a plain `Tensor` with the
// same methods and functions and no shapes. Each time in a process of its own, median of several.
// Counted is the processor's time, which other work on the machine does not add to.
//   node bench/types.mjs [runs]
// Exits with 1 if the shape types cost 3 s or more.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const LIMIT_MS = 3000;
const LINES = 300;
const root = fileURLToPath(new URL("../", import.meta.url));
const self = fileURLToPath(import.meta.url);

if (process.argv[2] === "--compile") {
  console.log(JSON.stringify(measure(process.argv[3])));
} else {
  const runs = Number(process.argv[2] ?? 5);
  const plain = medianOf(runs, "plain");
  const typed = medianOf(runs, "typed");
  const extraMs = typed.ms - plain.ms;
  console.log(`${LINES}-line model file, TypeScript ${ts.version}, median of ${runs} processes`);
  for (const [name, { ms, checkMs, instantiations, mib }] of Object.entries({ plain, typed }))
    console.log(
      `  ${name}: ${ms.toFixed(0)} ms (checking ${checkMs.toFixed(0)} ms), ` +
        `${instantiations} instantiations, ${mib.toFixed(0)} MiB`,
    );
  console.log(`  extra: ${extraMs.toFixed(0)} ms (limit ${LIMIT_MS} ms)`);
  process.exitCode = extraMs < LIMIT_MS ? 0 : 1;
}

function medianOf(runs, kind) {
  const all = Array.from({ length: runs }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [self, "--compile", kind], {
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout);
  });
  return all.sort((a, b) => a.ms - b.ms)[Math.floor(runs / 2)];
}

/** One compilation, from nothing to all diagnostics of the model file. */
function measure(kind) {
  const path = `${root}bench/generated-model.ts`;
  const text = `${kind === "typed" ? typedHeader() : plainHeader()}\n${model(LINES)}`;
  const started = processorMs();
  const { options } = ts.getParsedCommandLineOfConfigFile(
    `${root}tsconfig.json`,
    { noEmit: true, skipLibCheck: true, types: [] },
    { ...ts.sys, onUnRecoverableConfigFileDiagnostic: (d) => fail([d]) },
  );
  const host = ts.createCompilerHost(options);
  const { readFile, fileExists, getSourceFile } = host;
  host.readFile = (p) => (p === path ? text : readFile.call(host, p));
  host.fileExists = (p) => p === path || fileExists.call(host, p);
  host.getSourceFile = (p, ...rest) =>
    p === path ? ts.createSourceFile(p, text, ...rest) : getSourceFile.call(host, p, ...rest);
  const program = ts.createProgram([path], options, host);
  const file = program.getSourceFile(path);
  const parsed = processorMs();
  const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
  if (found.length > 0) fail(found);
  return {
    ms: processorMs() - started,
    checkMs: processorMs() - parsed,
    instantiations: program.getInstantiationCount(),
    mib: process.memoryUsage().heapUsed / 2 ** 20,
  };
}

/** Of all threads of this process: the compiler's own, and those that collect its garbage. */
function processorMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function fail(diagnostics) {
  throw new Error(
    diagnostics
      .map((d) => {
        const at = d.file?.getLineAndCharacterOfPosition(d.start);
        return `${at === undefined ? "" : `${at.line + 1}: `}${ts.flattenDiagnosticMessageText(d.messageText, "\n")}`;
      })
      .join("\n"),
  );
}

/** Blocks of a small model, whose sizes differ from block to block: `lines` lines or just more. */
function model(lines) {
  const out = [];
  for (let i = 0; out.length < lines; i++) out.push(...block(i));
  return out.join("\n");
}

function block(i) {
  const [width, heads, kernel] = [64 + 8 * i, 4, 3 + 2 * (i % 2)];
  const pooled = Math.floor((33 - kernel) / 2);
  return `const params${i} = {
  kernel: zeros([${kernel}, ${kernel}, 3, ${width}]),
  dense: zeros([${pooled * pooled * width}, ${width}]),
  bias: zeros([${width}]),
  query: zeros([${width}, ${width}]),
  scale: ones([${width}]),
};
export function features${i}(p: typeof params${i}, x: Images) {
  const seen = conv2d(x, p.kernel, { stride: 1 }).relu();
  const small = maxPool2d(seen, 2);
  return small.reshape([-1, ${pooled * pooled * width}]).matmul(p.dense).add(p.bias).relu();
}
export function attend${i}(p: typeof params${i}, x: Images) {
  const h = features${i}(p, x).reshape([-1, ${heads}, ${width / heads}]);
  const q = features${i}(p, x).matmul(p.query).reshape([-1, ${heads}, ${width / heads}]);
  const weights = q.matmul(h.transpose()).div(${Math.sqrt(width)}).softmax(-1);
  return weights.matmul(h).flatten(1).mul(p.scale);
}
export function loss${i}(p: typeof params${i}, x: Images) {
  const y = attend${i}(p, x);
  const centered = y.sub(y.mean(-1, { keepDims: true })).div(y.std(-1, { keepDims: true }));
  return concat([centered, y], 1).sum(1).logSoftmax(0).neg().mean();
}
export const step${i} = grad(loss${i})(params${i}, zeros([32, 32, 32, 3]));`.split("\n");
}

function typedHeader() {
  return `import type { Tensor } from "@src/tensor/tensor.js";
import type * as types from "@src/tensor/types/index.js";
declare const zeros: types.FilledFunction;
declare const ones: types.FilledFunction;
declare const conv2d: types.Conv2dFunction;
declare const maxPool2d: types.MaxPool2dFunction;
declare const concat: types.ConcatFunction;
declare const grad: types.Grad;
type Images = Tensor<[number, 32, 32, 3], "f32">;`;
}

function plainHeader() {
  return `interface Options { keepDims?: boolean }
interface Tensor {
  readonly shape: number[];
  relu(): Tensor; neg(): Tensor; transpose(): Tensor;
  add(other: Tensor | number): Tensor; sub(other: Tensor | number): Tensor;
  mul(other: Tensor | number): Tensor; div(other: Tensor | number): Tensor;
  matmul(other: Tensor): Tensor; reshape(shape: readonly number[]): Tensor;
  flatten(axis?: number): Tensor; softmax(axis?: number): Tensor; logSoftmax(axis?: number): Tensor;
  sum(axis?: number, options?: Options): Tensor; mean(axis?: number, options?: Options): Tensor;
  std(axis?: number, options?: Options): Tensor;
}
declare function zeros(shape: readonly number[]): Tensor;
declare function ones(shape: readonly number[]): Tensor;
declare function conv2d(x: Tensor, kernel: Tensor, options?: { stride?: number }): Tensor;
declare function maxPool2d(x: Tensor, window: number): Tensor;
declare function concat(tensors: readonly Tensor[], axis?: number): Tensor;
declare function grad<A extends unknown[]>(f: (...args: A) => Tensor): (...args: A) => A[0];
type Images = Tensor;`;
}
