import { describe, expect, it } from "vitest";
import { claim, claimThrows } from "../support/claims.js";
import { agrees, moduleOf, shown, tsBlocks } from "../support/doc-examples.js";

const page = (...lines: string[]) => lines.join("\n");

describe("the blocks of a page", () => {
  it("are those marked ts, without those marked no-run or another language", () => {
    const text = page(
      "# T",
      "```ts",
      "a;",
      "```",
      "```ts no-run",
      "b;",
      "```",
      "```sh",
      "c",
      "```",
    );
    expect(tsBlocks(text)).toEqual([{ start: 2, lines: ["a;"] }]);
  });

  it("must be closed", () => {
    expect(() => tsBlocks(page("```ts", "a;"))).toThrow("never closed");
  });
});

describe("the module of a page", () => {
  const code = (...lines: string[]) => moduleOf([{ start: 0, lines }]).code;

  it("keeps the line numbers of the page", () => {
    const { code } = moduleOf(
      tsBlocks(page("# T", "```ts", "a();", "```", "", "```ts", "b();", "```")),
    );
    expect(code).toBe("\n\na();\n\n\n\nb();");
  });

  it("turns a claim after an expression into a check", () => {
    expect(code("1 + 1; // → 2")).toBe('await claim((1 + 1), "2", 1); // → 2');
  });

  it("turns a claim after a const into a check, also of a pattern and over several lines", () => {
    expect(code("const a = f(", "  1,", "); // → 2")).toContain('; await claim(a, "2", 3);');
    expect(code("const [a, b] = f(); // → [1, 2]")).toContain(
      '; await claim([a, b], "[1, 2]", 1);',
    );
  });

  it("takes two spaces and brackets for a remark", () => {
    expect(code("f(); // → [1, 2]  (one and two)")).toContain('await claim((f()), "[1, 2]", 1)');
  });

  it("leaves other comments alone", () => {
    expect(code("f(); // 3", "// → 3", "f();")).toBe("f(); // 3\n// → 3\nf();");
  });

  it("turns a claimed error into a check", () => {
    expect(code("f(); // → throws ShapeError")).toContain(
      'await claimThrows(() => (f()), "ShapeError", 1);',
    );
  });

  it("imports a name once", () => {
    const text = code('import { a } from "x";', 'import { a, b } from "x";', "a(b);");
    expect(text).toBe('import { a } from "x";\nimport { b } from "x";\na(b);');
  });

  it("refuses a claim that it cannot check", () => {
    expect(() => code("const a = 1, b = 2; // → 1")).toThrow("line 1");
    expect(() => code("function f() {} // → 1")).toThrow("line 1");
  });
});

describe("values in claims", () => {
  it("are shown as lists, with tensors as their values", () => {
    const tensor = {
      toArray: () => [
        [1, 2.5],
        [NaN, -Infinity],
      ],
    };
    expect(shown(tensor)).toBe("[[1, 2.5], [NaN, -Infinity]]");
    expect(shown(new Float32Array([1, 2]))).toBe("[1, 2]");
    expect(shown({ a: "x", b: [true, null, undefined] })).toBe(
      '{ a: "x", b: [true, null, undefined] }',
    );
  });

  it("agree when the printed decimals do", () => {
    expect(agrees("[2.5838531634528574, 2]", "[2.58385, 2]")).toBe(true);
    expect(agrees("2.5838531634528574", "2.5839")).toBe(true);
    expect(agrees("2.5838531634528574", "2.5838")).toBe(false);
    expect(agrees("2.5838531634528574", "2.58386")).toBe(false);
    expect(agrees("1.1920929e-7", "1.19e-7")).toBe(true);
    expect(agrees("1.1920929e-7", "1.20e-7")).toBe(false);
    expect(agrees("7.0000005", "7")).toBe(true);
    expect(agrees("7.4", "7")).toBe(false);
    expect(agrees("-7", "7")).toBe(false);
    expect(agrees("NaN", "0")).toBe(false);
  });

  it("agree in structure, whatever the spaces", () => {
    expect(agrees("[[1, 2], [3, 4]]", "[[1,2],[3,4]]")).toBe(true);
    expect(agrees("[[1, 2], [3, 4]]", "[1, 2, 3, 4]")).toBe(false);
    expect(agrees("[1, 2, 3]", "[1, 2]")).toBe(false);
    expect(agrees("[1, 2, 3]", "[1, …")).toBe(true);
    expect(agrees("[2, 2, 3]", "[1, …")).toBe(false);
    expect(agrees('"two words"', "two words")).toBe(true);
    expect(agrees('"two words"', '"two words"')).toBe(true);
  });

  it("fail with the line, the claim and the value", async () => {
    await expect(claim(Promise.resolve([1, 2]), "[1, 2]", 7)).resolves.toBeUndefined();
    await expect(claim([1, 2], "[1, 3]", 7)).rejects.toThrow(
      "line 7: the page says [1, 3], the value is [1, 2]",
    );
  });

  it("check that what is said to throw does", async () => {
    const fail = () => {
      throw new TypeError("sizes 2 and 3 differ");
    };
    await expect(claimThrows(fail, "TypeError: sizes", 1)).resolves.toBeUndefined();
    await expect(claimThrows(fail, "ShapeError", 1)).rejects.toThrow("but it threw TypeError");
    await expect(claimThrows(() => 1, "ShapeError", 1)).rejects.toThrow("it does not");
  });
});
