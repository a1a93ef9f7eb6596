// Runs the examples of README.md and docs/*.md and checks the values they claim.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { moduleOf, tsBlocks } from "../support/doc-examples.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const generated = join(root, "test/.generated/docs");
rmSync(generated, { recursive: true, force: true });
mkdirSync(generated, { recursive: true });

const pages = ["README.md", ...markdownUnder("docs")];
const modules = pages.flatMap((page) => {
  const blocks = tsBlocks(readFileSync(join(root, page), "utf8"));
  if (blocks.length === 0) return [];
  const path = join(generated, `${page.replaceAll("/", "-").replace(/\.md$/, "")}.ts`);
  // On the first line, which a page never uses for code, so that line numbers agree.
  const start = 'import { claim, claimThrows } from "../../support/claims.js"; void claimThrows;';
  writeFileSync(path, `${start}${moduleOf(blocks).code}\n`);
  return [{ page, path }];
});

describe("the examples in the documentation", () => {
  it("are found", () => {
    expect(modules.map(({ page }) => page)).toContain("README.md");
  });

  it.each(modules)("of $page run and give the values that the page claims", async ({ path }) => {
    await import(/* @vite-ignore */ pathToFileURL(path).href);
  });

  it("pass the type checker", () => {
    const config = ts.readConfigFile(join(root, "tsconfig.json"), (path) => ts.sys.readFile(path));
    const { options } = ts.parseJsonConfigFileContent(
      { ...config.config, include: [], files: modules.map(({ path }) => path) },
      ts.sys,
      root,
    );
    const program = ts.createProgram(
      modules.map(({ path }) => path),
      { ...options, noUnusedLocals: false, noUnusedParameters: false },
    );
    const messages = modules
      .flatMap(({ path }) => ts.getPreEmitDiagnostics(program, program.getSourceFile(path)))
      .map((problem) => {
        const text = ts.flattenDiagnosticMessageText(problem.messageText, "\n");
        const place = problem.file?.getLineAndCharacterOfPosition(problem.start ?? 0).line;
        return `${problem.file?.fileName ?? ""}:${(place ?? 0) + 1}: ${text}`;
      });
    expect([...new Set(messages)]).toEqual([]);
  });
});

function markdownUnder(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`)
    .sort();
}
