import { readFileSync } from "node:fs";

/** The rows of the table that follows `<!-- table: name -->` on a page of docs/, header first. */
export function tableOf(page: string, name: string): string[][] {
  const text = readFileSync(new URL(`../../docs/${page}`, import.meta.url), "utf8");
  const after = text.split(`<!-- table: ${name} -->`)[1];
  if (after === undefined) throw new Error(`docs/${page} has no table named ${name}`);
  const lines = after.trimStart().split("\n");
  const end = lines.findIndex((line) => !line.startsWith("|"));
  return lines
    .slice(0, end < 0 ? lines.length : end)
    .filter((line) => !/^[|\s:-]+$/.test(line))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.replaceAll("*", "").trim()),
    );
}
