import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A program of the tests, from source, as one file that Node runs without further ado. */
export async function bundleChild(entry: string): Promise<string> {
  const outDir = mkdtempSync(join(tmpdir(), "inkgrad-child-"));
  await build({
    root,
    // For its aliases.
    configFile: `${root}vitest.config.ts`,
    logLevel: "error",
    build: {
      ssr: `${root}${entry}`,
      outDir,
      target: "node20",
      minify: false,
      rolldownOptions: { output: { entryFileNames: "child.mjs" } },
    },
  });
  return join(outDir, "child.mjs");
}
