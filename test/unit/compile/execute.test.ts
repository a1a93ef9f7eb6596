import { afterEach, expect, it } from "vitest";
import { compile, OutOfMemoryError, setBackend, type Tensor, tensor, zeros } from "inkgrad";
import { backend, backendNamed, registerBackend } from "@src/backend/registry.js";

const usual = backend().name;
afterEach(() => {
  setBackend(usual);
});

it("one program serves graphs of one form, whatever their numbers", () => {
  let loads = 0;
  const wasm = backendNamed("wasm");
  registerBackend({
    ...wasm,
    name: "counting programs",
    load: (program) => {
      loads++;
      return wasm.load(program);
    },
  });
  setBackend("counting programs");
  const found: unknown[] = [];
  for (const k of [2, 3, 0.5]) found.push(tensor([1, 2, 3]).mul(k).add(k).toArray());
  expect(found).toEqual([[4, 6, 8], [6, 9, 12], [1, 1.5, 2]]); // prettier-ignore
  expect(loads).toBe(1);
  expect(tensor([1, 2]).mul(2).add(2).toArray()).toEqual([4, 6]);
  expect(loads).toBe(2);
});

/** Which programs have been loaded and let go, by the shape of their result. */
function counting(name: string): { loaded: string[]; disposed: string[] } {
  const [loaded, disposed]: [string[], string[]] = [[], []];
  const wasm = backendNamed("wasm");
  registerBackend({
    ...wasm,
    name,
    load(program, options) {
      const executable = wasm.load(program, options);
      const form = String(program.outputs[0].shape);
      loaded.push(form);
      return {
        run: (inputs, numbers) => executable.run(inputs, numbers),
        dispose: () => disposed.push(form),
      };
    },
  });
  setBackend(name);
  return { loaded, disposed };
}

it("keeps the programs of the last 1024 forms, and lets go of the others", () => {
  const { loaded, disposed } = counting("counting eager programs");
  const call = (n: number): void => {
    expect((zeros([n]) as Tensor).add(1).toArray()).toHaveLength(n);
  };
  for (let n = 1; n <= 1100; n++) call(n);
  const first = Array.from({ length: 1100 }, (_, i) => String(i + 1));
  expect(loaded).toEqual(first);
  expect(disposed).toEqual(first.slice(0, 76));
  // The oldest that is left becomes the youngest.
  call(77);
  call(1);
  expect(loaded.slice(1100)).toEqual(["1"]);
  expect(disposed.slice(76)).toEqual(["78"]);
});

it("lets go of the programs that a compiled function has no room for", () => {
  const { loaded, disposed } = counting("counting compiled programs");
  const f = compile((x: Tensor) => x.add(1));
  for (let n = 1; n <= 70; n++)
    expect(f(tensor(new Float32Array(n)) as Tensor).toArray()).toHaveLength(n);
  expect(loaded).toHaveLength(70);
  expect(disposed).toEqual(["1", "2", "3", "4", "5", "6"]);
});

it("running out of memory says so, and leaves the backend usable", () => {
  setBackend("wasm");
  // A tensor of one number takes no memory; what is computed from it does.
  const huge = zeros([1_100_000_000]);
  expect(() => huge.add(1)).toThrow(OutOfMemoryError);
  expect(() => huge.add(1)).toThrow("a program needs 4197 MB of memory at once");
  expect(tensor([1, 2]).add(1).toArray()).toEqual([2, 3]);
});

it("the message names the program that is too large, and what is in use", () => {
  setBackend("wasm");
  const step = compile(
    (x: Tensor<[]>) => {
      const powers = x.add(zeros([1_100_000_000])).exp();
      return [powers, powers.sum()];
    },
    { name: "the huge step" },
  );
  expect(() => step(tensor(1))).toThrow(OutOfMemoryError);
  expect(() => step(tensor(1))).toThrow(/the huge step needs 4\d{3} MB of memory at once, \d+ MB/);
  expect(compile((x: Tensor<[]>) => x.mul(2))(tensor(2)).item()).toBe(4);
});
