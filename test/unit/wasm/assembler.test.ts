import { describe, expect, it } from "vitest";
import { ModuleBuilder } from "@src/backend/wasm/assembler/module.js";
import type { FunctionBuilder } from "@src/backend/wasm/assembler/function.js";
import { lane, memory, memoryLane, plain } from "@src/backend/wasm/assembler/opcodes.js";

const pages = { initial: 1, maximum: 1, shared: false };

/** Assembles one exported function and instantiates it. */
function assemble(
  params: Parameters<ModuleBuilder["function"]>[0],
  results: Parameters<ModuleBuilder["function"]>[1],
  body: (f: FunctionBuilder) => void,
): { run: (...args: (number | bigint)[]) => number; memory: WebAssembly.Memory } {
  const builder = new ModuleBuilder(pages);
  builder.export("run", builder.function(params, results, body));
  const heap = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const module = new WebAssembly.Module(builder.encoded());
  const { exports } = new WebAssembly.Instance(module, { env: { memory: heap } });
  return { run: exports.run as (...args: (number | bigint)[]) => number, memory: heap };
}

describe("the assembler", () => {
  it("writes constants of every size", () => {
    for (const value of [0, 1, -1, 63, 64, -64, -65, 127, 128, 2 ** 31 - 1, -(2 ** 31)])
      expect(assemble([], ["i32"], (f) => f.i32(value)).run()).toBe(value);
    for (const value of [0n, -1n, 2n ** 63n - 1n, -(2n ** 63n), 1n << 40n])
      expect(assemble([], ["i64"], (f) => f.i64(value)).run()).toBe(value);
    expect(assemble([], ["f64"], (f) => f.f64(Math.PI)).run()).toBe(Math.PI);
    expect(assemble([], ["f32"], (f) => f.f32(-0)).run()).toBe(-0);
  });

  it("writes loops, conditions and vectors", () => {
    const { run, memory: heap } = assemble(["i32", "i32"], ["f32"], (f) => {
      const [from, count] = f.params;
      const [i, sum] = [f.local("i32"), f.local("v128")];
      f.f32x4(0).set(sum);
      f.for(i, 0, count, 16, () => {
        f.get(sum).get(from).get(i).op("i32.add").mem("v128.load").op("f32x4.add").set(sum);
      });
      for (let k = 0; k < 4; k++) {
        f.get(sum).lane("f32x4.extract_lane", k);
        if (k > 0) f.op("f32.add");
      }
    });
    new Float32Array(heap.buffer).set([1, 2, 3, 4, 5, 6, 7, 8], 4);
    expect(run(16, 32)).toBe(36);
    expect(run(16, 0)).toBe(0);
  });

  it("numbers jumps from where they stand", () => {
    const { run } = assemble(["i32"], ["i32"], (f) => {
      const result = f.local("i32");
      f.block((outer) => {
        f.block((inner) => {
          f.get(f.params[0]).brIf(inner);
          f.i32(1).set(result).br(outer);
        });
        f.i32(2).set(result);
      });
      f.get(result);
    });
    expect([run(0), run(5)]).toEqual([1, 2]);
  });

  it("gives locals out again once they are released", () => {
    const builder = new ModuleBuilder(pages);
    const f = builder.function([], [], (g) => {
      const first = g.local("v128");
      g.release(first);
      expect(g.local("v128")).toEqual(first);
    });
    expect(f.encoded().slice(0, 3)).toEqual([1, 1, 0x7b]);
  });

  it("knows only instructions that the engine accepts", () => {
    // Each in a function of its own that never runs: behind `unreachable` any operands will do.
    const rejected = (body: (f: FunctionBuilder) => void): boolean => {
      const builder = new ModuleBuilder({ ...pages, shared: true });
      builder.function([], [], (f) => {
        f.op("unreachable");
        body(f);
        f.op("unreachable");
      });
      return !WebAssembly.validate(builder.encoded());
    };
    const bad: string[] = [];
    const names = <T extends object>(table: T): (keyof T & string)[] =>
      Object.keys(table) as (keyof T & string)[];
    for (const name of names(plain))
      if (!name.includes("relaxed") && rejected((f) => f.op(name))) bad.push(name);
    for (const name of names(memory)) if (rejected((f) => f.mem(name))) bad.push(name);
    for (const name of names(lane)) if (rejected((f) => f.lane(name, 1))) bad.push(name);
    for (const name of names(memoryLane))
      if (rejected((f) => f.memLane(name, 0, 1))) bad.push(name);
    expect(bad).toEqual([]);
  });
});
