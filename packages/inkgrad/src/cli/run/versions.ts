import { readFileSync } from "node:fs";

/** What a run was computed with. */
export function versions(): { readonly inkgrad: string; readonly node: string } {
  // The same two folders up from src/cli/run and from dist/cli/run.
  const text = readFileSync(new URL("../../../package.json", import.meta.url), "utf8");
  const { version } = JSON.parse(text) as { version: string };
  return { inkgrad: version, node: process.versions.node };
}
