import { allocate, dtypes, elementsAt, type TypedArray } from "../../base/dtype.js";
import { OutOfMemoryError } from "../../base/errors.js";
import { scalars } from "../../ops/scalar.js";
import type { Backend, HostCompute } from "../backend.js";
import type { Buffer, Kernel, KernelProgram } from "../program.js";
import { ModuleBuilder } from "./assembler/module.js";
import type { LaneCall, ModuleContext } from "./codegen/context.js";
import { emitLoop } from "./codegen/loop.js";
import { canTile, emitMatmul, matmulScratch } from "./codegen/matmul.js";
import { matmulAsReduce } from "./codegen/matmul-as-reduce.js";
import { emitReduce } from "./codegen/reduce.js";

const pageBytes = 65536;
/** WebAssembly addresses 4 GiB. */
const maxPages = 65536;

/** Where things lie: the numbers of `full` nodes, then the buffers, then the scratch. */
interface MemoryMap {
  readonly arena: number;
  readonly scratch: number;
  readonly end: number;
}

function memoryMap({ scalars, arenaBytes, kernels }: KernelProgram): MemoryMap {
  const arena = Math.ceil((scalars * 8) / 16) * 16;
  const scratch = arena + arenaBytes;
  const needed = kernels.map((kernel) => (kernel.kind === "matmul" ? matmulScratch(kernel) : 0));
  // A vector may be read a little beyond the last element.
  return { arena, scratch, end: scratch + Math.max(0, ...needed) + 64 };
}

/**
 * The WebAssembly backend: every program becomes a module whose functions are its kernels, shapes
 * and addresses written into them.
 *
 * @param host  computes the operations that have no kernel here
 */
export function wasmBackend(host: HostCompute): Backend {
  // Scratch for all programs, which run one after the other: values live in arrays outside.
  const memory = new WebAssembly.Memory({ initial: 1, maximum: maxPages });
  return {
    name: "wasm",
    capabilities: { dtypes, synchronous: true, interprets: false, float64: true },
    load(program) {
      const kernels = program.kernels();
      const map = memoryMap(kernels);
      const steps = instantiate(kernels, map, memory, host);
      return { run: (inputs, numbers) => run(kernels, map, steps, memory, inputs, numbers) };
    },
  };
}

function run(
  kernels: KernelProgram,
  map: MemoryMap,
  steps: readonly (() => void)[],
  memory: WebAssembly.Memory,
  inputs: readonly TypedArray[],
  numbers: readonly number[],
): TypedArray[] {
  reserve(memory, map.end);
  if (numbers.length > 0) new Float64Array(memory.buffer, 0, numbers.length).set(numbers);
  kernels.inputs.forEach((buffer, i) => {
    view(memory, map.arena, buffer).set(inputs[i]);
  });
  for (const step of steps) step();
  return kernels.outputs.map((buffer) => view(memory, map.arena, buffer).slice());
}

function reserve(memory: WebAssembly.Memory, bytes: number): void {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / pageBytes);
  if (missing <= 0) return;
  try {
    memory.grow(missing);
  } catch (cause) {
    const megabytes = (n: number): string => `${Math.ceil(n / 2 ** 20)} MB`;
    throw new OutOfMemoryError(
      `the wasm backend: a program needs ${megabytes(bytes)} of memory at once, ` +
        `${megabytes(memory.buffer.byteLength)} are in use and the rest cannot be had ` +
        `(WebAssembly addresses ${megabytes(maxPages * pageBytes)}); compute in smaller batches`,
      { cause },
    );
  }
}

/** The elements of a buffer where they lie. */
const view = (
  memory: WebAssembly.Memory,
  arena: number,
  { dtype, elements, offset }: Buffer,
): TypedArray => elementsAt(dtype, memory.buffer, arena + offset, elements);

/** The kernels as functions to be called in order. */
function instantiate(
  { kernels }: KernelProgram,
  map: MemoryMap,
  memory: WebAssembly.Memory,
  host: HostCompute,
): (() => void)[] {
  const module = new ModuleBuilder({ initial: 1, maximum: maxPages, shared: false });
  const calls: LaneCall[] = [];
  const context: ModuleContext = {
    module,
    addressOf: ({ offset }) => map.arena + offset,
    scratch: map.scratch,
    scalarAddress: (index) => index * 8,
    laneFunction: module.import("host", "lane", {
      params: ["i32", "f64", "f64", "f64"],
      results: ["f64"],
    }),
    laneCall: (call) => calls.push(call) - 1,
  };
  kernels.forEach((kernel, i) => {
    if (kernel.kind === "host") return;
    const f = module.function([], [], (g) => {
      emit(g, kernel, context);
    });
    module.export(`k${i}`, f);
  });
  const functions = calls.map(laneFunction);
  const lane = (which: number, x: number, y: number, z: number): number =>
    functions[which](x, y, z);
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encoded()), {
    env: { memory },
    host: { lane },
  });
  return kernels.map((kernel, i) =>
    kernel.kind === "host"
      ? () => {
          const inputs = kernel.inputs.map((buffer) => view(memory, map.arena, buffer).slice());
          view(memory, map.arena, kernel.to).set(host(kernel.node, inputs));
        }
      : (exports[`k${i}`] as () => void),
  );
}

function emit(
  f: Parameters<typeof emitLoop>[0],
  kernel: Exclude<Kernel, { kind: "host" }>,
  context: ModuleContext,
): void {
  switch (kernel.kind) {
    case "loop":
      emitLoop(f, kernel, context);
      return;
    case "reduce":
      emitReduce(f, kernel, context);
      return;
    case "matmul":
      if (canTile(kernel)) emitMatmul(f, kernel, context);
      else emitReduce(f, matmulAsReduce(kernel), context);
  }
}

/** One element's computation; integers wrap as they do when they are stored. */
function laneFunction({ fn, input, output }: LaneCall): (...args: number[]) => number {
  const compute = scalars[fn]({ input, output });
  if (output === "f32" || output === "f64" || output === "bool") return compute;
  const cell = allocate(output, 1);
  return (...args) => {
    cell[0] = compute(...args);
    return cell[0];
  };
}
