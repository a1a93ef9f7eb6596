import { describe, expect, test } from "vitest";
import { Generator } from "./generator.js";
import { evaluate } from "./table.js";

export interface Case {
  /** The rule with its arguments. */
  readonly type: string;
  /** The shape it shall give; throws where it shall refuse. */
  readonly run: () => readonly number[];
}
export type Make = (g: Generator) => Case;

const perRule = 120;

/**
 * Holds rules of the types against functions on generated cases: the same shape, or an error on
 * both sides.
 *
 * @param total  rules under which nothing that the generator makes is refused
 */
export function agree(name: string, rules: Record<string, Make>, total: string[] = []): void {
  const cases = Object.entries(rules).map(([rule, make], i) => {
    const g = new Generator(i + 1);
    return { rule, list: Array.from({ length: perRule }, () => make(g)) };
  });
  const imports = [
    `import type { ${Object.keys(rules).join(", ")} } from "@src/tensor/types/index.js";`,
    'import type { Because, Of } from "@src/tensor/types/index.js";',
    'type Outcome<R> = R extends { error: Because<string> } ? "refused" : Of<R>;',
  ].join(" ");
  const found = evaluate(
    name,
    cases.flatMap(({ list }) => list.map(({ type }) => `Outcome<${type}>`)),
    imports,
  );

  describe("a rule of the types says what the run time says", () => {
    test.each(cases.map((of, i) => ({ ...of, i })))("$rule", ({ rule, list, i }) => {
      const wanted = list.map(({ run }) => outcome(run));
      const inTypes = found.slice(i * perRule, (i + 1) * perRule);
      expect(list.map(({ type }, k) => `${type}: ${inTypes[k]}`)).toEqual(
        list.map(({ type }, k) => `${type}: ${wanted[k]}`),
      );
      // The generator varies: some cases are refused, most are not, and few are the same.
      const refused = wanted.filter((shape) => shape === "refused").length;
      if (total.includes(rule)) expect(refused).toBe(0);
      else expect(refused).toBeGreaterThan(4);
      expect(refused).toBeLessThan(0.75 * perRule);
      expect(new Set(list.map(({ type }) => type)).size).toBeGreaterThan(perRule / 3);
    });
  });
}

function outcome(run: () => readonly number[]): string {
  try {
    return `[${run().join(", ")}]`;
  } catch {
    return "refused";
  }
}
