import { afterAll, beforeAll, expect, it } from "vitest";
import { BackendError, tensor } from "inkgrad";
import type { Buffer, KernelProgram } from "@src/backend/program.js";
import type { Executable } from "@src/backend/backend.js";
import { backendNamed } from "@src/backend/registry.js";
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

it("an error in a worker's share comes to the caller, with the thread's number", () => {
  // The first step that reads beyond the memory does so in the second half: the worker's.
  let step = 1;
  let message = "";
  while (message === "" && step < 2 ** 20)
    try {
      step *= 2;
      run(faulty(step));
    } catch (error) {
      message = (error as Error).message;
    }
  expect(message).toMatch(/failed at the kernel "loop 40000×1" in thread 1: memory access out of/);
  expect(tensor([1, 2]).add(1).toArray()).toEqual([2, 3]);
});
