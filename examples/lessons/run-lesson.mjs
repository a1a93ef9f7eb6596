// What all lessons end with: a lesson is run when its file is the one that was started.
import { mkdir, writeFile } from "node:fs/promises";
import { realpathSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

/** Is this the file that Node was started with? */
export function isMain(url) {
  const started = process.argv[1];
  return started !== undefined && realpathSync(started) === fileURLToPath(url);
}

/** Runs a lesson, at reduced size with `--small`; its plots go to ./lessons/<lesson>-<plot>.svg. */
export async function runLesson(lesson, url) {
  const name = basename(fileURLToPath(url), ".mjs");
  const folder = join(process.cwd(), "lessons");
  const written = [];
  await lesson({
    small: process.argv.includes("--small"),
    plot: async (title, svg) => {
      await mkdir(folder, { recursive: true });
      const path = join(folder, `${name}-${title}.svg`);
      await writeFile(path, svg);
      written.push(relative(process.cwd(), path));
    },
  });
  if (written.length > 0) console.log(`\nPlots: ${written.join(", ")}`);
}
