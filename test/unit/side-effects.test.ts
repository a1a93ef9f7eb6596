import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const library = fileURLToPath(new URL("../../packages/inkgrad", import.meta.url));

/** `sideEffects` tells bundlers which files are needed although nothing is imported from them. */
const { sideEffects, exports, bin } = JSON.parse(
  readFileSync(join(library, "package.json"), "utf8"),
) as {
  sideEffects: string[];
  exports: Record<string, { default?: string } | string>;
  bin: Record<string, string>;
};

it("package.json lists every file that is imported for what it does, and every entry", () => {
  // The command's file imports what is built, and nothing else.
  const commands = Object.values(bin);
  const called = commands.flatMap((path) =>
    Array.from(
      readFileSync(join(library, path), "utf8").matchAll(/^import "\.(.+)";$/gm),
      ([, to]) => to,
    ),
  );
  expect(called).toEqual(["./dist/cli/main.js"]);
  const entries = [...Object.values(exports), ...called]
    .map((entry) => (typeof entry === "string" ? entry : entry.default!))
    .filter((path) => path.endsWith(".js"))
    .map((path) => path.replace("./dist/", "").replace(".js", ""));
  const files = readdirSync(join(library, "src"), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => path.replaceAll("\\", "/"));
  const importedForEffect = files.flatMap((path) => {
    const source = readFileSync(join(library, "src", path), "utf8");
    return Array.from(source.matchAll(/^import "(\..+)\.js";$/gm), ([, specifier]) =>
      posix.join(posix.dirname(path), specifier),
    );
  });
  expect(importedForEffect).toContain("tensor/methods");
  const wanted = new Set([...entries, ...importedForEffect]);
  // The source besides what is built from it: the pages of the tests are made of it.
  const listed = [...wanted].flatMap((name) => [`./dist/${name}.js`, `./src/${name}.ts`]);
  expect([...sideEffects].sort()).toEqual([...listed, ...commands].sort());
});
