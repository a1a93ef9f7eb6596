import { afterEach, expect, it } from "vitest";
import { compile, setDeterministic, type Tensor, tensor } from "inkgrad";
import { ModuleBuilder } from "@src/backend/wasm/assembler/module.js";
import { hasFusedMultiplyAdd } from "@src/backend/wasm/probe.js";

afterEach(() => {
  setDeterministic(false);
});

/** Sums of products whose roundings show whether each product was rounded before it was added. */
const x = tensor(Float32Array.from({ length: 64 * 64 }, (_, i) => Math.fround(Math.sin(i))));
const square: Tensor = x.reshape([64, 64]);
const product = (a: Tensor): Tensor => a.matmul(a);

/** The same with each product and each sum rounded to f32. */
function rounded(): number[] {
  const a = x.toArray();
  const out = new Float32Array(64 * 64);
  for (let i = 0; i < 64; i++)
    for (let j = 0; j < 64; j++) {
      let sum = 0;
      for (let k = 0; k < 64; k++)
        sum = Math.fround(sum + Math.fround(a[i * 64 + k] * a[k * 64 + j]));
      out[i * 64 + j] = sum;
    }
  return [...out];
}

/** Is (1 + ε)² − 1 − 2ε, multiplied and added by the instruction in question, ε² and not 0? */
function roundsOnce(): boolean {
  if (!hasFusedMultiplyAdd()) return false;
  const module = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  const run = module.function([], ["f32"], (f) => {
    f.f32x4(1 + 2 ** -12)
      .f32x4(1 + 2 ** -12)
      .f32x4(-1 - 2 ** -11);
    f.op("f32x4.relaxed_madd").lane("f32x4.extract_lane", 0);
  });
  module.export("run", run);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const compiled = new WebAssembly.Module(module.encoded());
  const { exports } = new WebAssembly.Instance(compiled, { env: { memory } });
  return (exports.run as () => number)() === 2 ** -24;
}

const numbers = (a: Tensor): number[] => a.reshape([-1]).toArray() as number[];

it("rounds every product and every sum by itself, compiled and eager", () => {
  expect(numbers(compile(product, { deterministic: true })(square))).toEqual(rounded());
  setDeterministic(true);
  expect(numbers(product(square))).toEqual(rounded());
  expect(numbers(compile(product)(square))).toEqual(rounded());
});

it("rounds a product and the sum that it goes into once by default, where the machine can", (ctx) => {
  if (!roundsOnce()) ctx.skip("this engine or machine has no fused multiply-add");
  const once = numbers(compile(product)(square));
  expect(once).not.toEqual(rounded());
  expect(numbers(product(square))).toEqual(once);
});

it("can be chosen and taken back", () => {
  const compiled = compile(product);
  const usual = numbers(compiled(square));
  setDeterministic(true);
  expect(numbers(compiled(square))).toEqual(rounded());
  setDeterministic(false);
  expect(numbers(compiled(square))).toEqual(usual);
});
