import { describe, expect, it } from "vitest";
import * as inkgrad from "inkgrad";
import * as errors from "@src/base/errors.js";

const classes = Object.entries(errors) as [string, new (message: string) => Error][];

describe("every error of the library", () => {
  for (const [name, Class] of classes)
    it(`${name} has its own name, and is an InkgradError and an Error`, () => {
      const error = new Class("what was expected, what came, what to do");
      expect(error.name).toBe(name);
      expect(error).toBeInstanceOf(errors.InkgradError);
      expect(error).toBeInstanceOf(Error);
      expect(String(error)).toMatch(new RegExp(`^${name}: what was expected`));
      expect(error.stack).toMatch(new RegExp(`^${name}: what was expected`));
      expect(error.stack).toContain("errors.test");
      expect((inkgrad as unknown as Record<string, unknown>)[name]).toBe(Class);
    });

  it("carries its cause", () => {
    const cause = new Error("deeper");
    expect(new errors.ShapeError("above", { cause }).cause).toBe(cause);
  });

  it("that is a defect of the library asks for a report", () => {
    expect(new errors.InternalError("no layout").message).toMatch(/^no layout\. This is a defect/);
  });
});
