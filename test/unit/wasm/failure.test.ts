import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { afterAll, beforeAll, expect, it } from "vitest";
import { BackendError, setBackend, tensor } from "inkgrad";
import type { Buffer, KernelProgram } from "@src/backend/program.js";
import type { Executable } from "@src/backend/backend.js";
import { backendNamed, registerBackend } from "@src/backend/registry.js";
import { schedule } from "@src/graph/schedule.js";

const wasm = backendNamed("wasm");
const threads = wasm.threads!;
const usual = threads.threshold;
beforeAll(async () => {
  threads.count = 2;
  threads.threshold = 0;
  await threads.ready();
});
afterAll(() => {
  threads.threshold = usual;
});

const places = 40_000;

/** A loop that reads `step` elements further at every place: a fault that the compiler would not make. */
function faulty(step: number): Executable {
  const buffer = (id: number): Buffer => ({ id, dtype: "f32", elements: places });
  const [input, output] = [buffer(0), buffer(1)];
  const layout = { shape: [places, 1], strides: [1, 1], offset: 0 };
  const kernels: KernelProgram = {
    buffers: [input, output],
    kernels: [
      {
        kind: "loop",
        space: [places, 1],
        stores: [
          {
            value: {
              kind: "load",
              dtype: "f32",
              from: { buffer: input, layout: { ...layout, strides: [step, 1] } },
            },
            to: { buffer: output, layout },
          },
        ],
      },
    ],
    inputs: [input],
    outputs: [output],
    scalars: 0,
    inPlace: new Map(),
  };
  return wasm.load({ ...schedule([]), kernels: () => kernels }, { name: "a faulty program" });
}

const run = (executable: Executable): unknown => executable.run([new Float32Array(places)], []);

it("an error in a kernel names the program and the kernel, and leaves the backend usable", () => {
  for (let round = 0; round < 20; round++) {
    const executable = faulty(2 ** 20);
    expect(() => run(executable)).toThrow(BackendError);
    expect(() => run(executable)).toThrow(
      /a faulty program failed at the kernel "loop 40000×1".*out of bounds/,
    );
    expect(tensor([1, 2]).add(1).toArray()).toEqual([2, 3]);
  }
});

/** The first step that reads beyond the memory in the second half of the places: the worker's. */
function stepBeyond(): number {
  let step = 1;
  for (;;)
    try {
      step *= 2;
      run(faulty(step));
    } catch {
      return step;
    }
}

const inWorker =
  /a faulty program failed at the kernel "loop 40000×1" in thread 1: memory access out of/;

it("an error in a worker's share comes to the caller, with the thread's number", () => {
  expect(() => run(faulty(stepBeyond()))).toThrow(inWorker);
  expect(tensor([1, 2]).add(1).toArray()).toEqual([2, 3]);
});

it("who waits for values gets an error in a worker as a rejected promise", async () => {
  const step = stepBeyond();
  const load = (): Executable => faulty(step);
  registerBackend({ ...wasm, name: "faulty in a worker", load });
  setBackend("faulty in a worker");
  try {
    // Not evaluated before it is asked for, and not thrown where it is asked.
    const values = tensor(new Float32Array(places)).add(1).data();
    await expect(values).rejects.toThrow(BackendError);
    await expect(values).rejects.toThrow(inWorker);
  } finally {
    setBackend("wasm");
  }
  expect(await tensor([1, 2]).add(1).data()).toEqual(Float32Array.of(2, 3));
});

it("a worker that has ended is replaced, and those of another number are not missed", async () => {
  const workers: Worker[] = [];
  const module = process.getBuiltinModule("node:worker_threads");
  const { Worker } = module;
  module.Worker = class extends Worker {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      workers.push(this);
    }
  };
  try {
    threads.count = 3;
    expect(await threads.ready()).toBe(3);
    expect(workers).toHaveLength(2);
    await workers[0].terminate();
    expect(await threads.ready()).toBe(3);
    expect(workers).toHaveLength(4);
    const ones = new Float32Array(places).fill(1);
    expect(faulty(1).run([ones], [])).toEqual([ones]);
    threads.count = 2;
    await Promise.all(workers.slice(2).map((worker) => once(worker, "exit")));
    expect(await threads.ready()).toBe(2);
    expect(workers).toHaveLength(5);
  } finally {
    module.Worker = Worker;
  }
});
