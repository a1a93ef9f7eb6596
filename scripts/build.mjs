// Builds packages/inkgrad into its dist folder and records when.
import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join, sep } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const library = join(root, "packages/inkgrad");
const dist = join(library, "dist");

const compiler = join(root, "node_modules/typescript/bin/tsc");
if (!existsSync(compiler)) {
  console.error(`The TypeScript compiler is not installed. Run "npm ci" in ${root} first.`);
  process.exit(1);
}

// Taken before compiling: a file saved while the compiler runs then counts as newer.
const startedAt = new Date().toISOString();
const { status } = spawnSync(process.execPath, [compiler, "-p", library], { stdio: "inherit" });
if (status !== 0) {
  console.error("The build failed: the compiler's messages above say where.");
  process.exit(1);
}
removeOrphans();
for (const name of ["README.md", "LICENSE"]) copyFileSync(join(root, name), join(library, name));
writeFileSync(join(dist, ".build-stamp"), `${startedAt}\n`);

/** Removes built files whose source is gone, which the compiler leaves behind. */
function removeOrphans() {
  for (const entry of readdirSync(dist, { recursive: true, withFileTypes: true })) {
    const output = join(entry.parentPath ?? entry.path, entry.name);
    const stem = /^(.*?)(\.d)?\.(js|ts)(\.map)?$/.exec(output)?.[1];
    if (!entry.isFile() || stem === undefined) continue;
    const source = `${stem.replace(dist + sep, join(library, "src") + sep)}.ts`;
    if (!existsSync(source)) rmSync(output);
  }
}
