import type { Backend, Executable } from "@src/backend/backend.js";
import { backendNamed, registerBackend } from "@src/backend/registry.js";
import { compiled } from "@src/compile/compiled.js";
import { elementsOf } from "@src/graph/stored.js";

/**
 * The wasm backend as programs meet it in other ways than eagerly with the settings at hand, as
 * backends of their own: what is held against the reference can be held against these.
 */

const wasm = (): Backend => backendNamed("wasm");

/** Every program on so many threads, however small. */
function onThreads(count: number, of: Backend): Backend {
  return {
    ...of,
    load(program, options) {
      const executable = of.load(program, options);
      const run: Executable["run"] = async (inputs, numbers) => {
        const threads = wasm().threads!;
        threads.count = count;
        threads.threshold = 0;
        if ((await threads.ready()) !== count) throw new Error(`there are not ${count} threads`);
        return executable.run(inputs, numbers);
      };
      return { run };
    },
    capabilities: { ...of.capabilities, synchronous: false },
  };
}

/**
 * Every program compiled: numbers written into it, and all inputs given up to the results. It is
 * run twice, the second time on what the first left with the backend.
 */
function compiledAhead(): Backend {
  return {
    ...wasm(),
    // Programs come as they are, not through the eager cache.
    capabilities: { ...wasm().capabilities, interprets: true },
    load(program) {
      const { inputs, outputs } = program;
      const all = inputs.map((_, i) => i);
      const { executable, constants } = compiled(outputs, inputs, all, wasm(), {});
      const run = (given: Parameters<Executable["run"]>[0]): ReturnType<Executable["run"]> =>
        (executable.run([...given, ...constants], []) as never[]).map(elementsOf);
      return {
        run(given) {
          const first = run(given) as ReturnType<typeof elementsOf>[];
          const again = run(given) as ReturnType<typeof elementsOf>[];
          first.forEach((array, i) => {
            if (String(array) !== String(again[i])) throw new Error("two runs differ");
          });
          return again;
        },
      };
    },
  };
}

/** Other arithmetic than usual. */
const loadedWith = (arithmetic: { deterministic?: boolean; wide?: boolean }): Backend => ({
  ...wasm(),
  load: (program, options) => wasm().load(program, { ...options, ...arithmetic }),
});

const modes = {
  "wasm on 2 threads": () => onThreads(2, wasm()),
  "wasm, compiled, on 1 thread": () => onThreads(1, compiledAhead()),
  "wasm, compiled, on 2 threads": () => onThreads(2, compiledAhead()),
  // Products and sums rounded one by one, as engines without fused multiply-add have them.
  "wasm, deterministic": () => loadedWith({ deterministic: true }),
  // 256-bit vectors, of engines that have them.
  "wasm with wide vectors": () => loadedWith({ wide: true }),
} satisfies Readonly<Record<string, () => Backend>>;

export type WasmMode = keyof typeof modes;

/** Makes a mode a backend of its name. */
export function registerWasmMode(name: WasmMode): void {
  registerBackend({ ...modes[name](), name });
}

/** Why a mode cannot be had in this engine; null: it can. */
export const whyNot = (name: WasmMode): string | null =>
  name === "wasm with wide vectors" && !wasm().hasWideVectors!()
    ? `Node ${process.versions.node} makes no 256-bit vectors`
    : null;
