import { gzipSync } from "node:zlib";
import { build } from "vite";

const entry = "entry-of-all";

/**
 * Bytes of everything that a module exports, bundled, minified and gzipped as a page would have it.
 *
 * @param module  a file or the name of a package
 * @param root    the folder from which packages are looked for
 */
export async function bundledSize(module, root) {
  const source = `export * from ${JSON.stringify(module)};`;
  const built = await build({
    configFile: false,
    logLevel: "silent",
    root,
    plugins: [
      {
        name: "entry",
        enforce: "pre",
        resolveId: (id) => (id.endsWith(entry) ? entry : undefined),
        load: (id) => (id === entry ? source : undefined),
      },
    ],
    build: {
      write: false,
      minify: true,
      // As a page is built: what vite builds as a library keeps its white space.
      rollupOptions: { input: entry, preserveEntrySignatures: "strict", output: { format: "es" } },
    },
  });
  const { output } = Array.isArray(built) ? built[0] : built;
  return output.reduce((sum, { code, source }) => sum + gzipSync(code ?? source).length, 0);
}
