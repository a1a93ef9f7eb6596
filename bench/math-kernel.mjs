/* global WebAssembly */
/** The backend's elementary functions as loops over arrays. For the other `math-…` scripts. */
const dist = "../packages/inkgrad/dist/backend/wasm";
const { ModuleBuilder } = await import(`${dist}/assembler/module.js`);
export const { math } = await import(`${dist}/math/table.js`);

/** How many operands a function takes. */
export const arityOf = (name) => (name === "pow" || name === "atan2" ? 2 : 1);

/**
 * A loop of the function over `count` elements: { inputs, output, run }, arrays in the module's
 * memory.
 */
export function kernel(name, format, count) {
  const arity = arityOf(name);
  const Array = format === "f32x4" ? Float32Array : Float64Array;
  const sizeBytes = count * Array.BYTES_PER_ELEMENT;
  const pages = Math.ceil(((arity + 1) * sizeBytes) / 65536);
  const builder = new ModuleBuilder({ initial: pages, maximum: pages, shared: false });
  builder.export(
    "run",
    builder.function(["i32"], [], (f) => {
      const i = f.local("i32");
      f.for(i, 0, f.params[0], 16, () => {
        f.get(i);
        for (let k = 0; k < arity; k++) f.get(i).mem("v128.load", k * sizeBytes);
        math[name][format](f);
        f.mem("v128.store", arity * sizeBytes);
      });
    }),
  );
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages });
  const bytes = builder.encoded();
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes), { env: { memory } });
  const at = (k) => new Array(memory.buffer, k * sizeBytes, count);
  return {
    inputs: arity === 1 ? [at(0)] : [at(0), at(1)],
    output: at(arity),
    run: (elements = count) => exports.run(elements * Array.BYTES_PER_ELEMENT),
    codeBytes: bytes.length,
  };
}
