import { ModuleBuilder } from "./assembler/module.js";

/** Multiplications and additions that do not wait for one another, in one turn of the loop. */
const chains = 12;
const turns = 200_000;

/**
 * f32 operations a second that one thread does in registers: products added to sums, fused or not,
 * nothing loaded or stored. The best of several runs.
 */
export function measurePeak(fused: boolean): number {
  const module = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  const f = module.function([], ["v128"], (g) => {
    const sums = Array.from({ length: chains }, () => g.local("v128"));
    const [x, y, i] = [g.local("v128"), g.local("v128"), g.local("i32")];
    g.f32x4(1e-3).set(x).f32x4(0.5).set(y);
    g.for(i, 0, turns, 1, () => {
      for (const sum of sums)
        if (fused) g.get(x).get(y).get(sum).op("f32x4.relaxed_madd").set(sum);
        else g.get(sum).get(x).get(y).op("f32x4.mul").op("f32x4.add").set(sum);
      // Another factor each time, or the products would be computed once for all.
      g.get(x).get(y).op("f32x4.min").set(y);
    });
    for (const sum of sums) g.get(x).get(sum).op("f32x4.add").set(x);
    g.get(x).op("f32x4.abs");
  });
  const timed = module.function([], ["f32"], (g) => {
    g.call(f).lane("f32x4.extract_lane", 0);
  });
  module.export("run", timed);
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 1 });
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(module.encoded()), {
    env: { memory },
  });
  let best = Infinity;
  for (let round = 0; round < 40; round++) {
    const start = performance.now();
    (exports.run as () => number)();
    best = Math.min(best, performance.now() - start);
  }
  return (chains * 8 * turns) / (best / 1000);
}
