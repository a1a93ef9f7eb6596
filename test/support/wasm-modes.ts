import type { Backend, Executable } from "@src/backend/backend.js";
import { backendNamed, registerBackend } from "@src/backend/registry.js";
import { compiled } from "@src/compile/compiled.js";
import { elementsOf } from "@src/graph/stored.js";

/**
 * The wasm backend as programs meet it in other ways than eagerly on one thread, as backends of
 * their own: what is held against the reference can be held against these.
 */

const wasm = (): Backend => backendNamed("wasm");

/** Every program on several threads, however small. */
function onThreads(count: number): Backend {
  return {
    ...wasm(),
    name: `wasm on ${count} threads`,
    load(program, options) {
      const executable = wasm().load(program, options);
      const { threads } = wasm();
      const run: Executable["run"] = async (inputs, numbers) => {
        threads!.count = count;
        threads!.threshold = 0;
        if ((await threads!.ready()) !== count) throw new Error(`there are not ${count} threads`);
        return executable.run(inputs, numbers);
      };
      return { run };
    },
    capabilities: { ...wasm().capabilities, synchronous: false },
  };
}

/**
 * Every program compiled: numbers written into it, and all inputs given up to the results. It is
 * run twice, the second time on what the first left with the backend.
 */
function compiledAhead(): Backend {
  return {
    ...wasm(),
    name: "wasm, compiled",
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

/** Vectors of twice the width, where the engine has them. */
function wide(): Backend {
  const name = "wasm with wide vectors";
  const load: Backend["load"] = (program, options) =>
    wasm().load(program, { ...options, wide: true });
  return { ...wasm(), name, load };
}

export function registerWasmModes(): void {
  if (wasm().hasWideVectors!()) registerBackend(wide());
  registerBackend(onThreads(2));
  registerBackend(compiledAhead());
}
