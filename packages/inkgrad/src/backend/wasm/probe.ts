import { ModuleBuilder } from "./assembler/module.js";
import { allowRelaxedSimd } from "./runtime/host.js";

/** Can this engine run WebAssembly with 128-bit vectors? */
export function wasmRuns(): boolean {
  if (typeof WebAssembly === "undefined") return false;
  const module = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  module.function([], ["v128"], (f) => f.f32x4(1));
  return WebAssembly.validate(module.encoded());
}

let fused: boolean | null = null;

/** Has the engine a multiply-add that may round once? Asked once; it may have to be switched on. */
export function hasFusedMultiplyAdd(): boolean {
  if (fused === null) {
    fused = validates();
    if (!fused) {
      allowRelaxedSimd();
      fused = validates();
    }
  }
  return fused;
}

function validates(): boolean {
  const module = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  module.function([], ["v128"], (f) => f.f32x4(1).f32x4(1).f32x4(1).op("f32x4.relaxed_madd"));
  return WebAssembly.validate(module.encoded());
}
