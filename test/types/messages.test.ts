import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { compile, expectations, fixture } from "./compile.js";

const names = readdirSync(new URL("./fixtures/", import.meta.url)).filter((f) => f.endsWith(".ts"));
const files = names.map(fixture);
const compiled = compile(files);
const isWrong = (name: string): boolean => name.startsWith("wrong");

describe.each(names.filter(isWrong))(
  "mistakes are type errors that say what is wrong: %s",
  (name) => {
    const wrong = fixture(name);
    const said = compiled.said(wrong);
    const expected = expectations(wrong);

    test.each(expected)("line $line: $sentence", ({ line, sentence }) => {
      const here = said.filter((d) => d.line === line).map((d) => d.text);
      expect(here.join("\n")).toContain(sentence);
      expect(here, "one mistake, one message").toHaveLength(1);
    });

    test("and nothing else is an error", () => {
      const lines = new Set(expected.map(({ line }) => line));
      expect(said.filter(({ line }) => !lines.has(line))).toEqual([]);
    });

    test("families of rules are there", () => {
      expect(expected.length).toBeGreaterThan(name === "wrong.ts" ? 80 : 3);
    });
  },
);

describe("right programs have exactly the types they should", () => {
  test.each(names.filter((name) => !isWrong(name)))("%s", (name) => {
    expect(compiled.said(fixture(name))).toEqual([]);
  });
});

test("the library's own types compile", () => {
  const own = compiled.program
    .getSourceFiles()
    .map(({ fileName }) => fileName)
    .filter((file) => file.includes("/tensor/types/"));
  expect(own.length).toBeGreaterThan(15);
  expect(own.flatMap((file) => compiled.said(file))).toEqual([]);
});
