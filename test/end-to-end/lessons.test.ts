// No lesson escapes: each has claims that are checked, is explained, and is listed for readers.
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, it } from "vitest";
import { decisionClaims } from "../support/lesson-claims/decisions.js";
import { descentClaims } from "../support/lesson-claims/descent.js";
import { machineryClaims } from "../support/lesson-claims/machinery.js";
import { networkClaims } from "../support/lesson-claims/networks.js";
import { lessonFolder, lessonNames } from "../support/lessons.js";
import { temporaryFolder } from "../support/temporary-folder.js";

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

describe("a lesson that is started as a script", () => {
  const folder = temporaryFolder();
  const shared = JSON.stringify(pathToFileURL(`${lessonFolder}run-lesson.mjs`).href);
  const script = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const start = (path: string, ...args: string[]): string =>
    execFileSync(process.execPath, [path, ...args], { cwd: folder, encoding: "utf8" });
  const own = script(
    "two-dots.mjs",
    `import { isMain, runLesson } from ${shared};
    export async function lesson({ small, print = console.log, plot }) {
      print(small ? "little" : "much");
      await plot("dots", "<svg></svg>");
    }
    if (isMain(import.meta.url)) await runLesson(lesson, import.meta.url);`,
  );

  it("prints, and writes its plots into the working directory, and says where", () => {
    expect(start(own)).toBe("much\n\nPlots: lessons/two-dots-dots.svg\n");
    expect(readFileSync(join(folder, "lessons/two-dots-dots.svg"), "utf8")).toBe("<svg></svg>");
  });

  it("is small if asked", () => {
    expect(start(own, "--small")).toContain("little\n");
  });

  it("does nothing when another script imports it", () => {
    expect(start(script("other.mjs", 'import "./two-dots.mjs";'))).toBe("");
    expect(readdirSync(join(folder, "lessons"))).toEqual(["two-dots-dots.svg"]);
  });
});
