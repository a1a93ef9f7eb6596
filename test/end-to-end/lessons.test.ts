// No lesson escapes: each has claims that are checked, is explained, and is listed for readers.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { decisionClaims } from "../support/lesson-claims/decisions.js";
import { descentClaims } from "../support/lesson-claims/descent.js";
import { machineryClaims } from "../support/lesson-claims/machinery.js";
import { networkClaims } from "../support/lesson-claims/networks.js";
import { lessonFolder, lessonNames } from "../support/lessons.js";

/** One list for each `lessons-*.test.ts`. */
const claims = [descentClaims, decisionClaims, machineryClaims, networkClaims];

const sourceOf = (name: string): string => readFileSync(`${lessonFolder}${name}.mjs`, "utf8");

describe("the folder of lessons", () => {
  it("has claims for every lesson, each once, and for nothing else", () => {
    expect(claims.flatMap((list) => Object.keys(list)).sort()).toEqual([...lessonNames].sort());
  });

  it("lists every lesson in its README once, and nothing else", () => {
    const readme = readFileSync(`${lessonFolder}README.md`, "utf8");
    const listed = [...readme.matchAll(/\]\((.+)\.mjs\): \S/g)].map(([, name]) => name);
    expect(listed.sort()).toEqual([...lessonNames].sort());
  });

  it.each(lessonNames)("%s begins with an explanation and can be started", (name) => {
    const lines = sourceOf(name).split("\n");
    const comment = lines.slice(
      0,
      lines.findIndex((line) => !line.startsWith("//")),
    );
    expect(comment.length).toBeGreaterThanOrEqual(6);
    expect(sourceOf(name)).toMatch(
      /\nif \(isMain\(import\.meta\.url\)\) await runLesson\(lesson, import\.meta\.url\);\n$/,
    );
  });
});
