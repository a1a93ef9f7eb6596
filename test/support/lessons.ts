import { readdirSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";

/** The scripts under examples/lessons. */

export const lessonFolder = fileURLToPath(new URL("../../examples/lessons/", import.meta.url));

/** Their names; what they share is no lesson. */
export const lessonNames = readdirSync(lessonFolder)
  .filter((file) => file.endsWith(".mjs") && file !== "run-lesson.mjs")
  .map((file) => file.slice(0, -".mjs".length));

/** What must hold of the figures that each lesson returns at reduced size. */
export type Claims = Readonly<Record<string, (figures: any) => void>>;

interface Options {
  readonly small: boolean;
  readonly print: (text: unknown) => void;
  readonly plot: (name: string, svg: string) => Promise<void>;
}

/** Runs each lesson at reduced size and checks its claims, that it printed, and its plots. */
export function checkLessons(title: string, claims: Claims): void {
  describe(title, () => {
    it.each(Object.keys(claims))("%s shows what it claims", async (name) => {
      const { lesson } = (await import(
        /* @vite-ignore */ pathToFileURL(`${lessonFolder}${name}.mjs`).href
      )) as { lesson: (options: Options) => Promise<unknown> };
      const lines: string[] = [];
      const plots = new Map<string, string>();
      const figures = await lesson({
        small: true,
        print: (text) => void lines.push(...String(text).split("\n")),
        plot: async (plot, svg) => {
          expect(plots.has(plot), `${plot} is drawn twice`).toBe(false);
          plots.set(plot, svg);
        },
      });
      claims[name](figures);
      // A sentence first, then figures.
      expect(lines[0]).toMatch(/^[A-Z].*\.$/);
      expect(lines.length).toBeGreaterThan(3);
      expect(lines.join("\n")).not.toMatch(/undefined|NaN|\[object/);
      for (const [plot, svg] of plots) {
        expect(plot).toMatch(/^[a-z0-9-]+$/);
        expect(svg).toMatch(/^<svg[^]*<\/svg>$/);
        expect(svg).toMatch(/aria-label="[^"]{10,}"/);
        expect(svg).not.toContain("NaN");
      }
    });
  });
}
