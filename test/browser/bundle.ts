import { isBuiltin } from "node:module";
import { fileURLToPath } from "node:url";
import { build, createLogger } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface Bundle {
  /** By the path they are served under. */
  readonly files: ReadonlyMap<string, string | Uint8Array>;
  readonly warnings: readonly string[];
  /** Imports of what only Node has: "node:fs, by /…/file.ts". */
  readonly builtins: readonly string[];
}

/** A page of this folder and all it imports, from source, bundled and minified as a user's would be. */
export async function bundlePage(name = "page"): Promise<Bundle> {
  const warnings: string[] = [];
  const builtins: string[] = [];
  const customLogger = createLogger("warn");
  const warn = (message: string): unknown => warnings.push(message);
  Object.assign(customLogger, { warn, warnOnce: warn });
  const built = await build({
    root,
    // For its aliases.
    configFile: `${root}vitest.config.ts`,
    logLevel: "warn",
    customLogger,
    plugins: [
      {
        name: "find-builtins",
        enforce: "pre",
        resolveId(id, importer) {
          if (isBuiltin(id)) builtins.push(`${id}, by ${importer ?? "?"}`);
        },
      },
    ],
    build: {
      target: "es2022",
      write: false,
      chunkSizeWarningLimit: 4000,
      rolldownOptions: { input: { [name]: `${root}test/browser/${name}.ts` } },
    },
  });
  const [bundle] = [built].flat();
  if (!("output" in bundle)) throw new Error("vite watches instead of building");
  const files = new Map<string, string | Uint8Array>();
  let entry = "";
  for (const file of bundle.output) {
    files.set(file.fileName, file.type === "chunk" ? file.code : file.source);
    if (file.type === "chunk" && file.isEntry) entry = file.fileName;
  }
  const html = `<!doctype html><title>inkgrad</title><script type="module" src="/${entry}"></script>`;
  files.set("index.html", html);
  return { files, warnings, builtins };
}
