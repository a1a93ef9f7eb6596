import { ModuleBuilder } from "./assembler/module.js";

/** Can this engine run WebAssembly with 128-bit vectors? */
export function wasmRuns(): boolean {
  if (typeof WebAssembly === "undefined") return false;
  const module = new ModuleBuilder({ initial: 1, maximum: 1, shared: false });
  module.function([], ["v128"], (f) => f.f32x4(1));
  return WebAssembly.validate(module.encoded());
}
