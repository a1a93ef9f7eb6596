/** KB of everything that a package exports, bundled, minified and gzipped; ours if none is named. */
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "vite";
import { report, task } from "../harness/child.mjs";

const library = fileURLToPath(new URL("../../packages/inkgrad/dist/index.js", import.meta.url));
const entry = "entry-of-all";
const source = `export * from ${JSON.stringify(task.name ?? library)};`;

const built = await build({
  configFile: false,
  logLevel: "silent",
  root: fileURLToPath(new URL("..", import.meta.url)),
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
const bytes = output.map(({ code, source }) => gzipSync(code ?? source).length);
report({ "": bytes.reduce((a, b) => a + b, 0) / 1000 }, { threads: 1 });
