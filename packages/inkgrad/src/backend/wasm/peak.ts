import { ModuleBuilder } from "./assembler/module.js";

/** Multiplications and additions that do not wait for one another, in one turn of the loop. */
const chains = 13;
const turns = 50_000;

/**
 * f32 operations a second that one thread does in registers: products added to sums, fused or not,
 * nothing loaded or stored. The best of several runs.
 */
export function measurePeak(fused: boolean): number {
  const module = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  const run = module.function([], [], (f) => {
    const sums = f.locals(chains, "v128");
    const [x, y, turn] = [f.local("v128"), f.local("v128"), f.local("i32")];
    // From memory, where they are 0: constants would be computed with beforehand.
    f.i32(0).mem("v128.load").set(x).i32(16).mem("v128.load").set(y);
    sums.forEach((sum, i) =>
      f
        .i32(32 + 16 * i)
        .mem("v128.load")
        .set(sum),
    );
    f.for(turn, 0, turns, 1, () => {
      for (const sum of sums)
        if (fused) f.get(sum).get(x).get(y).op("f32x4.relaxed_madd").set(sum);
        else f.get(sum).get(x).op("f32x4.mul").get(y).op("f32x4.add").set(sum);
    });
    sums.forEach((sum, i) =>
      f
        .i32(32 + 16 * i)
        .get(sum)
        .mem("v128.store"),
    );
  });
  module.export("run", run);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encoded()), {
    env: { memory },
  });
  let best = Infinity;
  for (let round = 0; round < 100; round++) {
    const start = performance.now();
    (exports.run as () => void)();
    best = Math.min(best, performance.now() - start);
  }
  return (chains * 8 * turns) / (best / 1000);
}
