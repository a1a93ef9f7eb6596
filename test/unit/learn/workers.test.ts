import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const outDir = mkdtempSync(join(tmpdir(), "inkgrad-workers-"));
const run = promisify(execFile);

beforeAll(async () => {
  // Workers need the library as files that Node can load: the build has them, the source has not.
  await build({
    root,
    configFile: `${root}vitest.config.ts`,
    logLevel: "error",
    build: {
      ssr: true,
      outDir,
      emptyOutDir: false,
      target: "node20",
      minify: false,
      rolldownOptions: {
        input: {
          child: `${root}test/support/cross-validation-child.ts`,
          "cross-validation-worker": `${root}packages/inkgrad/src/learn/selection/cross-validation-worker.ts`,
        },
        output: { entryFileNames: "[name].js", chunkFileNames: "[name].js" },
      },
    },
  });
  writeFileSync(join(outDir, "package.json"), '{"type":"module"}');
});

afterAll(() => {
  rmSync(outDir, { recursive: true, force: true });
});

describe("cross-validation on several threads", () => {
  it("gives the bits and the errors of one thread, and lets the script end", async () => {
    const { stdout } = await run("node", ["child.js"], { cwd: outDir, timeout: 50_000 });
    expect(JSON.parse(stdout)).toEqual({
      startedByOne: 0,
      startedByThree: 3,
      same: true,
      samePredicted: true,
      // Of functions and estimators of one's own nothing can be sent.
      startedForFunctions: 0,
      error: expect.stringMatching(/^true: gridSearch: fold 0 with { C: -1 }: /) as string,
      sameError: true,
    });
  });
});
