import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = fileURLToPath(new URL("./packages/inkgrad/src/", import.meta.url));

export default defineConfig({
  resolve: {
    // The same names as `paths` in tsconfig.json: tests run the source, not the build.
    alias: [
      { find: /^inkgrad$/, replacement: `${source}index.ts` },
      { find: /^inkgrad\/(.+)$/, replacement: `${source}$1/index.ts` },
      { find: /^@src\/(.+)\.js$/, replacement: `${source}$1.ts` },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    setupFiles: ["test/support/property-seed.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
    coverage: {
      provider: "v8",
      include: ["packages/inkgrad/src/{base,ops,graph,grad}/**"],
      reporter: ["text", "html"],
      thresholds: { statements: 95 },
    },
  },
});
