// What all lessons share: a lesson is run when its file is started, and its figures are printed as a table.
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

/** Columns under their names: texts to the left, numbers (four digits, or as texts say) to the right. */
export function table(header, rows) {
  const cells = [header, ...rows.map((row) => row.map(shown))];
  const numeric = header.map((_, k) => rows.some((row) => typeof row[k] === "number"));
  const widths = header.map((_, k) => Math.max(...cells.map((row) => row[k].length)));
  const line = (row) =>
    row.map((c, k) => (numeric[k] ? c.padStart(widths[k]) : c.padEnd(widths[k]))).join("  ");
  return cells.map((row) => line(row).trimEnd()).join("\n");
}

/** A number with four digits; tiny and huge ones with an exponent. */
export function shown(value) {
  if (typeof value !== "number") return String(value);
  if (!Number.isFinite(value) || Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  if (size < 1e-4 || size >= 1e6) return value.toExponential(2);
  return size >= 1000 ? value.toFixed(1) : Number(value.toPrecision(4)).toString();
}
